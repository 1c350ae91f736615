import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressText, engineAddresses, type EnginePlace } from "./engine-address.ts";
import { connectEngine } from "./engine.ts";
import { registryCredentials } from "./registry-credentials.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "astrolabe-home-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const place = (environment: Record<string, string> = {}): EnginePlace => ({
  environment: { XDG_RUNTIME_DIR: join(home, "run"), ...environment },
  home,
  userId: 1000,
  platform: "linux",
});
const texts = (environment: Record<string, string>): string[] => engineAddresses(place(environment)).map(addressText);

describe("the engine's address", () => {
  test("is the one that was asked for", () => {
    expect(texts({ DOCKER_HOST: "unix:///tmp/x.sock" })).toEqual(["unix:///tmp/x.sock"]);
    expect(texts({ DOCKER_HOST: "tcp://10.0.0.5" })).toEqual(["tcp://10.0.0.5:2375"]);
    expect(texts({ DOCKER_HOST: "tcp://10.0.0.5", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/c" })).toEqual([
      "tcp://10.0.0.5:2376",
    ]);
  });

  test("over SSH, or written wrongly, is refused with what to do", () => {
    expect(() => texts({ DOCKER_HOST: "ssh://me@host" })).toThrow("cannot be reached by ssh://me@host");
    expect(() => texts({ DOCKER_HOST: "nonsense" })).toThrow("not an address");
  });

  test("is taken from the docker program's context", () => {
    const digest = createHash("sha256").update("colima").digest("hex");
    const folder = join(home, ".docker", "contexts", "meta", digest);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(home, ".docker", "config.json"), JSON.stringify({ currentContext: "colima" }));
    writeFileSync(join(folder, "meta.json"), JSON.stringify({ Endpoints: { docker: { Host: "unix:///c.sock" } } }));
    expect(texts({})).toEqual(["unix:///c.sock"]);
    expect(texts({ DOCKER_CONTEXT: "default" })).not.toContain("unix:///c.sock");
    rmSync(join(home, ".docker"), { recursive: true });
  });

  test("of a user's own Podman is found by its socket", () => {
    const socket = join(home, "run", "podman", "podman.sock");
    mkdirSync(join(home, "run", "podman"), { recursive: true });
    writeFileSync(socket, "");
    expect(texts({})).toContain(`unix://${socket}`);
  });

  test("where nothing listens is said, with the way out", async () => {
    const connecting = connectEngine(place({ DOCKER_HOST: "unix:///nowhere/docker.sock" }));
    expect(connecting).rejects.toMatchObject({
      code: "unavailable",
      message: "No container engine answers (unix:///nowhere/docker.sock: nothing listens).",
      hint: expect.stringContaining("Start Docker"),
    });
    await connecting.catch(() => undefined);
  });
});

describe("credentials of a registry", () => {
  const settings = {
    auths: { "ghcr.io": { auth: btoa("ada:pass:word") }, "https://index.docker.io/v1/": { auth: btoa("hub:secret") } },
    credHelpers: { "helped.example.com": "not-installed-anywhere" },
  };

  test("come from the docker program's settings, by the image's name", async () => {
    mkdirSync(join(home, "config"));
    writeFileSync(join(home, "config", "config.json"), JSON.stringify(settings));
    const known = place({ DOCKER_CONFIG: join(home, "config") });
    expect(await registryCredentials(known, "ghcr.io/ada/agent:1")).toMatchObject({
      username: "ada",
      password: "pass:word",
    });
    expect(await registryCredentials(known, "redis:7")).toMatchObject({ username: "hub" });
    expect(await registryCredentials(known, "helped.example.com/x")).toBeUndefined();
    expect(await registryCredentials(known, "other.example.com/x")).toBeUndefined();
    expect(await registryCredentials(place(), "ghcr.io/ada/agent:1")).toBeUndefined();
  });
});
