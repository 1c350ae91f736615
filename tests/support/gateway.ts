// A whole gateway for tests: the real server parts on a real SQLite file and a real socket, in this process.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyLedger } from "../../server/audit/verify-ledger.ts";
import { readConfig } from "../../server/config.ts";
import { isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { parseUsd } from "../../server/money/picodollars.ts";
import { readLedgerSnapshot, type LedgerLocation } from "../../server/storage/ledger-snapshot.ts";
import { doorSockets } from "../../server/http/front-door/pass-socket.ts";
import type { Runtime } from "../../runtimes/runtime.ts";
import { wire, type WiredServer } from "../../server/wire.ts";

export type TestGateway = {
  /** Without a trailing slash; the API is below `/v1`. */
  readonly url: string;
  /** Holds the database file, unless it is on Postgres, and the master secret. */
  readonly dataDir: string;
  readonly liveKey: string;
  readonly testKey: string;
  readonly wired: WiredServer;
  /** The address that it believes to have, unless the environment says otherwise. */
  readonly publicUrl: string;
  /** How far the server's clock runs ahead of the real one; to be turned forward only. */
  readonly clock: { aheadMs: number };
  /** What the server reported as faults; tests that cause none expect it empty. */
  readonly faults: string[];
  /** Sends JSON with the live key, or the key given. */
  post(
    path: string,
    body: unknown,
    options?: { key?: string; headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<Response>;
  get(path: string, key?: string): Promise<JsonObject>;
  /** The trace of an answer, once its settlement is written. */
  traceOf(response: Response): Promise<JsonObject>;
  /** Picodollars the workspace has: balance, held and available. */
  credits(): Promise<{ balance: bigint; held: bigint; available: bigint }>;
  close(): Promise<void>;
};

export type KnownKeys = Pick<TestGateway, "liveKey" | "testKey">;

/**
 * Starts a gateway whose environment is `environment` and nothing else.
 * @param known the keys of the gateway whose database it joins; undefined: its database is empty.
 * @param runtime what runs its agents; undefined: what the environment says.
 */
export async function startGateway(
  environment: Record<string, string> = {},
  known?: KnownKeys,
  runtime?: Runtime,
): Promise<TestGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), "astrolabe-test-"));
  const faults: string[] = [];
  const config = readConfig({
    ASTROLABE_DATA_DIR: dataDir,
    ASTROLABE_RATE_LIMIT_PER_MINUTE: "1000000",
    ...environment,
  });
  const clock = { aheadMs: 0 };
  const publicUrl = config.publicUrl ?? "http://gateway.test";
  const wired = await wire(config, {
    version: "test",
    publicUrl,
    now: () => performance.timeOrigin + performance.now() + clock.aheadMs,
    reportFault: (where, error) => faults.push(`${where}: ${String(error)}`),
    address: () => ({ host: "127.0.0.1", port: server.port ?? 0 }),
    ...(runtime === undefined ? {} : { runtime }),
  });
  const secrets = (await wired.control.firstStart(config.initial)) ?? known;
  if (!secrets) throw new Error("the test gateway was not started on an empty directory");
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: environment["PORT"] === undefined ? 0 : config.port,
    idleTimeout: 0,
    fetch: (request, bun) => wired.answer(request, bun),
    websocket: doorSockets,
  });
  const url = `http://127.0.0.1:${server.port}`;
  const get = async (path: string, key = secrets.liveKey): Promise<JsonObject> => {
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
    return asObject(await response.json());
  };
  return {
    url,
    dataDir,
    liveKey: secrets.liveKey,
    testKey: secrets.testKey,
    wired,
    publicUrl,
    clock,
    faults,
    post: (path, body, { key = secrets.liveKey, headers = {}, signal } = {}) =>
      fetch(url + path, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...(signal ? { signal } : {}),
      }),
    get,
    traceOf: (response) => untilTraced(() => get(`/v1/traces/${response.headers.get("x-astrolabe-cloud-request-id")}`)),
    async credits() {
      const credits = await get("/v1/credits");
      const amount = (field: string): bigint => parseUsd(stringAt(credits, field) ?? "") ?? -1n;
      return { balance: amount("balance_usd"), held: amount("held_usd"), available: amount("available_usd") };
    },
    async close() {
      await server.stop(true);
      await wired.services.inFlight.drain(2_000);
      await wired.close();
      await expectLedgerToAgree(config);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Whatever a test did to the gateway, its ledger is in order afterwards. @throws Error with what does not agree */
async function expectLedgerToAgree(location: LedgerLocation): Promise<void> {
  const { findings } = await readLedgerSnapshot(location, (records) =>
    verifyLedger(records, { workspaceId: undefined, heads: [] }),
  );
  const problems = findings.map(({ sequence, problem }) => `entry ${sequence ?? "-"}: ${problem}`);
  if (problems.length > 0) throw new Error(`the ledger does not agree:\n${problems.join("\n")}`);
}

export function asObject(value: unknown): JsonObject {
  if (!isObject(value)) throw new Error(`not a JSON object: ${JSON.stringify(value)}`);
  return value;
}

export function billingOf(trace: JsonObject): JsonObject {
  return objectAt(trace, "billing") ?? {};
}

/** A hang-up and a refusal are written just after the client has gone; half a second is ample. */
async function untilTraced(read: () => Promise<JsonObject>): Promise<JsonObject> {
  for (let tries = 0; ; tries++) {
    const trace = await read();
    if (trace["object"] === "route_trace" || tries === 50) return trace;
    await Bun.sleep(10);
  }
}
