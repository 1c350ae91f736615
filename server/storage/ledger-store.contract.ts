// What every ledger store must do, whatever its engine: one suite, run for each of them in that engine's own test file.

import { afterEach, beforeEach, describe } from "bun:test";
import type { OpenDatabase } from "./database.ts";
import { accountsAndHolds } from "./ledger-store-holds.contract.ts";
import { manyAtOnce } from "./ledger-store-load.contract.ts";
import { refundsAndNotices, requestRecords } from "./ledger-store-records.contract.ts";
import { OpenedStore } from "./ledger-store.test-kit.ts";

/** `open` gives a database with the newest schema whose tables may already hold other workspaces' rows. */
export function describeLedgerStore(name: string, open: () => Promise<OpenDatabase>): void {
  describe(`the ledger on ${name}`, () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await OpenedStore.over(await open());
    });
    afterEach(() => opened.database.close());

    accountsAndHolds(() => opened);
    requestRecords(() => opened);
    refundsAndNotices(() => opened);
    manyAtOnce(() => opened);
  });
}
