// The ledger as people read it: filtered, summed, exported; receipts and monthly statements made of it.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { PDFDocument } from "pdf-lib";
import { arrayAt, isObject, parseObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { operatorToken } from "../server/keys/operator-token.ts";
import { forEachEngine } from "./support/engines.ts";
import { startOperatedGateway, type OperatedGateway } from "./support/operator.ts";
import { shortUsd } from "./support/shop.ts";

const token = operatorToken(Buffer.alloc(32, 7));

forEachEngine((engine) => {
  describe("a workspace's ledger", () => {
    let gateway: OperatedGateway;
    let home: string;
    let keyId: string;
    const requests: string[] = [];

    beforeAll(async () => {
      gateway = await startOperatedGateway(await engine.environment());
      home = `${gateway.url}/api/workspaces/${stringAt((await gateway.operator.send("GET", "")).body, "id")}`;
      const { secret, id } = await gateway.operator.key({ name: "other" });
      keyId = id;
      for (const key of [gateway.liveKey, gateway.liveKey, secret]) {
        const answer = await gateway.post("/v1/responses", { model: "astrolabe/auto", input: "Say hello." }, { key });
        expect(answer.status).toBe(200);
        await answer.text();
        requests.push(answer.headers.get("x-astrolabe-cloud-request-id") ?? "");
      }
      await gateway.operator.send("POST", "/credits/grants", { amount_usd: "3", memo: 'Invoice 100%_7, "paid"' });
    });
    afterAll(() => gateway.close());

    const get = async (path: string): Promise<JsonObject> => (await gateway.operator.send("GET", path)).body;
    const entriesOf = async (query = ""): Promise<JsonObject[]> =>
      (arrayAt(await get(`/ledger-entries?${query}`), "data") ?? []).filter((item) => isObject(item));
    const kindsOf = async (query: string): Promise<unknown[]> => (await entriesOf(query)).map(({ kind }) => kind);
    const download = (path: string) => fetch(home + path, { headers: { authorization: `Bearer ${token}` } });

    test("is filtered by kind, counterpart, key, request, time and memo, all at once", async () => {
      expect(await kindsOf("")).toEqual(["credit", "debit", "debit", "debit", "credit"]);
      expect(await kindsOf("kind=debit")).toEqual(["debit", "debit", "debit"]);
      expect(await kindsOf("kind=credit,refund")).toEqual(["credit", "credit"]);
      expect(await kindsOf("counterpart=usage")).toEqual(["debit", "debit", "debit"]);
      expect((await entriesOf(`key=${keyId}`)).map((entry) => entry["request_id"])).toEqual([requests[2] ?? ""]);
      expect((await entriesOf(`request=${requests[1]}`)).map((entry) => entry["request_id"])).toEqual([
        requests[1] ?? "",
      ]);
      expect(await kindsOf("memo=invoice")).toEqual(["credit"]);
      expect(await kindsOf("memo=100%25_7")).toEqual(["credit"]);
      expect(await kindsOf("memo=100%25x7")).toEqual([]);
      expect(await kindsOf(`from=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
      expect(await kindsOf(`to=${new Date(Date.now() + 60_000).toISOString()}&kind=debit`)).toHaveLength(3);
      expect(await kindsOf(`kind=credit&key=${keyId}`)).toEqual([]);
      expect((await gateway.operator.send("GET", "/ledger-entries?kind=debit,gift")).status).toBe(400);
    });

    test("is read in pages, also under a filter", async () => {
      const first = await get("/ledger-entries?kind=debit&limit=2");
      expect([arrayAt(first, "data")?.length, first["has_more"]]).toEqual([2, true]);
      const second = await get(`/ledger-entries?kind=debit&limit=2&cursor=${stringAt(first, "next_cursor")}`);
      expect([arrayAt(second, "data")?.length, second["has_more"]]).toEqual([1, false]);
    });

    test("is summed for the filter, to the balance without one", async () => {
      const totals = await get("/ledger-entries/totals");
      expect(totals).toMatchObject({ entries: 5, net_usd: (await get("/credits"))["balance_usd"] });
      const debits = await get(`/ledger-entries/totals?key=${keyId}`);
      const [entry] = await entriesOf(`key=${keyId}`);
      expect(debits).toMatchObject({ entries: 1, net_usd: entry?.["amount_usd"] });
    });

    test("is exported as CSV and JSON lines, exactly as the filter says", async () => {
      const csv = await download("/ledger-entries.csv?memo=invoice");
      expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
      const [head, line, end] = (await csv.text()).split("\r\n");
      expect(head).toStartWith("sequence,created_at,kind,counterpart,amount_usd,balance_after_usd,request_id,memo");
      expect(line).toContain('"Invoice 100%_7, ""paid"""');
      expect(end).toBe("");
      const lines = (await (await download("/ledger-entries.jsonl?kind=debit")).text()).trim().split("\n");
      expect(lines.map((text) => parseObject(text))).toEqual(await entriesOf("kind=debit"));
    });

    test("gives a debit back by parts, never more than was debited, each part once", async () => {
      const [debit] = await entriesOf(`request=${requests[0]}`);
      const amount = stringAt(debit ?? {}, "amount_usd")?.slice(1) ?? "";
      const back = (amount_usd: string, idempotency_key: string) =>
        gateway.operator.send("POST", "/credits/refunds", {
          request_id: requests[0] ?? "",
          amount_usd,
          memo: "a bad answer",
          idempotency_key,
        });
      expect((await back("0.000000000001", "first")).status).toBe(201);
      expect((await back("0.000000000001", "first")).status).toBe(201);
      expect((await back("0.000000000002", "first")).status).toBe(409);
      expect((await back(amount, "rest")).status).toBe(409);
      const entries = await entriesOf(`request=${requests[0]}`);
      expect(entries.map(({ kind }) => kind)).toEqual(["refund", "debit"]);
    });

    test("has a receipt for each grant, and for nothing else", async () => {
      const [grant] = await entriesOf("memo=invoice");
      const receipt = await download(`/billing/receipts/${stringAt(grant ?? {}, "id")}`);
      expect(receipt.headers.get("content-disposition")).toMatch(
        /^attachment; filename="receipt-R-\w{4}-\w{4}-\w{4}\.pdf"$/,
      );
      const pdf = await PDFDocument.load(await receipt.arrayBuffer());
      expect([pdf.getPageCount(), pdf.getTitle()?.slice(0, 10)]).toEqual([1, "Receipt R-"]);
      const [debit] = await entriesOf("kind=debit");
      expect((await download(`/billing/receipts/${stringAt(debit ?? {}, "id")}`)).status).toBe(404);
    });

    test("is stated for each month, and adds up", async () => {
      const month = new Date().toISOString().slice(0, 7);
      const statement = await get(`/billing/statements/${month}`);
      const sums = ["opening_balance", "credits", "debits", "refunds", "adjustments"].map((name) =>
        Number(statement[`${name}_usd`]),
      );
      expect(sums.reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(Number(statement["closing_balance_usd"]), 9);
      expect(shortUsd(statement["credits_usd"])).toBe("28");
      expect(arrayAt(statement, "models")?.[0]).toMatchObject({ requests: expect.any(Number) });
      const csv = await (await download(`/billing/statements/${month}/csv`)).text();
      expect(csv).toContain(`${month},closing_balance,,,${String(statement["closing_balance_usd"])}`);
      const pdf = await download(`/billing/statements/${month}/pdf`);
      expect((await PDFDocument.load(await pdf.arrayBuffer())).getTitle()).toBe(`Statement ${month}`);
      expect((await get("/billing/statements/2024-02"))["closing_balance_usd"]).toBe("0.000000000000");
      expect((await gateway.operator.send("GET", "/billing/statements/2999-01")).status).toBe(404);
      expect((await gateway.operator.send("GET", "/billing/statements/2024-13")).status).toBe(400);
    });

    test("writes names in any script on a receipt", async () => {
      await gateway.operator.send("PATCH", "/billing/settings", {
        details: { name: "Żółć 株式会社 <script>", address: "1 Main Street\nParis" },
      });
      const [grant] = await entriesOf("memo=invoice");
      expect((await download(`/billing/receipts/${stringAt(grant ?? {}, "id")}`)).status).toBe(200);
    });
  });
});
