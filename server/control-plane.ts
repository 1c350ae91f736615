// Puts the control plane together over one database: what the gateway asks (who, under which stack) and what the
// control routes work with. A change made through one is seen by the other at once.

import { randomBytes } from "node:crypto";
import type { Hono } from "hono";
import { AuditLog } from "./audit-log/audit-log.ts";
import { ReceiptDesk } from "./audit/receipt-desk.ts";
import { receiptSigner } from "./audit/receipt-signature.ts";
import type { BillingWorker } from "./billing/billing-worker.ts";
import { GatewayError } from "./contracts/errors.ts";
import type { BillingConfig } from "./config-billing.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { KeyDirectory } from "./keys/key-directory.ts";
import { KeyUses } from "./keys/key-uses.ts";
import { deriveKey } from "./keys/master-secret.ts";
import { operatorToken } from "./keys/operator-token.ts";
import { Gate } from "./http/control/gate.ts";
import type { AnswerUnder, CatalogueServices, ControlServices } from "./http/control/services.ts";
import { AccessTokens } from "./identity/access-tokens.ts";
import { hashPassword } from "./identity/hash-password.ts";
import { ownerLinkAtStart } from "./identity/owner-link.ts";
import type { Sessions } from "./identity/signed-in-user.ts";
import type { WaysIn } from "./identity/ways-in.ts";
import type { Mailer } from "./mail/mailer.ts";
import { managedStacks } from "./stacks/managed.ts";
import { CachedStackDirectory } from "./stacks/stack-directory.ts";
import { activityStore } from "./storage/activity-store.ts";
import { auditStore } from "./storage/audit-store.ts";
import { budgetStore } from "./storage/budget-store.ts";
import type { ChangeTopic, OpenDatabase } from "./storage/database.ts";
import { eventStore } from "./storage/event-store.ts";
import { firstStartStore } from "./storage/first-start-store.ts";
import { accessTokenStore } from "./storage/identity/access-token-store.ts";
import { ownerStore } from "./storage/identity/owner-store.ts";
import { peopleStore } from "./storage/identity/people-store.ts";
import { keyStore } from "./storage/key-store.ts";
import { priceListStore } from "./storage/price-list-store.ts";
import { receiptStore } from "./storage/receipt-store.ts";
import { replayStore } from "./storage/replay-store.ts";
import { stackUsesStore } from "./storage/stack-uses-store.ts";
import { stackStore } from "./storage/stack-store.ts";
import { traceStore } from "./storage/trace-store.ts";
import { usageStore } from "./storage/usage-store.ts";
import { endpointStore } from "./storage/webhook-store.ts";
import { workspaceStore } from "./storage/workspace-store.ts";
import { wireBilling } from "./wire-billing.ts";
import { wireRegistry } from "./wire-registry.ts";
import { wirePeople, type PeopleSurroundings } from "./wire-people.ts";
import { firstStart, type FirstStartSecrets, type InitValues } from "./first-start/first-start.ts";

export type ControlPlaneOptions = Pick<PeopleSurroundings, "instanceSettings"> & {
  readonly database: Pick<OpenDatabase, "query" | "changes" | "engine">;
  readonly ledger: Pick<Ledger, "submit" | "account">;
  /** From `loadMasterSecret`. */
  readonly master: Uint8Array;
  /** The server's public address, without a trailing slash; receipts name it. */
  readonly publicUrl: string;
  /** Unix milliseconds, fractions allowed. */
  readonly now: () => number;
  readonly reportFault: ControlServices["reportFault"];
  /** Whether webhooks may go to http and private addresses. */
  readonly webhookAllowPrivate: boolean;
  /** How many proxies in front of the server add to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  /** Where agents' images are pushed to and pulled from. */
  readonly imageRegistry?: string | undefined;
  readonly billing: BillingConfig;
  readonly planning: ControlServices["planning"];
  /** Who is signed in. */
  readonly sessions: Sessions;
  readonly catalogue: Omit<CatalogueServices, "priceLists">;
  /** Runs the playground's requests. */
  readonly answerUnder: AnswerUnder;
  readonly waysIn: WaysIn;
  /** Undefined without SMTP: no letters are sent. */
  readonly mailer: Mailer | undefined;
  /** Absent where nothing can be deployed. */
  readonly deployments?: {
    readonly services: ControlServices["deployments"];
    readonly doors: ControlServices["agentDoors"];
  };
};

export type ControlPlane = {
  /** Who is asking? For the request path. */
  readonly keys: KeyDirectory;
  /** When keys were used; to be flushed now and then, and before the database closes. */
  readonly keyUses: KeyUses;
  /** Under which policy? For the request path. */
  readonly stacks: CachedStackDirectory;
  readonly services: ControlServices;
  /** Applies what Stripe reported, and tops up, once started. */
  readonly billing: BillingWorker;
  /** Adds `/api/...`. */
  readonly mount: (app: Hono) => void;
  /** Run it before listening; gives the secrets on the run that creates them. @throws Error on an invalid value */
  readonly firstStart: (values: InitValues) => Promise<FirstStartSecrets | undefined>;
  /** A link that makes the owner; undefined once there is one. */
  readonly ownerLink: () => Promise<string | undefined>;
  /** Whether there is an owner who signs in. */
  readonly isClaimed: () => Promise<boolean>;
};

export function openControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { master, publicUrl, reportFault } = options;
  const { query, changes } = options.database;
  // Times are stored as whole milliseconds.
  const now = () => Math.floor(options.now());
  const records = { keys: keyStore(query), stacks: stackStore(query), activity: activityStore(query) };
  const hashKey = deriveKey(master, "api-keys");
  const random = (count: number): Uint8Array => randomBytes(count);
  const keyUses = new KeyUses(records.keys);
  const keys = new KeyDirectory({ records: records.keys, uses: keyUses, hashKey, now });
  const stacks = new CachedStackDirectory({ records: records.stacks, managed: managedStacks, now });
  changes.listen((topic) => (topic === "keys" ? keys : stacks).forget());
  const telling = (topic: ChangeTopic, memory: { forget: () => void }) => (): void => {
    memory.forget();
    changes.tell(topic);
  };
  const [keysChanged, stacksChanged] = [telling("keys", keys), telling("stacks", stacks)];
  const billing = wireBilling({ ...options, query, credits: records.activity, now });
  const workspaces = { records: workspaceStore(query), now, changed: keysChanged };
  const keyServices = { records: records.keys, uses: keyUses, hashKey, random, now, changed: keysChanged };
  const agents = wireRegistry(query, { ...options, keys: keyServices, now });
  const accessTokens = openAccessTokens(query, master, random, now);
  const services: ControlServices = {
    agents,
    ...deploymentsOf(options),
    workspaces,
    keys: keyServices,
    stacks: { records: records.stacks, managed: managedStacks, now, changed: stacksChanged },
    directory: stacks,
    planning: options.planning,
    replays: replayStore(query),
    stackUses: stackUsesStore(query),
    ...billing.services,
    activity: records.activity,
    budgets: budgetStore(query),
    alerts: budgetStore(query),
    events: eventStore(query),
    webhooks: webhookServices(options, random, now),
    catalogue: { ...options.catalogue, priceLists: priceListStore(query, now) },
    answerUnder: options.answerUnder,
    traces: traceStore(query, deriveKey(master, "stored-texts"), agents.agentOf),
    usage: usageStore(query, options.database.engine),
    prices: priceListStore(query, now),
    receipts: new ReceiptDesk(receiptStore(query), receiptSigner(deriveKey(master, "receipts")), publicUrl),
    audit: new AuditLog({ records: auditStore(query), now, reportFault }),
    trustedProxies: options.trustedProxies,
    gate: new Gate({ operatorToken: operatorToken(master), sessions: options.sessions, accessTokens, now }),
    accessTokens,
    ...wirePeople(query, { ...options, workspaces, now }),
    people: peopleStore(query),
    waysIn: options.waysIn,
    ownerLinks: { records: ownerStore(query), random, now, publicUrl },
    mailer: options.mailer,
    publicUrl,
    now,
    reportFault,
  };
  const initial = { records: firstStartStore(query), credits: services.credits, hashKey, hashPassword, random, now };
  return {
    keys,
    keyUses,
    stacks,
    services,
    billing: billing.worker,
    mount: (app) => mountLazily(app, services),
    firstStart: (values) => firstStart(initial, values),
    ownerLink: () => ownerLinkAtStart(services.ownerLinks),
    isClaimed: () => services.ownerLinks.records.isClaimed(),
  };
}

function deploymentsOf({ deployments }: ControlPlaneOptions): Pick<ControlServices, "deployments" | "agentDoors"> {
  return {
    deployments: deployments?.services ?? nothingDeployed,
    agentDoors: deployments?.doors ?? nothingDeployed,
  };
}

function openAccessTokens(
  query: OpenDatabase["query"],
  master: Uint8Array,
  random: (count: number) => Uint8Array,
  now: () => number,
): AccessTokens {
  return new AccessTokens({
    records: accessTokenStore(query),
    hashKey: deriveKey(master, "access-tokens"),
    random,
    now,
  });
}

async function nothingDeployed(): Promise<never> {
  throw new GatewayError("service_unavailable", "This server has no deployments.");
}

function webhookServices(
  { database, master, webhookAllowPrivate: allowPrivate }: ControlPlaneOptions,
  random: (count: number) => Uint8Array,
  now: () => number,
): ControlServices["webhooks"] {
  const sealingKey = deriveKey(master, "webhook-secrets");
  return { records: endpointStore(database.query), sealingKey, random, now, allowPrivate };
}

/** The control routes and their schemas take memory that a server nobody manages by hand never needs: loaded when asked. */
function mountLazily(app: Hono, services: ControlServices): void {
  const load = async () => {
    const [{ controlApi }, { gatewayDeclarations }] = await Promise.all([
      import("./http/control/mount.ts"),
      import("./http/gateway/declarations.ts"),
    ]);
    return controlApi(services, gatewayDeclarations);
  };
  let api: ReturnType<typeof load> | undefined;
  app.all("/api/*", async (context) => (await (api ??= load())).fetch(context.req.raw, context.env));
}
