// Puts the control plane together over one database: what the gateway asks (who, under which stack) and what the
// control routes work with. A change made through one is seen by the other at once.

import { randomBytes } from "node:crypto";
import type { Ledger } from "./ledger/ledger.ts";
import { KeyDirectory } from "./keys/key-directory.ts";
import { deriveKey } from "./keys/master-secret.ts";
import { operatorToken } from "./keys/operator-token.ts";
import { OperatorGate } from "./http/control/operator-gate.ts";
import type { ControlServices } from "./http/control/services.ts";
import type { ManagedStack } from "./stacks/managed-stack.ts";
import { CachedStackDirectory } from "./stacks/stack-directory.ts";
import { activityStore } from "./storage/activity-store.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { firstStartStore } from "./storage/first-start-store.ts";
import { keyStore } from "./storage/key-store.ts";
import { stackStore } from "./storage/stack-store.ts";
import { workspaceStore } from "./storage/workspace-store.ts";
import { CreditDesk } from "./workspaces/credit-desk.ts";
import { firstStart, type FirstStartSecrets, type InitValues } from "./workspaces/first-start.ts";

export type ControlPlaneOptions = {
  readonly database: Pick<OpenDatabase, "query">;
  readonly ledger: Pick<Ledger, "submit" | "account">;
  /** From `loadMasterSecret`. */
  readonly master: Uint8Array;
  readonly managedStacks: readonly ManagedStack[];
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly reportFault: ControlServices["reportFault"];
};

export type ControlPlane = {
  readonly keyDirectory: KeyDirectory;
  readonly stackDirectory: CachedStackDirectory;
  readonly services: ControlServices;
  /** Run it before listening; gives the secrets on the run that creates them. @throws Error on an invalid value */
  readonly firstStart: (values: InitValues) => Promise<FirstStartSecrets | undefined>;
};

export function openControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { database, ledger, master, managedStacks: managed, now, reportFault } = options;
  const keys = keyStore(database.query);
  const stacks = stackStore(database.query);
  const activity = activityStore(database.query);
  const hashKey = deriveKey(master, "api-keys");
  const random = (count: number): Uint8Array => randomBytes(count);
  const keyDirectory = new KeyDirectory({ records: keys, hashKey, now });
  const stackDirectory = new CachedStackDirectory({ records: stacks, managed, now });
  const credits = new CreditDesk({ ledger, records: activity, now });
  const forgetKeys = () => keyDirectory.forget();
  const services: ControlServices = {
    workspaces: { records: workspaceStore(database.query), now, changed: forgetKeys },
    keys: { records: keys, hashKey, random, now, changed: forgetKeys },
    stacks: { records: stacks, managed, now, changed: () => stackDirectory.forget() },
    ledger,
    credits,
    activity,
    gate: new OperatorGate(operatorToken(master), now),
    now,
    reportFault,
  };
  const records = firstStartStore(database.query);
  return {
    keyDirectory,
    stackDirectory,
    services,
    firstStart: (values) => firstStart({ records, credits, hashKey, random, now }, values),
  };
}
