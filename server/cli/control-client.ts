// Talks to the running server's control API as its operator.

import { errorBodySchema } from "../contracts/control.ts";
import { arrayAt, isObject, parseObject, stringAt, type Json, type JsonObject } from "../contracts/json.ts";
import { operatorToken } from "../keys/operator-token.ts";
import { readMasterSecret } from "../keys/master-secret.ts";

const answerWithinMs = 30_000;

/** Variables of the process. */
export type CliEnvironment = { readonly [name: string]: string | undefined };

/** Why a command cannot go on, in words for the person who typed it. */
export class CliFailure extends Error {
  override readonly name = "CliFailure";
}

export type ControlClientOptions = {
  /** Where the server answers, without a slash at the end. */
  readonly baseUrl: string;
  readonly token: string;
};

export class ControlClient {
  readonly #options: ControlClientOptions;

  constructor(options: ControlClientOptions) {
    this.#options = options;
  }

  /** @throws CliFailure when the server cannot be reached or refuses, with its own words. */
  async call(method: "GET" | "POST" | "PATCH", path: string, body?: Json): Promise<JsonObject> {
    const response = await this.#send(method, path, body);
    const answer = parseObject(await response.text());
    if (response.ok && answer !== undefined) return answer;
    const refusal = errorBodySchema.safeParse(answer);
    if (!refusal.success) {
      throw new CliFailure(`${this.#options.baseUrl} answered ${response.status}, but is not an Astrolabe server.`);
    }
    const { message, requestId } = refusal.data.error;
    if (response.status === 401) {
      throw new CliFailure(`The server does not accept this token: it uses another data directory or master key.`);
    }
    throw new CliFailure(response.status >= 500 ? `${message} (${requestId})` : message);
  }

  async #send(method: string, path: string, body: Json | undefined): Promise<Response> {
    const { baseUrl, token } = this.#options;
    try {
      return await fetch(`${baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        signal: AbortSignal.timeout(answerWithinMs),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      const timedOut = cause instanceof Error && cause.name === "TimeoutError";
      const problem = timedOut ? "does not answer in time" : "does not answer. Is it running? Start it with: npm start";
      throw new CliFailure(`The server at ${baseUrl} ${problem}`, { cause });
    }
  }
}

/** Every item of a paginated list, at most 10,000. @throws CliFailure */
export async function readAll(client: ControlClient, path: string): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  let cursor: string | undefined;
  for (let round = 0; round < 50; round++) {
    const answer = await client.call(
      "GET",
      `${path}?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
    );
    items.push(...(arrayAt(answer, "data") ?? []).filter((item) => isObject(item)));
    cursor = stringAt(answer, "next_cursor");
    if (cursor === undefined) return items;
  }
  return items;
}

/** The operator token of a data directory. @throws CliFailure when there is no master secret yet, or none to read */
export function tokenOf(dataDir: string, environment: CliEnvironment): string {
  const fromEnvironment = environment["ASTROLABE_MASTER_KEY"];
  const master = readMasterSecret({ dataDir, fromEnvironment });
  if (master !== undefined) return operatorToken(master);
  throw new CliFailure(`There is no master secret in ${dataDir}: start the server once, or name its --data-dir.`);
}

/** Where a server started in this environment can be reached from the same machine. */
export function serverUrl(environment: CliEnvironment): string {
  const host = environment["HOST"] || "127.0.0.1";
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${environment["PORT"] || "8787"}`;
}
