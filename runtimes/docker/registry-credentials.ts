// Credentials for a registry, out of the `docker` program's settings: kept in the file, or asked from its credential helper.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../server/contracts/json.ts";
import type { EnginePlace } from "./engine-address.ts";
import { registryOf } from "./find-image.ts";

/** As the engine's API takes it. */
export type RegistryCredentials = {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
  /** Instead of name and password. */
  readonly identitytoken?: string;
};

const dockerHub = "https://index.docker.io/v1/";
const helperMs = 10_000;

const settings = z.looseObject({
  auths: z
    .record(z.string(), z.looseObject({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).default({}),
});

const helperAnswer = z.looseObject({ Username: z.string(), Secret: z.string() });

/** Credentials of the registry that the image is in; undefined when there are none. */
export async function registryCredentials(place: EnginePlace, image: string): Promise<RegistryCredentials | undefined> {
  const registry = registryOf(image) ?? dockerHub;
  const known = readSettings(place);
  if (known === undefined) return undefined;
  const helper = known.credHelpers[registry] ?? known.credsStore;
  const asked = helper === undefined ? undefined : await askHelper(helper, registry, place);
  return asked ?? storedCredentials(known, registry);
}

/**
 * What an engine has to be told to push to a registry on this machine, which speaks plain HTTP: Docker knows by itself,
 * Podman does not.
 */
export function plainHttp(flavour: "docker" | "podman", image: string): { readonly tlsVerify?: "false" } {
  const host = (registryOf(image) ?? "").replace(/:\d+$/, "");
  return flavour === "podman" && (host === "localhost" || host.startsWith("127.")) ? { tlsVerify: "false" } : {};
}

function readSettings({ environment, home }: EnginePlace): z.infer<typeof settings> | undefined {
  const folder = environment["DOCKER_CONFIG"] ?? join(home, ".docker");
  try {
    return settings.parse(parseJson(readFileSync(join(folder, "config.json"), "utf8")));
  } catch {
    return undefined;
  }
}

function storedCredentials(known: z.infer<typeof settings>, registry: string): RegistryCredentials | undefined {
  const entry = known.auths[registry] ?? known.auths[`https://${registry}`] ?? known.auths[`https://${registry}/v1/`];
  if (entry === undefined) return undefined;
  const [username = "", ...password] = Buffer.from(entry.auth ?? "", "base64")
    .toString("utf8")
    .split(":");
  if (entry.identitytoken === undefined && username === "") return undefined;
  return {
    username,
    password: password.join(":"),
    serveraddress: registry,
    ...(entry.identitytoken === undefined ? {} : { identitytoken: entry.identitytoken }),
  };
}

/** Undefined when the helper is not installed or knows nothing. */
async function askHelper(
  helper: string,
  registry: string,
  place: EnginePlace,
): Promise<RegistryCredentials | undefined> {
  if (!/^[\w-]+$/.test(helper)) return undefined;
  try {
    const child = Bun.spawn([`docker-credential-${helper}`, "get"], {
      stdin: Buffer.from(registry),
      stderr: "ignore",
      env: { ...place.environment },
      signal: AbortSignal.timeout(helperMs),
    });
    const text = await new Response(child.stdout).text();
    if ((await child.exited) !== 0) return undefined;
    const { Username: username, Secret: secret } = helperAnswer.parse(parseJson(text));
    return username === "<token>"
      ? { username: "", password: "", serveraddress: registry, identitytoken: secret }
      : { username, password: secret, serveraddress: registry };
  } catch {
    return undefined;
  }
}
