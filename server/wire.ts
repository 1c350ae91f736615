// Puts the server together from its configuration: database, ledger, providers, request path, routes. Nothing here runs
// a request, and nothing else knows how the parts are connected.

import type { Hono } from "hono";
import { recordPriceList, type PriceLists } from "./audit/price-lists.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import { loadCatalogue } from "./catalogue/load-catalogue.ts";
import type { Config } from "./config.ts";
import type { RequestId } from "./contracts/ids.ts";
import { openControlPlane, type ControlPlane } from "./control-plane.ts";
import { buildApp } from "./http/app.ts";
import { readBuiltConsole } from "./http/console/built-console.ts";
import { InferenceEndpoint } from "./http/gateway/inference.ts";
import type { Readiness } from "./http/gateway/readiness.ts";
import { IdempotentRequests } from "./idempotency/idempotent-requests.ts";
import { deriveKey, loadMasterSecret } from "./keys/master-secret.ts";
import { requireSameMaster } from "./keys/same-master.ts";
import { GroupCommitLedger, type LedgerStore } from "./ledger/group-commit.ts";
import { HoldKeeper } from "./ledger/hold-keeper.ts";
import { startSweeping } from "./ledger/sweep.ts";
import { HealthTracker } from "./providers/health.ts";
import { sandboxProvider } from "./providers/sandbox/sandbox.ts";
import { InFlight } from "./request/in-flight.ts";
import type { Services, UpstreamPool } from "./request/services.ts";
import { LearnedUsage } from "./routing/learned-usage.ts";
import { SessionPins } from "./routing/session-pins.ts";
import { sleep } from "./request/sleep.ts";
import { prepareDataDirectory } from "./storage/data-directory.ts";
import { idempotencyStore } from "./storage/idempotency-store.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { openDatabase } from "./storage/open-database.ts";
import { priceListStore } from "./storage/price-list-store.ts";
import { responseStore } from "./storage/response-store.ts";
import { settingsStore } from "./storage/settings-store.ts";
import { StoredResponses } from "./stored-responses/stored-responses.ts";
import { sealText } from "./traces/sealed-text.ts";
import { UsagePacker } from "./storage/usage-blocks/packing.ts";
import { livePool, sandboxPool } from "./upstreams.ts";
import { entrance } from "./http/front-door/entrance.ts";
import type { DoorServer } from "./http/front-door/front-door.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import { wireAgents, type WiredAgents } from "./wire-agents.ts";
import type { DeliveryWorker } from "./webhooks/delivery-worker.ts";
import { wireEvents } from "./wire-events.ts";
import { wireIdentity, type WiredIdentity } from "./wire-identity.ts";

export type WiredServer = {
  readonly app: Hono;
  /** Everything that arrives: for the server itself, or for an agent. Undefined once it has become a WebSocket. */
  readonly answer: (request: Request, server: DoorServer) => Response | undefined | Promise<Response | undefined>;
  readonly agents: WiredAgents;
  readonly inference: InferenceEndpoint;
  readonly services: Services;
  readonly control: ControlPlane;
  readonly identity: WiredIdentity["identity"];
  readonly database: OpenDatabase;
  /** Sends events to webhook endpoints, once started. */
  readonly webhooks: DeliveryWorker;
  /** Deletes what is kept for a time only, when that is over, and packs usage; to be called every few seconds. */
  readonly housekeep: () => Promise<void>;
  /** Ends the webhooks, writes the records still waiting and closes the database. */
  readonly close: () => Promise<void>;
};

/** How long a request may take to settle once its time is over. */
const settlingMs = 60_000;

export type Surroundings = {
  readonly version: string;
  readonly publicUrl: string;
  /** Unix milliseconds with fractions. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
  /** Where it listens; absent: where the configuration says. */
  readonly address?: () => { readonly host: string; readonly port: number };
  /** What runs containers in the place of the engine that the configuration names. */
  readonly runtime?: Runtime;
};

/** @throws Error with a message for the operator when the data directory, database or master secret cannot be used. */
export async function wire(config: Config, surroundings: Surroundings): Promise<WiredServer> {
  const { now, reportFault, publicUrl } = surroundings;
  const { master, database } = await openStorage(config, reportFault);
  const { ledgerStore: store, ledgerLanes: lanes } = database;
  const catalogue = await pricedCatalogue(priceListStore(database.query, now));
  const ledger = new GroupCommitLedger({ store, lanes, onFailure: (error) => reportFault("ledger", error) });
  const { holds, stopKeeping } = keepHolds(config, ledger, store, surroundings);
  const { webhookAllowPrivate, trustedProxies, instanceSettings } = config;
  const imageRegistry = config.agents.registry;
  const shared = { master, now, reportFault, webhookAllowPrivate, trustedProxies, instanceSettings, imageRegistry };
  const planning = planningOf(config, catalogue);
  const signIn = wireIdentity(database.query, config, { master, publicUrl, now, reportFault });
  const address = surroundings.address ?? (() => config);
  const ofAgents = { config, catalogue, query: database.query, publicUrl, runtime: surroundings.runtime, address };
  const agents = wireAgents({ ...ofAgents, ...shared, control: () => control.services });
  const control = openControlPlane({
    database,
    deployments: { services: agents.deployments, doors: agents.doors },
    ledger,
    planning,
    publicUrl,
    billing: config.billing,
    ...signIn.forControl,
    catalogue: shownCatalogue(config, catalogue, planning.live),
    answerUnder: (key, protocol, request, onBodyRead) => inference.answer(request, protocol, onBodyRead, key),
    ...shared,
  });
  control.services.agents.keyRotations.listen(agents.keyRotated);
  const events = wireEvents(database.query, shared);
  const kept = openKept(config, database, master, surroundings);
  const { keys, stacks } = control;
  const { refusedByBudget } = events;
  const { limits } = database;
  const wired = { keys, limits, stacks, ledger, ...kept, holds, ...planning, now, refusedByBudget, reportFault };
  const services: Services = { ...wired, sleep, ...underMaster(master) };
  const inference = new InferenceEndpoint(services, config);
  const app = buildApp({
    services,
    inference,
    traces: control.services.traces,
    receipts: control.services.receipts,
    readiness: readinessOf(config, database, inference, services),
    version: surroundings.version,
    publicUrl: surroundings.publicUrl,
    console: config.consoleDir === undefined ? undefined : readBuiltConsole(config.consoleDir, publicUrl),
    mountControl: (to) => {
      signIn.mount(to);
      control.mount(to);
    },
  });
  return {
    app,
    answer: entrance(app, agents),
    agents,
    inference,
    services,
    control,
    identity: signIn.identity,
    database,
    webhooks: events.webhooks,
    housekeep: housekeeping({ control, database, ...kept, events, usage: new UsagePacker(database) }, now),
    close: async () => {
      await stopKeeping();
      await closeAll({ control, agents, events, ledger, database, reportFault });
    },
  };
}

async function openStorage(config: Config, reportFault: Surroundings["reportFault"]) {
  // With the database and the secret elsewhere nothing is kept on this machine.
  if (config.databaseUrl === undefined || config.masterKey === undefined) prepareDataDirectory(config.dataDir);
  const master = loadMasterSecret({ dataDir: config.dataDir, fromEnvironment: config.masterKey });
  const database = await openDatabase(config, reportFault);
  await requireSameMaster(settingsStore(database.query), master);
  return { master, database };
}

type Closing = Pick<Surroundings, "reportFault"> & {
  readonly agents: WiredAgents;
  readonly control: ControlPlane;
  readonly events: Pick<WiredServer, "webhooks">;
  readonly ledger: GroupCommitLedger;
  readonly database: OpenDatabase;
};

/** What is still to be written goes first, the database last. */
async function closeAll({ control, agents, events, ledger, database, reportFault }: Closing): Promise<void> {
  await agents.stop();
  await control.billing.stop();
  await events.webhooks.stop();
  await ledger.flush().catch((error: unknown) => reportFault("ledger", error));
  await control.keyUses.flush().catch((error: unknown) => reportFault("key uses", error));
  await control.services.accessTokens.flush().catch((error: unknown) => reportFault("access tokens", error));
  await database.close();
}

/** What requests are planned with, on the request path and in rehearsals of it. */
function planningOf(config: Config, catalogue: Catalogue) {
  const { requestsPerMinute, balanceFloor, clocks } = config;
  const settings = { requestsPerMinute, balanceFloor, clocks };
  return { catalogue, ...poolsOf(config), ...memories(), settings };
}

function poolsOf({ upstreams }: Config): { readonly sandbox: UpstreamPool; readonly live: UpstreamPool } {
  const sandbox = sandboxPool(sandboxProvider({ sleep }));
  return { sandbox, live: livePool(upstreams, sandbox) };
}

/** What people see of the catalogue. */
function shownCatalogue(config: Config, catalogue: Catalogue, { upstreams }: UpstreamPool) {
  return { catalogue, upstreams, mode: modeOf(config), isPublic: config.publicCatalogue };
}

/** What the process knows of its requests, and forgets when it ends. */
function memories(): Pick<Services, "health" | "learned" | "sessions" | "inFlight"> {
  const health = new HealthTracker(["sandbox"]);
  return { health, learned: new LearnedUsage(), sessions: new SessionPins(), inFlight: new InFlight() };
}

/** What is deleted or written down now and then. */
function housekeeping(
  { control, database, idempotency, events, usage }: Kept,
  now: Surroundings["now"],
): WiredServer["housekeep"] {
  return async () => {
    await control.keyUses.flush();
    await database.prune(Math.floor(now()));
    await control.services.people.prune(Math.floor(now()));
    await control.services.accessTokens.housekeep();
    await idempotency.prune();
    await events.prune();
    await usage.turn(now());
  };
}

type Kept = {
  readonly control: ControlPlane;
  readonly database: OpenDatabase;
  readonly idempotency: IdempotentRequests;
  readonly events: { readonly prune: () => Promise<void> };
  readonly usage: Pick<UsagePacker, "turn">;
};

function underMaster(master: Uint8Array): Pick<Services, "fingerprint" | "sealText"> {
  return {
    fingerprint: fingerprintUnder(deriveKey(master, "fingerprints")),
    sealText: sealTextUnder(deriveKey(master, "stored-texts")),
  };
}

function sealTextUnder(key: Uint8Array): Services["sealText"] {
  return (requestId, text) => sealText(key, requestId, text);
}

function fingerprintUnder(key: Uint8Array): Services["fingerprint"] {
  return (text) => new Bun.CryptoHasher("sha256", key).update(text).digest("hex");
}

/** What the readiness route looks at. */
function readinessOf(
  config: Config,
  { query }: OpenDatabase,
  inference: InferenceEndpoint,
  { live, health, now }: Services,
): Readiness {
  return {
    pingDatabase: async () => void (await query.selectFrom("settings").select("name").limit(1).execute()),
    draining: () => inference.draining,
    providers: [...live.providers.keys()],
    health,
    now,
    mode: modeOf(config),
  };
}

/** Without upstreams the sandbox serves everything. */
function modeOf({ upstreams }: Config): Readiness["mode"] {
  return upstreams.length === 0 ? "sandbox" : "live";
}

/** Renews the holds of living requests, and frees those that nobody renews, from now on. */
function keepHolds(
  { holdLeaseMs: leaseMs, clocks }: Config,
  ledger: GroupCommitLedger,
  store: LedgerStore,
  { now, reportFault }: Surroundings,
): { readonly holds: HoldKeeper; readonly stopKeeping: () => Promise<void> } {
  const longestMs = clocks.totalMs + settlingMs;
  const holds = new HoldKeeper({ ledger, leaseMs, longestMs, now, onFailure: (error) => reportFault("holds", error) });
  holds.start();
  const isAlive = (requestId: RequestId): boolean => holds.keeps(requestId);
  const sweeper = startSweeping({ ledger, store, isAlive }, now, (error) => reportFault("sweep", error));
  return {
    holds,
    async stopKeeping() {
      holds.stop();
      await sweeper.stop();
    },
  };
}

/** Answers that are found again: by a repeat of their request, and by their id. */
function openKept(
  { bodyBytes: mostBytes, holdLeaseMs: leaseMs }: Config,
  { query }: OpenDatabase,
  master: Uint8Array,
  { now, reportFault }: Surroundings,
): Pick<Services, "idempotency" | "responses"> {
  const idempotency = new IdempotentRequests({
    records: idempotencyStore(query),
    hashKey: deriveKey(master, "idempotency-keys"),
    sealKey: deriveKey(master, "kept-answers"),
    leaseMs,
    now,
    reportFault,
  });
  const key = deriveKey(master, "stored-responses");
  return { idempotency, responses: new StoredResponses({ records: responseStore(query), key, mostBytes, now }) };
}

/** The catalogue, once its price list is on record. @throws Error when the record has other prices for its version */
async function pricedCatalogue(lists: PriceLists): Promise<Catalogue> {
  const catalogue = loadCatalogue();
  await recordPriceList(lists, catalogue.priceVersion, catalogue.models);
  return catalogue;
}
