// What would become of a request: the steps of the request path in their order, up to the point where a provider would
// be asked. Nothing is called, held, counted or written down. A refusal does not end it: what is known is shown anyway.

import { GatewayError, toGatewayError } from "../contracts/errors.ts";
import { newId } from "../contracts/ids.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { ApiKey } from "../keys/api-key.ts";
import { decide } from "../ledger/decide.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Account, Cap, Counter, HoldOperation, Operation, OperationResult } from "../ledger/operations.ts";
import type { ClientProtocol } from "../protocols/protocol.ts";
import type { StackDirectory } from "../stacks/stack.ts";
import type { BudgetRecords, Counted } from "../workspaces/budget-status.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import { noMoney } from "../money/picodollars.ts";
import { requireActiveWorkspace } from "./1-authenticate.ts";
import { resolveStack } from "./3-resolve-stack.ts";
import { planRoute, requireCandidates, type PlanningServices } from "./4-plan-route.ts";
import { requireFloor, reserveCredits } from "./5-reserve-credits.ts";
import { capsOf, requestMaxOf, type RequestMax } from "./budget-caps.ts";
import type { Services } from "./services.ts";
import type { Parsed, Planned, Reserved, Resolved } from "./stages.ts";

export type DryRunQuestion = {
  readonly workspace: Workspace;
  /** As which key; one that allows everything when no real one is meant. */
  readonly key: ApiKey;
  readonly protocol: ClientProtocol;
  readonly body: JsonObject;
  /** Of the body as it would be sent. */
  readonly bodyBytes: number;
  /** Whether a person's confirmation would come with it. */
  readonly confirmed: boolean;
  /** Finds the stack, or always gives the one that is tried out. */
  readonly stacks: StackDirectory;
};

export type DryRunServices = PlanningServices &
  Pick<Services, "health" | "learned" | "sessions" | "settings" | "now"> & {
    readonly ledger: Pick<Ledger, "account">;
    readonly budgets: BudgetRecords;
  };

/** A limit that the request's hold would count against, as it stands. */
export type CapState = Cap & Counted;

export type DryRun = {
  /** What a caller would be told; undefined: a provider would be asked. */
  readonly refusal: GatewayError | undefined;
  /** As far as the body could be read. */
  readonly parsed: Parsed | undefined;
  readonly resolved: Resolved | undefined;
  readonly planned: Planned | undefined;
  /** With the hold that would be opened, unless the key is a test key; undefined when it would be refused. */
  readonly reserved: Reserved | undefined;
  /** Empty for test keys, which spend nothing. */
  readonly caps: readonly CapState[];
  readonly requestMax: RequestMax | undefined;
  readonly account: Account | undefined;
};

/** @throws what is a fault of the server rather than a refusal of the request */
export async function dryRun(question: DryRunQuestion, services: DryRunServices): Promise<DryRun> {
  const refusals: GatewayError[] = [];
  const attempt = <Value>(step: () => Value | Promise<Value>) => refusable(step, refusals);
  const { workspace } = question;
  const account = await services.ledger.account(workspace.id);
  await attempt(() => requireUsableKey(question, services.now()));
  const parsed = await attempt(() => parse(question, services));
  if (!parsed) return { ...nothingKnown, refusal: refusals[0], account };
  const ledger = { account: async () => account, recentAccount: () => undefined };
  await attempt(() => requireFloor(parsed, { ...services, ledger }));
  const resolved = await attempt(() => resolveStack(parsed, question.stacks));
  const planned = resolved && (await attempt(() => planRoute(resolved, services)));
  const caps = resolved?.key.mode === "live" ? await capStates(capsOf(resolved), services.budgets) : [];
  if (planned) await attempt(() => requireCandidates(planned, services));
  const payable = planned?.plan.candidates[0] !== undefined;
  const reserved = payable ? await attempt(() => reserve(planned, account, caps, services)) : undefined;
  const requestMax = resolved && requestMaxOf(resolved);
  return { refusal: refusals[0], parsed, resolved, planned, reserved, caps, requestMax, account };
}

const nothingKnown = {
  parsed: undefined,
  resolved: undefined,
  planned: undefined,
  reserved: undefined,
  caps: [],
  requestMax: undefined,
};

/** A step's result; undefined when it refuses, which is noted. */
async function refusable<Value>(
  step: () => Value | Promise<Value>,
  refusals: GatewayError[],
): Promise<Value | undefined> {
  try {
    return await step();
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (error.code === "internal_error") throw thrown;
    refusals.push(error);
    return undefined;
  }
}

/** As the first step does, for a key that is at hand rather than looked up by its secret. */
function requireUsableKey({ key, workspace }: DryRunQuestion, now: number): void {
  const over = key.revokedAt !== undefined || (key.expiresAt !== undefined && key.expiresAt <= now);
  if (over) throw new GatewayError("unauthorized", "The API key is unknown, revoked or expired.");
  requireActiveWorkspace({ workspace });
}

function parse({ key, workspace, protocol, body, bodyBytes, confirmed }: DryRunQuestion, services: DryRunServices) {
  const arrivedAt = services.now();
  const text = "";
  const limit = key.rateLimitPerMinute ?? services.settings.requestsPerMinute;
  return {
    requestId: newId("req"),
    arrivedAt,
    protocol,
    credential: undefined,
    idempotencyKey: undefined,
    confirmed,
    readBody: async () => ({ body, bytes: bodyBytes, text }),
    signal: new AbortController().signal,
    key,
    workspace,
    rate: { limit, remaining: limit, resetsAt: Math.ceil(arrivedAt / 1000) },
    withinRate: true,
    body,
    asked: protocol.read(body, bodyBytes),
    identity: undefined,
  } satisfies Parsed;
}

function reserve(
  planned: Planned,
  account: Account | undefined,
  caps: readonly CapState[],
  { settings, learned, now }: DryRunServices,
): Promise<Reserved> {
  return reserveCredits(planned, {
    settings,
    learned,
    refusedByBudget: () => undefined,
    holds: { expiry: now },
    ledger: { submit: async (operation) => decideHold(operation, account, caps) },
  });
}

/** The ledger's own decision, about the state as it was read; nothing is written. */
function decideHold(operation: Operation, account: Account | undefined, caps: readonly CapState[]): OperationResult {
  const [result] = decide(
    {
      accounts: new Map(account ? [[account.workspaceId, account]] : []),
      holds: new Map(),
      counters: new Map(caps.map((cap): [string, Counter] => [cap.scope, cap])),
      knownEntryIds: new Set(),
      refundable: new Map(),
    },
    [holdOnly(operation)],
  ).results;
  if (!result) throw new Error("the ledger decided nothing");
  return result;
}

function holdOnly(operation: Operation): HoldOperation {
  if (operation.type === "hold") return operation;
  throw new Error(`a dry run opens holds only, not ${operation.type}`);
}

async function capStates(caps: readonly Cap[], budgets: BudgetRecords): Promise<CapState[]> {
  const counted = await budgets.counted(caps.map(({ scope }) => scope));
  return caps.map((cap) => ({ ...cap, ...(counted.get(cap.scope) ?? { spent: noMoney, pledged: noMoney }) }));
}
