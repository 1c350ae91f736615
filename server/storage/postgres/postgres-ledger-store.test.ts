import { beforeAll } from "bun:test";
import { newPostgresDatabase } from "../../../tests/support/postgres.ts";
import { describeLedgerStore } from "../ledger-store.contract.ts";
import { openPostgres } from "./open-postgres.ts";

let url = "";
beforeAll(async () => {
  url = await newPostgresDatabase();
});

describeLedgerStore("Postgres", () => openPostgres({ url, reportFault: () => undefined }));
