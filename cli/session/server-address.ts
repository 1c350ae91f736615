// Which server is meant, and its address in one spelling.

import type { Environment } from "../context.ts";
import { usageProblem } from "../problem.ts";

const ownMachine = "http://127.0.0.1:8787";

/**
 * The address without a slash at the end.
 * @param given by --server.
 * @param current the server that was signed in to last.
 * @throws Problem usage for what is no address
 */
export function serverAddress(
  given: string | undefined,
  environment: Environment,
  current: string | undefined,
): string {
  const [value, origin] =
    given !== undefined
      ? [given, "--server"]
      : environment["ASTRO_SERVER_URL"]
        ? [environment["ASTRO_SERVER_URL"], "ASTRO_SERVER_URL"]
        : [current ?? ownMachine, "credentials.json"];
  const url = URL.parse(
    /^[\w.-]+(?::\d+)?(?:\/|$)/.test(value) && !/^https?:/i.test(value) ? `https://${value}` : value,
  );
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw usageProblem(
      `"${value}" of ${origin} is not the address of a server.`,
      "Give one such as https://gateway.example.com.",
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** Whether nobody on the way can read what is sent there. */
export function isPrivate(server: string): boolean {
  const { protocol, hostname } = new URL(server);
  return (
    protocol === "https:" || /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname) || hostname.endsWith(".localhost")
  );
}
