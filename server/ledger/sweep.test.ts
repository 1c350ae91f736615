import { expect, test } from "bun:test";
import { newId } from "../contracts/ids.ts";
import type { LedgerStore } from "./group-commit.ts";
import type { Ledger } from "./ledger.ts";
import type { OperationResult } from "./operations.ts";
import { sweepExpiredHolds } from "./sweep.ts";

const workspaceId = newId("ws");
const refused: OperationResult = { ok: false, refusal: { reason: "hold_not_open" } };

function ledgerThatRefuses(): Pick<Ledger, "submit"> {
  return { submit: async () => refused };
}

test("a sweep ends though not one of many expired holds can be expired", async () => {
  let looks = 0;
  const store: Pick<LedgerStore, "expiredHolds"> = {
    async expiredHolds(_nowMs, limit) {
      looks += 1;
      if (looks > 3) throw new Error("the sweep goes round in circles");
      return Array.from({ length: limit }, () => ({ requestId: newId("req"), workspaceId }));
    },
  };
  expect(await sweepExpiredHolds(ledgerThatRefuses(), store, 0)).toBe(0);
});
