// A server killed while Stripe reports payments: what it had answered with 2xx is never reported
// again, and is credited after the next start all the same; nothing is credited twice.

import { describe, expect, test } from "bun:test";
import { arrayAt, isObject, parseObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { operatorToken } from "../server/keys/operator-token.ts";
import { forEachEngine } from "./support/engines.ts";
import { shortUsd } from "./support/shop.ts";
import { startServer, temporaryDirectory, type ServerProcess } from "./support/server-process.ts";
import { StripeDouble } from "./support/stripe-double.ts";
import type { StripeEvent } from "./support/stripe-events.ts";

const master = Buffer.alloc(32, 9);
const payments = 12;
/** After how long a report is cut off by the end of the server, in milliseconds; each is a kill. */
const killsAfter = [5, 15, 30, 60];

async function call(server: ServerProcess, path: string, body?: JsonObject): Promise<JsonObject> {
  const response = await fetch(server.url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${operatorToken(master)}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return parseObject(await response.text()) ?? {};
}

forEachEngine((engine) => {
  describe("a server killed while Stripe reports", () => {
    test("loses no payment and credits none twice", async () => {
      const stripe = new StripeDouble();
      const directory = temporaryDirectory();
      const environment = {
        ...(await engine.environment()),
        ...stripe.environment,
        ASTROLABE_MASTER_KEY: master.toString("base64"),
        ASTROLABE_INIT_CREDITS_USD: "0",
      };
      const start = () => startServer(directory.path, environment);
      let server = await start();
      try {
        const [workspace] = arrayAt(await call(server, "/api/workspaces"), "data") ?? [];
        const home = `/api/workspaces/${isObject(workspace) ? stringAt(workspace, "id") : ""}`;
        for (let index = 0; index < payments; index++) {
          const order = await call(server, `${home}/billing/checkouts`, { pack_usd: "10" });
          stripe.pay(stringAt(order, "checkout_url")?.split("/").at(-1) ?? "");
        }
        const open = new Set<StripeEvent>(stripe.events);
        const report = async (): Promise<void> => {
          await Promise.all(
            [...open].map(async (event) => {
              const status = await stripe.deliver(event, server.url).catch(() => 0);
              if (status === 200) open.delete(event);
            }),
          );
        };
        let cutOff = 0;
        for (const delay of killsAfter) {
          const reporting = report();
          await Bun.sleep(delay);
          server.signal("SIGKILL");
          await reporting;
          expect(await server.exited).toBe(137);
          cutOff += open.size;
          server = await start();
        }
        expect(cutOff).toBeGreaterThan(0);
        await report();
        expect(open.size).toBe(0);
        const balance = async () => shortUsd((await call(server, `${home}/billing`))["balance_usd"]);
        // What a killed server was applying is taken up again at a start, or when its minute is over.
        for (const deadline = Date.now() + 120_000; Date.now() < deadline; await Bun.sleep(50)) {
          if ((await balance()) === String(payments * 10)) break;
        }
        expect(await balance()).toBe(String(payments * 10));
        const entries = arrayAt(await call(server, `${home}/ledger-entries?limit=200`), "data") ?? [];
        expect(entries.length).toBe(payments);
      } finally {
        await server.end();
        directory.remove();
        await stripe.close();
      }
    }, 200_000);
  });
});
