// Budgets of workspaces and keys on the whole server: held against many callers at once, shown, told by events, and told
// further by webhooks that a standard receiver accepts.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Webhook } from "standardwebhooks";
import { arrayAt, isObject, objectAt, parseObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { asObject, billingOf } from "./support/gateway.ts";
import { forEachEngine } from "./support/engines.ts";
import { startOperatedGateway, type OperatedGateway, type Operator } from "./support/operator.ts";

/** About 0.038 USD, of which a hold may cover 0.05. */
const dear = (stream = false): JsonObject => ({
  model: "anthropic/claude-opus-4.7",
  max_output_tokens: 2_000,
  input: "[sandbox:slow=50] [sandbox:tokens=1500] Tell the story of the astrolabe.",
  stream,
});

type Delivered = { readonly headers: Record<string, string>; readonly body: string };

let gateway: OperatedGateway;
let operator: Operator;
let receiver: Bun.Server<undefined>;
const delivered: Delivered[] = [];

forEachEngine((engine) => {
  beforeAll(async () => {
    delivered.length = 0;
    receiver = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        delivered.push({ headers: Object.fromEntries(request.headers), body: await request.text() });
        return new Response();
      },
    });
    gateway = await startOperatedGateway({
      ...(await engine.environment()),
      ASTROLABE_INIT_CREDITS_USD: "1000",
      ASTROLABE_WEBHOOK_ALLOW_PRIVATE: "true",
    });
    operator = gateway.operator;
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
    await receiver.stop(true);
  });

  async function send(method: Parameters<Operator["send"]>[0], path: string, body?: JsonObject): Promise<JsonObject> {
    const answer = await operator.send(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async function errorOf(response: Response): Promise<JsonObject> {
    return objectAt(asObject(await response.json()), "error") ?? {};
  }

  async function eventsOf(type: string): Promise<JsonObject[]> {
    const { data } = await send("GET", `/events?type=${type}&limit=200`);
    return Array.isArray(data) ? data.filter(isObject) : [];
  }

  /** What is told of one owner's budget: its event type and period, oldest first. */
  async function toldOf(owner: string): Promise<string[]> {
    const events = [...(await eventsOf("budget.warning")), ...(await eventsOf("budget.reached"))];
    return events.flatMap(({ type, data }) =>
      isObject(data) && data["owner_id"] === owner ? [`${String(type)} ${String(data["period"])}`] : [],
    );
  }

  function usd(value: unknown): bigint {
    return BigInt(String(value).replace(".", ""));
  }

  /** Fifty callers at once; gives what was debited in all and the error of one that was refused. */
  async function fiftyCallers(key?: string): Promise<{ spent: bigint; refusal: JsonObject }> {
    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, caller) =>
        operator.ask("default-optimizer", dear(caller % 2 === 0), key === undefined ? {} : { key }),
      ),
    );
    const refused = responses.filter(({ status }) => status === 402);
    const served = responses.filter(({ status }) => status === 200);
    expect([refused.length + served.length, refused.length > 20, served.length > 4]).toEqual([50, true, true]);
    let spent = 0n;
    for (const response of served) {
      await response.text();
      spent += usd(billingOf(await gateway.traceOf(response))["debit_usd"]);
    }
    return { spent, refusal: await errorOf(refused[0] ?? new Response()) };
  }

  /** Asks until refused; gives that refusal. */
  async function untilRefused(key: string): Promise<JsonObject> {
    for (let tries = 0; tries < 40; tries++) {
      const response = await operator.ask("default-optimizer", dear(), { key });
      if (response.status === 402) return errorOf(response);
      await response.text();
    }
    throw new Error("nothing refused forty requests");
  }

  const tomorrow = () => `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T00:00:00.000Z`;

  describe("a budget", () => {
    test("of a workspace's day is not overshot by fifty callers, is shown, and ends when it is removed", async () => {
      const workspace = await send("PATCH", "", { budget: { dailyUsd: "0.50", monthlyUsd: "100" } });
      expect(workspace["budget"]).toEqual({
        dailyUsd: "0.50",
        monthlyUsd: "100",
        warnPercent: 80,
        hardStopPercent: 100,
      });
      const { spent, refusal } = await fiftyCallers();
      expect(spent > 0n && spent <= 500_000_000_000n).toBe(true);
      const details = { budget: "daily", owner: "workspace", owner_id: workspace["id"], limit_usd: "0.500000000000" };
      expect(refusal).toMatchObject({ code: "budget_exceeded", details: { ...details, resets_at: tomorrow() } });
      const [daily] = (arrayAt(await send("GET", "/budget"), "periods") ?? []).filter(isObject);
      expect(daily).toMatchObject({ period: "daily", limit_usd: "0.500000000000", held_usd: "0.000000000000" });
      expect(usd(daily?.["spent_usd"])).toBe(spent);
      await send("PATCH", "", { budget: null });
      expect((await operator.ask("default-optimizer", dear())).status).toBe(200);
    });

    test("of a key's day holds for that key alone", async () => {
      const key = await operator.key({ budget: { dailyUsd: "0.50" } });
      const { spent, refusal } = await fiftyCallers(key.secret);
      expect(spent > 0n && spent <= 500_000_000_000n).toBe(true);
      expect(refusal).toMatchObject({ details: { budget: "daily", owner: "key", owner_id: key.id } });
      const other = await operator.key();
      expect((await operator.ask("default-optimizer", dear(), { key: other.secret })).status).toBe(200);
    });

    test("that is tightest is the one named, with an output limit that would fit", async () => {
      const budget = { dailyUsd: "10", monthlyUsd: "30" };
      const key = await operator.key({ budget, spend_limit_usd: "0.03" });
      const error = await errorOf(await operator.ask("default-optimizer", dear(), { key: key.secret }));
      const details = objectAt(error, "details") ?? {};
      expect(details).toMatchObject({ budget: "lifetime", owner: "key" });
      const max_output_tokens = Number(details["affordable_max_output_tokens"]);
      const fitting = { ...dear(), max_output_tokens };
      expect((await operator.ask("default-optimizer", fitting, { key: key.secret })).status).toBe(200);
    });

    test("of one request is the least of workspace, key and stack", async () => {
      await operator.publish("thrifty", { budget: { perRequestMaxUsd: "0.04" } });
      const key = await operator.key({ budget: { perRequestMaxUsd: "0.03" } });
      const asked = async () => errorOf(await operator.ask("thrifty", dear(), { key: key.secret }));
      expect(await asked()).toMatchObject({
        code: "budget_exceeded",
        details: { budget: "per_request", owner: "key" },
      });
      await send("PATCH", "", { budget: { perRequestMaxUsd: "0.02" } });
      expect(await asked()).toMatchObject({ details: { owner: "workspace", limit_usd: "0.020000000000" } });
      const short = await operator.ask("thrifty", { model: "anthropic/claude-opus-4.7" }, { key: key.secret });
      const ceiling = usd(billingOf(await gateway.traceOf(short))["ceiling_usd"]);
      expect(ceiling > 10_000_000_000n && ceiling <= 20_000_000_000n).toBe(true);
      await send("PATCH", "", { budget: null });
      expect(await asked()).toMatchObject({ details: { owner: "key" } });
    });

    test("of one request also bounds several answers to one prompt", async () => {
      const key = await operator.key({ budget: { perRequestMaxUsd: "0.06" } });
      const body = {
        model: "anthropic/claude-opus-4.7",
        max_tokens: 2_000,
        messages: [{ role: "user", content: "Hi." }],
      };
      const ask = (n: number) => gateway.post("/v1/chat/completions", { ...body, n }, { key: key.secret });
      expect((await ask(1)).status).toBe(200);
      expect(await errorOf(await ask(2))).toMatchObject({
        code: "budget_exceeded",
        details: { budget: "per_request" },
      });
    });

    test("that contradicts itself is refused by field", async () => {
      for (const [budget, param] of [
        [{ dailyUsd: "2", monthlyUsd: "1" }, "budget.dailyUsd"],
        [{ dailyUsd: "-1" }, "budget.dailyUsd"],
        [{ warnPercent: 90, hardStopPercent: 50 }, "budget.warnPercent"],
        [{ weeklyUsd: "1" }, "budget.weeklyUsd"],
      ] as const) {
        const { status, body } = await operator.send("PATCH", "", { budget });
        expect([status, objectAt(body, "error")?.["param"]]).toEqual([400, param]);
      }
    });
  });

  describe("events", () => {
    test("tell of a budget's warning and of its end once, though requests are refused again and again", async () => {
      const key = await operator.key({ budget: { dailyUsd: "0.40", warnPercent: 50 } });
      const refusals = [await untilRefused(key.secret), await untilRefused(key.secret), await untilRefused(key.secret)];
      expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(["budget_exceeded"]));
      for (let tries = 0; tries < 100 && (await toldOf(key.id)).length < 2; tries++) await Bun.sleep(10);
      expect(await toldOf(key.id)).toEqual(["budget.warning daily", "budget.reached daily"]);
      const [reached] = await eventsOf("budget.reached");
      expect(reached?.["data"]).toMatchObject({
        owner: "key",
        period_name: new Date().toISOString().slice(0, 10),
        resets_at: tomorrow(),
        limit_usd: "0.400000000000",
      });
    });

    test("do not tell that a budget is spent when one request alone was too dear for it", async () => {
      const key = await operator.key({ budget: { dailyUsd: "0.02" } });
      expect((await operator.ask("default-optimizer", dear(), { key: key.secret })).status).toBe(402);
      await Bun.sleep(50);
      expect(await toldOf(key.id)).toEqual([]);
    });

    test("tell of a low balance each time it is passed, at the threshold that is set", async () => {
      const balance = async () => String((await send("GET", "/credits"))["balance_usd"]);
      const set = async (low_balance_threshold_usd: string | null) =>
        send("PATCH", "/credits", { low_balance_threshold_usd });
      expect((await set(await balance()))["low_balance_threshold_usd"]).toBe(await balance());
      await (await operator.ask("default-optimizer", dear())).text();
      await (await operator.ask("default-optimizer", dear())).text();
      expect((await eventsOf("credits.low")).length).toBe(1);
      await send("POST", "/credits/grants", { amount_usd: "1", memo: "more" });
      await set(await balance());
      await (await operator.ask("default-optimizer", dear())).text();
      expect((await eventsOf("credits.low")).length).toBe(2);
      expect((await set(null))["low_balance_threshold_usd"]).toBeNull();
      await (await operator.ask("default-optimizer", dear())).text();
      expect((await eventsOf("credits.low")).length).toBe(2);
    });

    test("are filtered by known types only, and paged", async () => {
      expect((await operator.send("GET", "/events?type=credits.high")).status).toBe(400);
      const first = await send("GET", "/events?limit=1");
      const second = await send("GET", `/events?limit=1&cursor=${String(first["next_cursor"])}`);
      const ids = [first, second].flatMap(({ data }) => (Array.isArray(data) ? data.filter(isObject) : []));
      expect(new Set(ids.map(({ id }) => id)).size).toBe(2);
    });
  });

  describe("webhooks", () => {
    test("carry events to a receiver that checks them, about a second after they happened", async () => {
      const url = `http://127.0.0.1:${receiver.port}/hook`;
      const created = await send("POST", "/webhooks", { url, event_types: ["budget.warning"] });
      const secret = stringAt(created, "secret") ?? "";
      expect(JSON.stringify(await send("GET", "/webhooks"))).not.toContain(secret.slice(6));
      gateway.wired.webhooks.start();
      const key = await operator.key({ budget: { dailyUsd: "0.40", warnPercent: 5 } });
      await (await operator.ask("default-optimizer", dear(), { key: key.secret })).text();
      for (let tries = 0; tries < 500 && delivered.length === 0; tries++) await Bun.sleep(10);
      const [message] = delivered;
      if (!message) throw new Error("nothing was delivered");
      const data = { owner: "key", owner_id: key.id, period: "daily" };
      expect(new Webhook(secret).verify(message.body, message.headers)).toMatchObject({ type: "budget.warning", data });
      const [event] = await eventsOf("budget.warning");
      expect([message.headers["webhook-id"], parseObject(message.body)?.["timestamp"]]).toEqual([
        stringAt(event ?? {}, "id"),
        stringAt(event ?? {}, "created_at"),
      ]);
      const path = `/webhooks/${String(created["id"])}`;
      const shown = async () => (arrayAt(await send("GET", `${path}/deliveries`), "data") ?? []).filter(isObject);
      for (let tries = 0; tries < 100 && (await shown())[0]?.["status"] !== "delivered"; tries++) await Bun.sleep(10);
      expect(await shown()).toMatchObject([
        { event_type: "budget.warning", status: "delivered", attempts: 1, last_status: 200 },
      ]);
    });

    test("are changed, tried, given a new secret and deleted", async () => {
      const url = `http://127.0.0.1:${receiver.port}/other`;
      const { id, secret } = await send("POST", "/webhooks", { url });
      const path = `/webhooks/${String(id)}`;
      expect(await send("GET", path)).toMatchObject({ url, event_types: [], status: "enabled", failing_since: null });
      expect(await send("PATCH", path, { status: "disabled" })).toMatchObject({ status: "disabled" });
      expect((await operator.send("POST", `${path}/test`)).status).toBe(409);
      await send("PATCH", path, { status: "enabled", event_types: ["webhook.test"] });
      expect((await send("POST", `${path}/rotate-secret`))["secret"]).not.toBe(secret);
      const { event_id } = await send("POST", `${path}/test`);
      for (let tries = 0; tries < 500 && !delivered.some(isTest); tries++) await Bun.sleep(10);
      expect(delivered.find(isTest)?.headers["webhook-id"]).toBe(String(event_id));
      expect(await send("DELETE", path)).toEqual({ object: "webhook_endpoint", id: String(id), deleted: true });
      expect((await operator.send("GET", path)).status).toBe(404);
    });

    const isTest = ({ body }: Delivered) => body.includes("webhook.test");

    test("are refused where their address is unusable, and beyond sixteen", async () => {
      for (const url of ["ftp://127.0.0.1/", "hook", "http://user:word@127.0.0.1/"]) {
        const { status, body } = await operator.send("POST", "/webhooks", { url });
        expect([url, status, objectAt(body, "error")?.["param"]]).toEqual([url, 400, "url"]);
      }
      const statuses: number[] = [];
      for (let count = 0; count < 16; count++) {
        statuses.push((await operator.send("POST", "/webhooks", { url: "https://hooks.astrolabe.dev/" })).status);
      }
      expect(statuses.filter((status) => status === 201).length).toBe(15);
      expect(statuses.at(-1)).toBe(409);
    });
  });
});
