import { expect, test } from "bun:test";
import { newPostgresDatabase } from "../../../tests/support/postgres.ts";
import { openPostgres } from "./open-postgres.ts";

test("housekeeping deletes what has expired at a time with fractions", async () => {
  const database = await openPostgres({ url: await newPostgresDatabase(), reportFault: () => undefined });
  const trace = (id: string, expiresAt: number) => ({
    workspace_id: "ws_1",
    request_id: id,
    created_at: 1,
    expires_at: expiresAt,
    trace: "{}",
  });
  await database.query
    .insertInto("route_traces")
    .values([trace("req_old", 1_000), trace("req_new", 1_001)])
    .execute();
  await database.prune(1_000.75);
  const left = await database.query.selectFrom("route_traces").select("request_id").execute();
  expect(left).toEqual([{ request_id: "req_new" }]);
  await database.close();
});
