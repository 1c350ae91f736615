// `astrolabe doctor` over real folders, a real server and upstreams that answer in every way that matters.

import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { readConfig } from "../server/config.ts";
import { runCli } from "../server/cli/run-cli.ts";
import { arrayAt, isObject, parseObject, stringAt } from "../server/contracts/json.ts";
import { startServer, temporaryDirectory, type ServerProcess } from "./support/server-process.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let server: ServerProcess | undefined;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(async () => {
  await server?.end();
  directory.remove();
});

/** What it finds, as `about: state`, the whole text, and the exit code. */
async function doctor(environment: Record<string, string> = {}, ...words: readonly string[]) {
  const printed: string[] = [];
  const out = {
    info: (line: string) => printed.push(line),
    error: (line: string) => printed.push(line),
    write: async (text: string) => void printed.push(text),
  };
  // Nothing listens on port 9 of this machine.
  const settings = { ASTROLABE_DATA_DIR: join(directory.path, "data"), PORT: "9", ...environment };
  const code = await runCli(["doctor", "--json", ...words], { environment: settings, readSettings: readConfig, out });
  const text = printed.join("\n");
  const findings = (arrayAt(parseObject(text) ?? {}, "findings") ?? []).filter(isObject);
  const states = findings.map((finding) => `${stringAt(finding, "about")}: ${stringAt(finding, "state")}`);
  return { code, text, states };
}

test("finds nothing wrong with a server that runs, but that the sandbox answers", async () => {
  const dataDir = join(directory.path, "data");
  server = await startServer(dataDir);
  const { code, states } = await doctor({}, "--url", server.url);
  expect(code).toBe(0);
  expect(states).toEqual([
    "settings: ok",
    "data folder: ok",
    "master secret: ok",
    "disk: ok",
    "database: ok",
    "server: ok",
    "upstreams: warning",
  ]);
});

test("tells of a folder and a secret that others can read, and of a database that is none", async () => {
  const dataDir = join(directory.path, "data");
  server = await startServer(dataDir);
  await server.end();
  chmodSync(dataDir, 0o755);
  chmodSync(join(dataDir, "master.key"), 0o644);
  const open = await doctor();
  expect(open.states).toContain("data folder: warning");
  expect(open.states).toContain("master secret: warning");
  expect(open.states).toContain("server: warning");
  expect(open.text).toContain(`chmod 600 ${join(dataDir, "master.key")}`);
  const sqlite = new Database(join(dataDir, "astrolabe.sqlite"));
  sqlite.run("DROP TABLE price_lists");
  sqlite.close();
  const broken = await doctor();
  expect(broken.code).toBe(1);
  expect(broken.states).toContain("database: problem");
});

test("asks every upstream, shows no key, and knows a refused key from one that cannot be reached", async () => {
  const answers: { readonly [path: string]: () => Response } = {
    "/good/models": () => Response.json({ data: [] }),
    "/closed/models": () => new Response("no", { status: 401 }),
    "/google/v1beta/models": () => new Response("{}", { status: 400 }),
    "/azure/openai/v1/models": () => Response.json({ data: [] }),
    "/bare/models": () => new Response("what", { status: 404 }),
    "/late/models": () => new Response("{}", { headers: { date: new Date(Date.now() - 600_000).toUTCString() } }),
  };
  const seen: (string | null)[] = [];
  await using upstream = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const names = ["authorization", "x-api-key", "x-goog-api-key", "api-key"];
      seen.push(names.map((name) => request.headers.get(name)).find((value) => value !== null) ?? null);
      return answers[new URL(request.url).pathname]?.() ?? new Response("", { status: 500 });
    },
  });
  const at = (path: string): string => `http://127.0.0.1:${upstream.port}/${path}`;
  const { code, text, states } = await doctor({
    ANTHROPIC_API_KEY: "secret-of-anthropic",
    ANTHROPIC_BASE_URL: at("broken"),
    OPENAI_API_KEY: "secret-of-openai",
    OPENAI_BASE_URL: at("closed"),
    GEMINI_API_KEY: "secret-of-google",
    GEMINI_BASE_URL: at("google"),
    AZURE_OPENAI_API_KEY: "secret-of-azure",
    AZURE_OPENAI_ENDPOINT: at("azure"),
    AZURE_OPENAI_DEPLOYMENTS: "openai/gpt-5.4=one",
    ASTROLABE_UPSTREAMS: "good,bare,late,gone",
    GOOD_API_KEY: "secret-of-good",
    GOOD_BASE_URL: at("good"),
    BARE_BASE_URL: at("bare"),
    LATE_BASE_URL: at("late"),
    GONE_BASE_URL: "http://127.0.0.1:9/v1",
  });
  expect(code).toBe(1);
  expect(states.filter((state) => /upstream|clock/.test(state))).toEqual([
    "upstream openai: problem",
    "upstream anthropic: problem",
    "upstream gemini: problem",
    "upstream azure-openai: ok",
    "upstream good: ok",
    "upstream bare: warning",
    "upstream late: ok",
    "clock: warning",
    "upstream gone: problem",
  ]);
  expect(text).toContain("does not take the key (401)");
  expect(text).toContain("does not take the key (400)");
  expect(text).not.toContain("secret-of");
  expect(seen.toSorted()).toEqual([
    "Bearer secret-of-good",
    "Bearer secret-of-openai",
    null,
    null,
    "secret-of-anthropic",
    "secret-of-azure",
    "secret-of-google",
  ]);
});

test("names the variable that is not understood, and warns of addresses that others cannot use safely", async () => {
  const wrong = await doctor({ ASTROLABE_RATE_LIMIT_PER_MINUTE: "many" });
  expect([wrong.code, wrong.states]).toEqual([1, ["settings: problem"]]);
  expect(wrong.text).toContain("ASTROLABE_RATE_LIMIT_PER_MINUTE");
  expect((await doctor({ HOST: "0.0.0.0" })).states).toContain("address: warning");
  expect((await doctor({ ASTROLABE_PUBLIC_URL: "http://gateway.example.com" })).states).toContain("address: warning");
  expect((await doctor({ ASTROLABE_PUBLIC_URL: "https://gateway.example.com" })).states).toContain("address: ok");
});
