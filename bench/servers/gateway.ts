// This gateway as the benchmark runs it: a first start on an empty data folder on a real disk, credits paid in, holds on,
// the rate limit out of the way.

import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseObject, stringAt } from "../../server/contracts/json.ts";
import { makeKeySecret } from "../../server/keys/key-secret.ts";
import { parseUsd, type Picodollars } from "../../server/money/picodollars.ts";
import type { LoadedServer } from "../load/job.ts";
import { findFreePort } from "./process-group.ts";
import { ensureBuilt } from "../../scripts/build.mjs";
import { runtimeSettings } from "../../scripts/run-bun.mjs";
import type { Surroundings } from "./surroundings.ts";

const initialCreditsUsd = 1_000_000;
const rateLimitPerMinute = 100_000_000;
const settleWithinMs = 10_000;
const settlePollMs = 100;

/** A workspace's money. */
export type Credits = { readonly balance: Picodollars; readonly held: Picodollars };

export type GatewayTarget = {
  readonly server: LoadedServer;
  /** The credits once no hold is open, or as they are after ten seconds. */
  readonly settledCredits: () => Promise<Credits>;
};

/** Builds the gateway unless it is built and starts it, as `npm start` does, with the mock as its only upstream. `upstream` ends in `/v1`. */
export async function startGateway(
  surroundings: Surroundings,
  upstream: string,
  upstreamKey: string,
): Promise<GatewayTarget> {
  await ensureBuilt(surroundings.projectRoot);
  const dataDirectory = mkdtempSync(join(surroundings.temporaryDirectory, "astrolabe-bench-"));
  surroundings.processes.afterStop(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const key = makeKeySecret("live", (count) => crypto.getRandomValues(new Uint8Array(count)));
  const port = findFreePort();
  const { pid } = await surroundings.processes.startServer({
    name: "the gateway",
    command: [
      ...surroundings.placement.server,
      surroundings.bun,
      join(surroundings.projectRoot, "dist/server/main.js"),
    ],
    environment: {
      ...surroundings.environment,
      ...runtimeSettings,
      HOST: "127.0.0.1",
      PORT: String(port),
      ASTROLABE_DATA_DIR: dataDirectory,
      ASTROLABE_INIT_API_KEY: key,
      ASTROLABE_INIT_CREDITS_USD: String(initialCreditsUsd),
      ASTROLABE_RATE_LIMIT_PER_MINUTE: String(rateLimitPerMinute),
      OPENROUTER_API_KEY: upstreamKey,
      OPENROUTER_BASE_URL: upstream,
    },
    port,
    readyPath: "/ready",
  });
  const server = { port, pid, model: "astrolabe/auto", headers: { authorization: `Bearer ${key}` } };
  return { server, settledCredits: () => settledCredits(server) };
}

async function settledCredits(server: LoadedServer): Promise<Credits> {
  const deadline = performance.now() + settleWithinMs;
  for (;;) {
    const credits = await readCredits(server);
    if (credits.held === 0n || performance.now() > deadline) return credits;
    await Bun.sleep(settlePollMs);
  }
}

async function readCredits(server: LoadedServer): Promise<Credits> {
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/credits`, {
    headers: server.headers,
    signal: AbortSignal.timeout(settleWithinMs),
  });
  const body = parseObject(await response.text()) ?? {};
  const balance = parseUsd(stringAt(body, "balance_usd") ?? "");
  const held = parseUsd(stringAt(body, "held_usd") ?? "");
  if (balance === undefined || held === undefined) {
    throw new Error(`GET /v1/credits answered ${response.status} without a balance`);
  }
  return { balance, held };
}
