import { expect, test } from "bun:test";
import { newPostgresDatabase } from "../../../tests/support/postgres.ts";
import { openPostgres } from "./open-postgres.ts";

const open = async () => openPostgres({ url: await newPostgresDatabase(), reportFault: () => undefined });

test("traces past their retention are deleted, and no others", async () => {
  const database = await open();
  const rows = Array.from({ length: 30 }, (_, index) => ({
    workspace_id: `ws_${index % 2}`,
    request_id: `req_${index}`,
    created_at: 1,
    expires_at: index,
    trace: "{}",
  }));
  await database.query.insertInto("route_traces").values(rows).execute();
  await database.prune(20.5);
  const left = await database.query.selectFrom("route_traces").select("expires_at").orderBy("expires_at").execute();
  expect(left.map((row) => Number(row.expires_at))).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29]);
  await database.close();
});

test("integers of 64 bits are bigint to the last digit, also where they are computed", async () => {
  const database = await open();
  const spent = 9_007_199_254_740_993n;
  await database.query
    .insertInto("counters")
    .values({ scope: "a", spent, pledged: 1n, limit_amount: null, warn_at: null })
    .execute();
  const row = await database.query
    .selectFrom("counters")
    .select(["spent", "pledged", (select) => select.fn.max("spent").over().as("most")])
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ spent, pledged: 1n, most: spent });
  await database.close();
});
