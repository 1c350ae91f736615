// Whether the gateway kept its books during a run: figures of a gateway that does not charge would be worth nothing.

import { formatUsd } from "../server/money/picodollars.ts";
import type { Credits } from "./servers/gateway.ts";
import type { Target } from "./servers/targets.ts";

/** Reads the gateway's credits; what it returns reads them again after the run and says what is wrong. */
export async function openBooks(targets: readonly Target[]): Promise<() => Promise<string[]>> {
  const gateway = targets.find((target) => target.gateway !== undefined)?.gateway;
  if (gateway === undefined) return () => Promise.resolve([]);
  const before = await gateway.settledCredits();
  return async () => faultsOfBooks(before, await gateway.settledCredits());
}

/** Empty when something was charged since `before` and no hold is left open. */
export function faultsOfBooks(before: Credits, after: Credits): string[] {
  const faults: string[] = [];
  if (after.balance >= before.balance) faults.push("the gateway charged nothing");
  if (after.held !== 0n) faults.push(`the gateway still holds ${formatUsd(after.held)} USD after the last request`);
  return faults;
}
