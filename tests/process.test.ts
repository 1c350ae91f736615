// The program as its operator meets it: first start, later starts, refusals to start, and the commands beside the server.

import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newId } from "../server/contracts/ids.ts";
import { isObject, objectAt, parseObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { guaranteedHeaders } from "./support/guaranteed-headers.ts";
import {
  ask,
  read,
  runProgram,
  startServer,
  temporaryDirectory,
  type ServerProcess,
} from "./support/server-process.ts";

// Each start is a process of its own, which takes its time on a busy machine.
setDefaultTimeout(20_000);

describe("the first start", () => {
  const directory = temporaryDirectory();
  const dataDir = join(directory.path, "data");
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer(dataDir);
  });
  afterAll(async () => {
    await server.end();
    directory.remove();
  });

  test("prints the console, the API and each key once outside the curl line", () => {
    const printed = server.stdout();
    expect(printed).toContain(`console   ${server.url}/\n`);
    expect(printed).toContain(`API       ${server.url}/v1\n`);
    expect(server.liveKey).toMatch(/^astrolabe_live_[0-9A-Za-z]{38}$/);
    expect(server.testKey).toMatch(/^astrolabe_test_[0-9A-Za-z]{38}$/);
    expect(printed.split(server.liveKey)).toHaveLength(3);
    expect(printed.split(server.testKey)).toHaveLength(2);
    expect(server.stderr()).toBe("");
  });

  test("is ready within a second of the process's start", () => {
    process.stdout.write(`    ready after ${Math.round(server.readyAfterMs)} ms\n`);
    // Three times the aim, because machines that run tests are shared.
    expect(server.readyAfterMs).toBeLessThan(3_000);
  });

  test("prints a curl command that works as it stands", async () => {
    const command = /^curl [^]*?'$/m.exec(server.stdout())?.[0] ?? "";
    const curl = Bun.spawn(["bash", "-c", `${command} --silent --include`], { stdout: "pipe" });
    const printed = (await new Response(curl.stdout).text()).replaceAll("\r", "");
    expect(await curl.exited).toBe(0);
    const [head = "", body = ""] = printed.split("\n\n");
    expect(head).toStartWith("HTTP/1.1 200");
    const names = head.split("\n").map((line) => line.split(":")[0]?.toLowerCase());
    for (const name of guaranteedHeaders) expect(names).toContain(name);
    expect(parseObject(body)).toMatchObject({ object: "response", status: "completed" });
  });

  test("names the address it really has on the console's page", async () => {
    const page = await (await fetch(server.url)).text();
    expect(page).toContain(`name="astrolabe-address" content="${server.url}"`);
  });

  test("keeps the master key, one SQLite database and its lock in a directory of its own, and nothing else", () => {
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect(mode(dataDir)).toBe("700");
    expect(mode(join(dataDir, "master.key"))).toBe("600");
    const files = readdirSync(dataDir).sort();
    expect(files.filter((name) => !/-(wal|shm)$/.test(name))).toEqual([
      "astrolabe.sqlite",
      "master.key",
      "serving.lock",
    ]);
    expect(statSync(join(dataDir, "serving.lock")).size).toBe(0);
    expect(readFileSync(join(dataDir, "astrolabe.sqlite")).subarray(0, 15).toString()).toBe("SQLite format 3");
  });

  test("is over after it happened: the second start prints no secret and changes nothing", async () => {
    const before = {
      key: server.liveKey,
      testKey: server.testKey,
      credits: await read(server, "/v1/credits", server.liveKey),
      models: await read(server, "/v1/models", server.liveKey),
      workspace: (await ask(server, server.testKey)).headers.get("x-astrolabe-cloud-workspace"),
    };
    server.signal("SIGTERM");
    expect(await server.exited).toBe(0);
    server = await startServer(dataDir);
    expect(server.stdout() + server.stderr()).not.toMatch(/astrolabe_(live|test|operator)_|token=/);
    expect(server.stdout()).toContain("npx astrolabe owner-link");
    expect(await read(server, "/v1/credits", before.key)).toEqual(before.credits);
    expect(await read(server, "/v1/models", before.key)).toEqual(before.models);
    const again = await ask(server, before.testKey);
    expect([again.status, again.headers.get("x-astrolabe-cloud-workspace")]).toEqual([200, before.workspace]);
  });
});

describe("a headless first start", () => {
  test("uses the values it is given, and later starts ignore them", async () => {
    const directory = temporaryDirectory();
    const generated = async (mode: string): Promise<string> =>
      (await runProgram(["keys", "generate", "--mode", mode])).stdout.trim();
    const [liveKey, testKey] = await Promise.all([generated("live"), generated("test")]);
    const initial = {
      ASTROLABE_INIT_API_KEY: liveKey,
      ASTROLABE_INIT_TEST_KEY: testKey,
      ASTROLABE_INIT_OWNER_EMAIL: "ada@example.com",
      ASTROLABE_INIT_CREDITS_USD: "12.5",
    };
    try {
      const server = await startServer(directory.path, initial);
      const credits = { balance_usd: "12.500000000000", held_usd: "0.000000000000" };
      expect(await read(server, "/v1/credits", liveKey)).toMatchObject(credits);
      expect((await ask(server, testKey)).status).toBe(200);
      // Whoever gave them has them; logs are kept by others.
      for (const key of [liveKey, testKey]) expect(server.stdout() + server.stderr()).not.toContain(key);
      expect(server.stdout()).toContain("Bearer $ASTROLABE_INIT_API_KEY");
      server.signal("SIGTERM");
      expect(await server.exited).toBe(0);
      const database = new Database(join(directory.path, "astrolabe.sqlite"), { readonly: true });
      expect(database.query("SELECT email FROM users").all()).toEqual([{ email: "ada@example.com" }]);
      database.close();

      const later = await startServer(directory.path, { ...initial, ASTROLABE_INIT_CREDITS_USD: "99" });
      expect(await read(later, "/v1/credits", liveKey)).toMatchObject(credits);
      expect(later.stdout() + later.stderr()).not.toContain(liveKey);
      await later.end();
    } finally {
      directory.remove();
    }
  });
});

describe("a start that cannot be", () => {
  const directory = temporaryDirectory();
  afterAll(directory.remove);

  async function refusedStart(environment: Record<string, string>): Promise<string> {
    const { exitCode, stdout, stderr } = await runProgram(["serve"], {
      PORT: "0",
      ASTROLABE_DATA_DIR: join(directory.path, newId("ws")),
      ...environment,
    });
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    return stderr;
  }

  const wrongValues: [string, Record<string, string>][] = [
    ["PORT", { PORT: "eighty" }],
    ["PORT", { PORT: "65536" }],
    ["ASTROLABE_RATE_LIMIT_PER_MINUTE", { ASTROLABE_RATE_LIMIT_PER_MINUTE: "0" }],
    ["ASTROLABE_BALANCE_FLOOR_USD", { ASTROLABE_BALANCE_FLOOR_USD: "one" }],
    ["ASTROLABE_TOTAL_TIMEOUT_MS", { ASTROLABE_TOTAL_TIMEOUT_MS: "1.5" }],
    ["ASTROLABE_UPSTREAMS", { ASTROLABE_UPSTREAMS: "sandbox" }],
    ["LOCAL_BASE_URL", { ASTROLABE_UPSTREAMS: "local" }],
    ["OPENAI_BASE_URL", { OPENAI_API_KEY: "sk-secret-0123456789", OPENAI_BASE_URL: "not an address" }],
    ["ASTROLABE_MASTER_KEY", { ASTROLABE_MASTER_KEY: "c2hvcnQtc2VjcmV0" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://root:secretsecret@127.0.0.1/astrolabe" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://root:secretsecret@127.0.0.1:1/astrolabe" }],
    ["ASTROLABE_PUBLIC_URL", { ASTROLABE_PUBLIC_URL: "gateway" }],
    ["ASTROLABE_INIT_API_KEY", { ASTROLABE_INIT_API_KEY: "astrolabe_live_secretsecretsecret" }],
    ["ASTROLABE_INIT_TEST_KEY", { ASTROLABE_INIT_TEST_KEY: "astrolabe_live_secretsecretsecret" }],
    ["ASTROLABE_INIT_OWNER_EMAIL", { ASTROLABE_INIT_OWNER_EMAIL: "nobody" }],
    ["ASTROLABE_INIT_CREDITS_USD", { ASTROLABE_INIT_CREDITS_USD: "-1" }],
  ];
  for (const [variable, environment] of wrongValues) {
    test(`names ${variable} and not the secret in it: ${Object.values(environment).at(-1)}`, async () => {
      const sentence = await refusedStart(environment);
      expect(sentence).toContain(variable);
      expect(sentence).not.toMatch(/secretsecret|sk-secret|c2hvcnQtc2VjcmV0/);
    });
  }

  test("says that the port is in use, and keeps the first start for the next try", async () => {
    const occupant = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("mine") });
    const dataDir = join(directory.path, "port");
    try {
      const sentence = await refusedStart({ PORT: String(occupant.port), ASTROLABE_DATA_DIR: dataDir });
      expect(sentence).toContain(`PORT: 127.0.0.1:${occupant.port} is in use`);
    } finally {
      await occupant.stop(true);
    }
    const server = await startServer(dataDir);
    expect(server.liveKey).toStartWith("astrolabe_live_");
    await server.end();
  });

  test("says that the address is not one of this machine", async () => {
    for (const host of ["203.0.113.7", "no-such-host.invalid"]) {
      expect(await refusedStart({ HOST: host })).toContain(`HOST: ${host} cannot be listened on`);
    }
  });

  test("says that the data directory cannot be used", async () => {
    const file = join(directory.path, "a-file");
    writeFileSync(file, "");
    for (const dataDir of [join(file, "data"), "/proc/astrolabe"]) {
      const sentence = await refusedStart({ ASTROLABE_DATA_DIR: dataDir });
      expect(sentence).toContain(`ASTROLABE_DATA_DIR`);
      expect(sentence).toContain(dataDir);
    }
  });

  test("says that another server has the data directory, until that one is gone", async () => {
    const dataDir = join(directory.path, "shared");
    const first = await startServer(dataDir);
    const sentence = await refusedStart({ ASTROLABE_DATA_DIR: dataDir });
    expect(sentence).toContain(
      `ASTROLABE_DATA_DIR: the directory ${dataDir} is in use by another server. Stop that one`,
    );
    expect((await fetch(`${first.url}/ready`)).status).toBe(200);
    await first.end();
    const next = await startServer(dataDir);
    expect(next.liveKey).toBe("");
    await next.end();
  });

  test("says what is wrong with a master key that is damaged or open to others", async () => {
    const dataDir = join(directory.path, "damaged");
    mkdirSync(dataDir);
    const keyFile = join(dataDir, "master.key");
    writeFileSync(keyFile, "half a ke", { mode: 0o600 });
    expect(await refusedStart({ ASTROLABE_DATA_DIR: dataDir })).toContain(`${keyFile} must hold exactly 32 bytes`);
    chmodSync(keyFile, 0o644);
    expect(await refusedStart({ ASTROLABE_DATA_DIR: dataDir })).toContain(`chmod 600 ${keyFile}`);
  });

  test("does not make a new master key beside an old database, whose API keys would all stop working", async () => {
    const dataDir = join(directory.path, "lost");
    const first = await startServer(dataDir);
    first.signal("SIGTERM");
    await first.exited;
    const other = Buffer.alloc(32, 7).toString("base64");
    const sentence = await refusedStart({ ASTROLABE_DATA_DIR: dataDir, ASTROLABE_MASTER_KEY: other });
    expect(sentence).toContain("master key");
    expect(sentence).not.toContain(other);
  });

  test("says that a file which is no database is none", async () => {
    const dataDir = join(directory.path, "text");
    mkdirSync(dataDir, { mode: 0o700 });
    writeFileSync(join(dataDir, "astrolabe.sqlite"), "This is a letter, not a database. ".repeat(200));
    expect(await refusedStart({ ASTROLABE_DATA_DIR: dataDir })).toContain(join(dataDir, "astrolabe.sqlite"));
  });
});

describe("the commands beside a running server", () => {
  const directory = temporaryDirectory();
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer(directory.path);
  });
  afterAll(async () => {
    await server.end();
    directory.remove();
  });

  async function command(...words: string[]): Promise<JsonObject> {
    const place = ["--url", server.url, "--data-dir", directory.path, "--json"];
    const { exitCode, stdout, stderr } = await runProgram([...words, ...place]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    return parseObject(stdout) ?? {};
  }

  test("a key is created, works at once, is listed without its secret, and is dead from its revocation on", async () => {
    const created = await command("keys", "create", "--name", "ci", "--stack", "low-cost");
    const secret = stringAt(created, "secret") ?? "";
    const answer = await ask(server, secret);
    expect([answer.status, answer.headers.get("x-astrolabe-stack-name")]).toEqual([200, "low-cost"]);
    const listed = JSON.stringify(await command("keys", "list"));
    expect(listed).toContain(stringAt(created, "id") ?? "none");
    expect(listed).not.toContain(secret.slice(-30));
    await command("keys", "revoke", stringAt(created, "id") ?? "");
    expect((await ask(server, secret)).status).toBe(401);
    expect((await ask(server, server.liveKey)).status).toBe(200);
  });

  test("credits are shown and granted, once for each idempotency key", async () => {
    const before = await command("credits", "show");
    const grant = () => command("credits", "grant", "1.25", "--idempotency-key", "invoice-7");
    const [granted, repeated] = [await grant(), await grant()];
    expect(objectAt(granted, "credits")?.["balance_usd"]).toBe((Number(before["balance_usd"]) + 1.25).toFixed(12));
    expect(repeated["entry_id"]).toBe(granted["entry_id"]);
    expect(objectAt(repeated, "credits")).toEqual(objectAt(granted, "credits"));
  });

  test("stacks are listed, and the token opens the control API", async () => {
    const { data } = await command("stacks", "list");
    expect(Array.isArray(data) && data.map((stack) => isObject(stack) && stack["slug"])).toContain("default-optimizer");
    const token = stringAt(await command("token"), "token") ?? "";
    expect(await read(server, "/api/workspaces", token)).toMatchObject({ object: "list" });
    expect(await read(server, "/api/workspaces", server.liveKey)).toMatchObject({ error: { code: "unauthorized" } });
  });

  test("whether the server takes requests is asked without a key", async () => {
    expect(await command("ready")).toEqual({ ok: true, issues: [] });
  });

  test("a server that cannot be reached, and a token that is not its own, are said so in a sentence", async () => {
    const nowhere = await runProgram(["keys", "list", "--url", "http://127.0.0.1:1", "--data-dir", directory.path]);
    expect(nowhere.exitCode).toBe(1);
    expect(nowhere.stderr).toContain("http://127.0.0.1:1 does not answer");
    const stranger = { ASTROLABE_MASTER_KEY: Buffer.alloc(32, 1).toString("base64") };
    const refused = await runProgram(["keys", "list", "--url", server.url], stranger);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("does not accept this token");
    expect(nowhere.stderr + refused.stderr).not.toMatch(/^\s+at /m);
  });

  test("none of this left a secret in the server's own output", () => {
    expect(server.stderr()).toBe("");
    expect(server.stdout().match(/astrolabe_(live|test|operator)_\w{20,}/g)).toHaveLength(3);
  });
});
