// The first start of an installation: one workspace with its owner, a grant, and one key of each mode. Three steps that
// a crash may separate: the plan (with workspace and owner), the credit, the keys. A later start resumes at the step
// that is missing; the keys come last, so whichever run completes the start also returns secrets that work.

import { z } from "zod";
import { asId, newId, type EntryId, type WorkspaceId } from "../contracts/ids.ts";
import { parseObject } from "../contracts/json.ts";
import type { ApiKey } from "../keys/api-key.ts";
import { makeKeySecret, readKeySecret, type RandomBytes } from "../keys/key-secret.ts";
import { keyForSecret } from "../keys/manage-keys.ts";
import { parseUsd, picodollars, type Picodollars } from "../money/picodollars.ts";
import { creditOnce, largestBalance, type CreditServices } from "../workspaces/grant-credit.ts";
import type { User, Workspace } from "../workspaces/workspace.ts";

/** The `ASTROLABE_INIT_*` values as the environment has them; undefined or empty means absent. */
export type InitValues = {
  readonly ownerEmail: string | undefined;
  readonly ownerPassword: string | undefined;
  readonly creditsUsd: string | undefined;
  readonly apiKey: string | undefined;
  readonly testKey: string | undefined;
};

/** What the first start decided, kept so that a resumed one decides the same. */
export type FirstStartPlan = {
  readonly workspaceId: WorkspaceId;
  readonly creditEntryId: EntryId;
  readonly credits: Picodollars;
};

/** What the first start asks of storage; each method is one transaction. */
export type FirstStartRecords = {
  /** The stored plan and whether it was completed; undefined before the first start. */
  read(): Promise<{ readonly plan: string; readonly completed: boolean } | undefined>;
  /** Stores the plan with its workspace and owner, unless another process was first. */
  begin(plan: string, workspace: Workspace, owner: FirstOwner): Promise<void>;
  /** Stores the keys and marks the start completed; false, storing nothing, when it was completed already. */
  complete(keys: readonly { readonly key: ApiKey; readonly secretHash: string }[], at: number): Promise<boolean>;
};

/** With a password the owner can sign in at once, as an operator; without one it takes the owner link. */
export type FirstOwner = User & { readonly passwordHash: string | undefined };

export type FirstStartServices = {
  readonly records: FirstStartRecords;
  readonly credits: CreditServices;
  /** `deriveKey(master, "api-keys")`. */
  readonly hashKey: Uint8Array;
  /** As sign-in compares passwords. */
  readonly hashPassword: (password: string) => Promise<string>;
  readonly random: RandomBytes;
  /** Unix milliseconds. */
  readonly now: () => number;
};

/** What the run that completed the start has to tell, and nobody can tell again. */
export type FirstStartSecrets = {
  readonly workspaceId: WorkspaceId;
  /** What the workspace was granted. */
  readonly credits: Picodollars;
  readonly liveKey: string;
  readonly testKey: string;
};

/**
 * Brings a new installation into being; does nothing when that has been completed.
 * @returns the secrets on the run that created the keys, undefined on every other.
 * @throws Error naming the variable when an `ASTROLABE_INIT_*` value is invalid; nothing is then stored.
 */
export async function firstStart(
  services: FirstStartServices,
  values: InitValues,
): Promise<FirstStartSecrets | undefined> {
  const before = await services.records.read();
  if (before?.completed) return undefined;
  const init = readInitValues(values);
  if (before === undefined) await begin(services, init);
  const plan = await readPlan(services.records);
  if (plan.credits > 0n) {
    const grant = { workspaceId: plan.workspaceId, amount: plan.credits, memo: "First start" };
    await creditOnce(services.credits, grant, plan.creditEntryId);
  }
  return complete(services, plan, init);
}

type Init = {
  readonly ownerEmail: string;
  readonly ownerPassword: string | undefined;
  readonly credits: Picodollars;
  readonly apiKey: string | undefined;
  readonly testKey: string | undefined;
};

function readInitValues(values: InitValues): Init {
  const ownerEmail = values.ownerEmail || "owner@localhost";
  if (!/^[^\s@]+@[^\s@]+$/.test(ownerEmail) || ownerEmail.length > 254) {
    throw new Error(`ASTROLABE_INIT_OWNER_EMAIL must be an e-mail address.`);
  }
  const ownerPassword = initPassword(values);
  const credits = parseUsd(values.creditsUsd || "25");
  if (credits === undefined || credits < 0n || credits > largestBalance) {
    throw new Error("ASTROLABE_INIT_CREDITS_USD must be decimal USD from 0 to 9000000, such as 25 or 0.50.");
  }
  return {
    ownerEmail: ownerEmail.toLowerCase(),
    ownerPassword,
    credits,
    apiKey: initKey("ASTROLABE_INIT_API_KEY", values.apiKey, "live"),
    testKey: initKey("ASTROLABE_INIT_TEST_KEY", values.testKey, "test"),
  };
}

/** Like the message about keys, this one never repeats the value. */
function initPassword({ ownerEmail, ownerPassword }: InitValues): string | undefined {
  if (!ownerPassword) return undefined;
  if (!ownerEmail) throw new Error("ASTROLABE_INIT_OWNER_PASSWORD needs ASTROLABE_INIT_OWNER_EMAIL: whose is it?");
  if (ownerPassword.length >= 12 && ownerPassword.length <= 128) return ownerPassword;
  throw new Error("ASTROLABE_INIT_OWNER_PASSWORD must have 12 to 128 characters.");
}

/** The message never repeats the value: a start log is no place for a secret. */
function initKey(variable: string, value: string | undefined, mode: "live" | "test"): string | undefined {
  if (!value) return undefined;
  if (readKeySecret(value)?.mode === mode) return value;
  throw new Error(
    `${variable} must be astrolabe_${mode}_ followed by 38 letters and digits of which the last 6 are a valid checksum. ` +
      `Make one with: astrolabe keys generate --mode ${mode}`,
  );
}

async function begin(services: FirstStartServices, init: Init): Promise<void> {
  const createdAt = services.now();
  const workspaceId = newId("ws");
  const plan = JSON.stringify({
    workspace_id: workspaceId,
    credit_entry_id: newId("ent"),
    credits: init.credits.toString(),
  });
  const workspace: Workspace = {
    id: workspaceId,
    name: "Default",
    slug: "default",
    status: "active",
    statusReason: undefined,
    stackId: undefined,
    budget: undefined,
    createdAt,
  };
  const passwordHash = init.ownerPassword === undefined ? undefined : await services.hashPassword(init.ownerPassword);
  const owner = { id: newId("usr"), email: init.ownerEmail, name: "Owner", createdAt, passwordHash };
  await services.records.begin(plan, workspace, owner);
}

const storedPlan = z.object({
  workspace_id: z.string(),
  credit_entry_id: z.string(),
  credits: z.string().regex(/^\d{1,19}$/),
});

async function readPlan(records: FirstStartRecords): Promise<FirstStartPlan> {
  const stored = storedPlan.parse(parseObject((await records.read())?.plan ?? ""));
  return {
    workspaceId: asId<WorkspaceId>(stored.workspace_id),
    creditEntryId: asId<EntryId>(stored.credit_entry_id),
    credits: picodollars(BigInt(stored.credits)),
  };
}

async function complete(
  services: FirstStartServices,
  plan: FirstStartPlan,
  init: Init,
): Promise<FirstStartSecrets | undefined> {
  const { workspaceId } = plan;
  const liveKey = init.apiKey ?? makeKeySecret("live", services.random);
  const testKey = init.testKey ?? makeKeySecret("test", services.random);
  const keys = [
    keyForSecret({ workspaceId, name: "First live key", mode: "live" }, liveKey, services),
    keyForSecret({ workspaceId, name: "First test key", mode: "test" }, testKey, services),
  ];
  const isOurs = await services.records.complete(keys, services.now());
  return isOurs ? { workspaceId, credits: plan.credits, liveKey, testKey } : undefined;
}
