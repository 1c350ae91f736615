// A control plane for tests: a real SQLite file in a temporary directory, the real ledger, a clock to turn, and people
// who are signed in.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { loadCatalogue } from "./catalogue/load-catalogue.ts";
import { readConfig } from "./config.ts";
import { GatewayError } from "./contracts/errors.ts";
import { newId } from "./contracts/ids.ts";
import { parseObject, type Json, type JsonObject } from "./contracts/json.ts";
import { openControlPlane, type ControlPlane } from "./control-plane.ts";
import type { BillingConfig } from "./config-billing.ts";
import type { SignedInUser } from "./identity/signed-in-user.ts";
import { operatorToken } from "./keys/operator-token.ts";
import type { Letter } from "./mail/letter.ts";
import { GroupCommitLedger } from "./ledger/group-commit.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { HealthTracker } from "./providers/health.ts";
import { sandboxProvider } from "./providers/sandbox/sandbox.ts";
import { LearnedUsage } from "./routing/learned-usage.ts";
import { SessionPins } from "./routing/session-pins.ts";
import { openDatabase } from "./storage/open-database.ts";
import { sleep } from "./request/sleep.ts";
import { sandboxPool } from "./upstreams.ts";
import type { MemberRole } from "./workspaces/workspace.ts";

export type TestControlPlane = ControlPlane & {
  readonly database: OpenDatabase;
  readonly dataDir: string;
  /** Unix milliseconds; starts with a fraction, as the process clock has one. */
  readonly clock: { now: number };
  readonly master: Uint8Array;
  readonly token: string;
  readonly ledger: Pick<Ledger, "account">;
  /** While true every ledger operation fails, as a crash before its commit would. */
  readonly ledgerFault: { active: boolean };
  readonly app: Hono;
  readonly faults: unknown[];
  /** What was given to be mailed. */
  readonly mails: readonly Letter[];
  /** Makes a user, a member where `role` and `workspace` say so, who is signed in from then on. */
  signIn(about?: AboutPerson): Promise<TestPerson>;
  close(): Promise<void>;
};

export type AboutPerson = {
  readonly name?: string;
  readonly email?: string;
  readonly isOperator?: boolean;
  readonly via?: SignedInUser["via"];
  readonly workspace?: string;
  readonly role?: MemberRole;
};

export type TestPerson = {
  readonly user: SignedInUser;
  /** What the person's browser or program sends of itself. */
  readonly headers: Readonly<Record<string, string>>;
  send(method: string, path: string, body?: Json): Promise<{ readonly status: number; readonly body: JsonObject }>;
};

/**
 * @param environment `DATABASE_URL` names an empty Postgres; without it the database is SQLite. With `publicCatalogue` the
 * catalogue is shown to everybody.
 */
export async function openTestControlPlane(
  environment: { readonly [name: string]: string } = {},
  about: { readonly billing?: Partial<BillingConfig> } = {},
): Promise<TestControlPlane> {
  const dataDir = mkdtempSync(join(tmpdir(), "astrolabe-"));
  const clock = { now: Date.parse("2030-01-01T00:00:00Z") + 0.25 };
  const master = new Uint8Array(32).fill(7);
  const faults: unknown[] = [];
  const mails: Letter[] = [];
  const people = new Map<string, SignedInUser>();
  const reportFault = (_where: string, error: unknown) => void faults.push(error);
  const database = await openDatabase({ databaseUrl: environment["DATABASE_URL"], dataDir }, reportFault);
  const ledgerFault = { active: false };
  const store = database.ledgerStore;
  const real = new GroupCommitLedger({ store, onFailure: (error) => reportFault("ledger", error) });
  const ledger: Pick<Ledger, "submit" | "account"> = {
    submit: async (operation) => {
      if (ledgerFault.active) throw new GatewayError("service_unavailable");
      return real.submit(operation);
    },
    account: (workspaceId) => real.account(workspaceId),
  };
  const plane = openControlPlane({
    database,
    ledger,
    planning: testPlanning(),
    master,
    publicUrl: "http://gateway.test",
    now: () => clock.now,
    reportFault,
    webhookAllowPrivate: false,
    catalogue: {
      catalogue: loadCatalogue(),
      upstreams: sandboxUpstreams,
      mode: "sandbox",
      isPublic: environment["publicCatalogue"] === "true",
    },
    answerUnder: async () => {
      throw new Error("a control plane alone runs no requests");
    },
    trustedProxies: 1,
    billing: { stripe: undefined, seller: "Astrolabe", ...about.billing },
    instanceSettings: { accessReview: false, workspaceCreation: "anyone" },
    waysIn: { signUp: "invited", providers: [], letters: false, passkeys: true },
    mailer: { send: async (letter) => void mails.push(letter) },
    sessions: { find: async (headers) => people.get(credentialOf(headers) ?? "") },
  });
  const app = new Hono();
  plane.mount(app);
  const close = async () => {
    await database.close();
    rmSync(dataDir, { recursive: true });
  };
  const signIn = async (about: AboutPerson = {}): Promise<TestPerson> => {
    const user = await insertPerson(database, about);
    people.set(`person=${user.sessionId}`, user);
    const headers: Record<string, string> =
      user.via === "cookie"
        ? { cookie: `person=${user.sessionId}`, "sec-fetch-site": "same-origin", "content-type": "application/json" }
        : { authorization: `Bearer person=${user.sessionId}` };
    return {
      user,
      headers,
      async send(method, path, body) {
        const sent = body === undefined ? {} : { body: JSON.stringify(body) };
        const response = await app.request(path, { method, headers, ...sent });
        return { status: response.status, body: parseObject(await response.text()) ?? {} };
      },
    };
  };
  const token = operatorToken(master);
  return { ...plane, database, dataDir, clock, master, token, ledger, ledgerFault, app, faults, mails, signIn, close };
}

const sandboxUpstreams = sandboxPool(sandboxProvider({ sleep })).upstreams;

function credentialOf(headers: Headers): string | undefined {
  return headers.get("cookie") ?? headers.get("authorization")?.replace("Bearer ", "");
}

async function insertPerson({ query }: OpenDatabase, about: AboutPerson): Promise<SignedInUser> {
  const id = newId("usr");
  const { email = `${id}@example.com`, name = "Person", isOperator = false, via = "cookie" } = about;
  await query
    .insertInto("users")
    .values({ id, email, name, created_at: 1, is_operator: isOperator ? 1 : 0 })
    .execute();
  if (about.workspace !== undefined && about.role !== undefined) {
    await query
      .insertInto("members")
      .values({ workspace_id: about.workspace, user_id: id, role: about.role, created_at: 1 })
      .execute();
  }
  return { id, email, name, isOperator, sessionId: `session-of-${id}`, via };
}

/** The real catalogue, with the sandbox as the only upstream. */
function testPlanning(): ControlPlane["services"]["planning"] {
  const sandbox = sandboxPool(sandboxProvider({ sleep: async () => undefined }));
  const { requestsPerMinute, balanceFloor, clocks } = readConfig({});
  return {
    catalogue: loadCatalogue(),
    live: sandbox,
    sandbox,
    health: new HealthTracker(["sandbox"]),
    learned: new LearnedUsage(),
    sessions: new SessionPins(),
    settings: { requestsPerMinute, balanceFloor, clocks },
  };
}
