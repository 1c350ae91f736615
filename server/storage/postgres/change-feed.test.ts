import { expect, test } from "bun:test";
import { Client } from "pg";
import { newPostgresDatabase } from "../../../tests/support/postgres.ts";
import { startPostgresProxy } from "../../../tests/support/postgres-proxy.ts";
import type { ChangeTopic } from "../database.ts";
import { openPostgres } from "./open-postgres.ts";

/** Waits until `heard` has what is expected, two seconds at the most. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 400; tries++) await Bun.sleep(5);
  expect(isSo()).toBe(true);
}

test("what one process tells the others hear, within milliseconds, and it does not hear itself", async () => {
  const url = await newPostgresDatabase();
  const open = () => openPostgres({ url, reportFault: () => undefined });
  const [teller, hearer] = await Promise.all([open(), open()]);
  const heard: { at: number; topic: ChangeTopic }[] = [];
  const own: ChangeTopic[] = [];
  // Both begin by forgetting everything, once they listen.
  teller.changes.listen((topic) => own.push(topic));
  hearer.changes.listen((topic) => heard.push({ at: performance.now(), topic }));
  await until(() => own.length === 2 && heard.length === 2);
  const toldAt = performance.now();
  teller.changes.tell("stacks");
  await until(() => heard.length === 3);
  expect(heard[2]?.topic).toBe("stacks");
  expect((heard[2]?.at ?? Infinity) - toldAt).toBeLessThan(500);
  await Bun.sleep(50);
  expect(own).toHaveLength(2);
  await Promise.all([teller.close(), hearer.close()]);
});

test("a listener that lost its connection listens again, and forgets everything it may have missed", async () => {
  const url = await newPostgresDatabase();
  const proxy = startPostgresProxy(url);
  const faults: string[] = [];
  const teller = await openPostgres({ url, reportFault: () => undefined });
  const hearer = await openPostgres({ url: proxy.url, reportFault: (where) => faults.push(where) });
  const heard: ChangeTopic[] = [];
  hearer.changes.listen((topic) => heard.push(topic));
  await until(() => heard.length === 2);
  proxy.cut();
  teller.changes.tell("keys");
  await Bun.sleep(200);
  expect(heard).toHaveLength(2);
  proxy.restore();
  await until(() => heard.length === 4);
  expect(heard.slice(2)).toEqual(["keys", "stacks"]);
  expect(faults).toEqual(["change feed"]);
  teller.changes.tell("keys");
  await until(() => heard.length === 5);
  await Promise.all([teller.close(), hearer.close()]);
  proxy.close();
});

test("what is told holds no secret: a topic and the teller's own number", async () => {
  const url = await newPostgresDatabase();
  const database = await openPostgres({ url, reportFault: () => undefined });
  const payloads: string[] = [];
  const listener = new Client({ connectionString: url });
  await listener.connect();
  listener.on("notification", ({ payload }) => payloads.push(payload ?? ""));
  await listener.query("LISTEN astrolabe_changes");
  database.changes.tell("keys");
  await until(() => payloads.length === 1);
  expect(payloads[0]).toMatch(/^keys [0-9a-f-]{36}$/);
  await listener.end();
  await database.close();
});
