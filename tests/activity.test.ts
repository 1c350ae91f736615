// Traces and usage as the control API gives them, of requests that a whole gateway answered and refused.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { headerNames } from "../server/contracts/headers.ts";
import { arrayAt, isObject, objectAt, parseObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { operatorToken } from "../server/keys/operator-token.ts";
import { formatUsd, parseUsd, picodollars } from "../server/money/picodollars.ts";
import { openDatabase } from "../server/storage/open-database.ts";
import { forEachEngine } from "./support/engines.ts";
import type { OperatedGateway } from "./support/operator.ts";
import { refuses, startGatewayOver, startUpstreamDouble, type UpstreamDouble } from "./support/upstream-double.ts";

forEachEngine((engine) => {
  let upstream: UpstreamDouble;
  let dataDir: string;
  let databaseUrl: string | undefined;
  let gateway: OperatedGateway;
  let answered: Response;
  let fallenBack: Response;
  let refused: Response;
  const read = async (path: string): Promise<JsonObject> => (await gateway.operator.send("GET", path)).body;
  const listed = async (path: string): Promise<JsonObject[]> =>
    (arrayAt(await read(path), "data") ?? []).filter(isObject);
  const download = async (path: string): Promise<string> => {
    const token = operatorToken(Buffer.alloc(32, 7));
    const address = `${gateway.url}/api/workspaces/${answered.headers.get(headerNames.workspace)}${path}`;
    const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
    expect(response.headers.get("content-disposition")).toStartWith("attachment");
    return response.text();
  };
  const idOf = (response: Response): string => response.headers.get("x-astrolabe-cloud-request-id") ?? "";
  const detailOf = async (response: Response): Promise<JsonObject> => {
    await gateway.traceOf(response);
    return read(`/traces/${idOf(response)}`);
  };

  beforeAll(async () => {
    upstream = startUpstreamDouble();
    dataDir = mkdtempSync(join(tmpdir(), "astrolabe-activity-"));
    const environment = await engine.environment();
    databaseUrl = environment["DATABASE_URL"];
    gateway = await startGatewayOver(upstream, { ...environment, ASTROLABE_DATA_DIR: dataDir });
    await gateway.operator.publish("closed", { boundaries: { allowedModels: ["no/such-model"] } });
    await gateway.operator.publish("keeping", { memory: { storePrompts: true, storeOutputs: true } });
    answered = await gateway.operator.ask("default-optimizer");
    await answered.text();
    upstream.behave({ first: refuses(500, "the model crashed") });
    fallenBack = await gateway.operator.ask("in-order");
    await fallenBack.text();
    upstream.behave({});
    refused = await gateway.operator.ask("closed");
    await refused.text();
    for (const response of [answered, fallenBack, refused]) await gateway.traceOf(response);
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  describe("a trace", () => {
    test("shows the headers that the response had, of an answer, a fallback and a refusal", async () => {
      for (const response of [answered, fallenBack, refused]) {
        const shown = objectAt(await detailOf(response), "headers") ?? {};
        const sent = [...response.headers].filter(([name]) =>
          /^(?:x-astrolabe|x-ratelimit|x-request-id|request-id)/.test(name),
        );
        expect(shown).toEqual(Object.fromEntries(sent));
      }
    });

    test("names its key, its ledger entry, and lines that add up to the debit", async () => {
      const detail = await detailOf(answered);
      const billing = objectAt(objectAt(detail, "trace") ?? {}, "billing") ?? {};
      const lines = (arrayAt(billing, "lines") ?? []).filter(isObject);
      const sum = lines.reduce((all, line) => all + (parseUsd(stringAt(line, "amount_usd") ?? "") ?? 0n), 0n);
      expect(formatUsd(picodollars(sum))).toBe(stringAt(billing, "debit_usd") ?? "");
      const entry = (await listed("/ledger-entries")).find((one) => one["request_id"] === idOf(answered));
      expect([detail["ledger_entry_id"], detail["ledger_sequence"]]).toEqual([entry?.["id"], entry?.["sequence"]]);
      expect(detail["key_id"]).toBe((await listed("/keys")).find(({ name }) => name === detail["key_name"])?.["id"]);
    });

    test("says what the other candidates would have cost, the answering one first and at its own price", async () => {
      const detail = await detailOf(fallenBack);
      const [first, ...others] = (arrayAt(detail, "alternatives") ?? []).filter(isObject);
      const billing = objectAt(objectAt(detail, "trace") ?? {}, "billing") ?? {};
      expect(first).toMatchObject({
        role: "answered",
        cost_usd: billing["debit_usd"],
        difference_usd: formatUsd(picodollars(0n)),
      });
      expect(others.map(({ model }) => model)).toContain("openai/gpt-5.4");
      for (const { cost_usd: cost, difference_usd: difference } of others) {
        const [whole, more, own] = [cost, difference, billing["debit_usd"]].map((text) => parseUsd(String(text)) ?? 0n);
        expect((whole ?? 0n) - (more ?? 0n)).toBe(own ?? 0n);
      }
    });

    test("of a refusal says why, and costs nothing", async () => {
      const detail = await detailOf(refused);
      expect(detail).toMatchObject({ ledger_entry_id: null, alternatives: [] });
      expect(objectAt(detail, "trace")).toMatchObject({ status: 409, error_code: "routing_policy_blocked" });
    });

    test("of another workspace, or of nobody, is not found", async () => {
      const { body } = await gateway.operator.send("POST", "/api/workspaces", { name: "Other" });
      const other = `/api/workspaces/${stringAt(body, "id")}`;
      expect((await gateway.operator.send("GET", `${other}/traces/${idOf(answered)}`)).status).toBe(404);
      expect((await gateway.operator.send("GET", "/traces/req_nothing")).status).toBe(404);
      expect(await listed(`${other}/traces`)).toEqual([]);
      expect(await listed(`${other}/usage`)).toEqual([]);
    });
  });

  describe("lists", () => {
    test("find requests by what is known of them", async () => {
      const found = async (filter: string) => (await listed(`/traces?${filter}`)).map((row) => row["request_id"]);
      expect(await found("status=client_error")).toEqual([idOf(refused)]);
      expect(await found("unbillable_reason=routing_policy_blocked")).toEqual([idOf(refused)]);
      expect(await found("stack=in-order&status=success")).toEqual([idOf(fallenBack)]);
      expect(await found("billing=billed")).toEqual([idOf(fallenBack), idOf(answered)]);
      expect(await found("min_cost_usd=1")).toEqual([]);
      expect(await found("requested_model=astrolabe%2Fauto&limit=2")).toEqual([idOf(refused), idOf(fallenBack)]);
      expect(await found("to=2020-01-01T00:00:00Z")).toEqual([]);
    });

    test("refuse a filter that is none", async () => {
      for (const filter of ["status=700", "min_cost_usd=-1", "from=yesterday", "colour=red", "category=poetry"]) {
        expect((await gateway.operator.send("GET", `/traces?${filter}`)).status).toBe(400);
      }
    });

    test("are what the export holds, as CSV and as JSON lines", async () => {
      const rows = await listed("/usage?billing=billed");
      const lines = (await download("/usage/export?billing=billed&format=jsonl")).trim().split("\n");
      expect(lines.map((line) => parseObject(line) ?? {})).toEqual(rows);
      const [head, ...csv] = (await download("/usage/export?billing=billed")).trim().split("\r\n");
      const { object: _, ...columns } = rows[0] ?? {};
      expect(head?.split(",")).toEqual(Object.keys(columns));
      expect(csv.map((line) => line.split(",")[0])).toEqual(rows.map((row) => String(row["request_id"])));
    });
  });

  test("usage over time adds up to the debits, by UTC day, and names what it groups by", async () => {
    const series = await read("/usage/series?interval=day&group_by=stack");
    const rows = await listed("/usage");
    const debits = rows.reduce((sum, row) => sum + (parseUsd(String(row["debit_usd"])) ?? 0n), 0n);
    expect(objectAt(series, "total")).toMatchObject({
      requests: rows.length,
      errors: 1,
      unbilled: 1,
      cost_usd: formatUsd(picodollars(debits)),
    });
    const groups = (arrayAt(series, "groups") ?? []).filter(isObject).map(({ name }) => name);
    expect(groups.toSorted()).toEqual(["closed", "default-optimizer", "in-order"]);
    for (const point of (arrayAt(series, "points") ?? []).filter(isObject)) {
      expect(stringAt(point, "starts_at")).toEndWith("T00:00:00.000Z");
    }
    const tooLong = "/usage/series?interval=hour&from=2020-01-01T00:00:00Z";
    expect((await gateway.operator.send("GET", tooLong)).status).toBe(400);
  });

  test("stored texts are shown with their trace, lie encrypted, and are gone after their retention", async () => {
    const secret = "the astrolabe lies in Riga under the third stone";
    const response = await gateway.operator.ask("keeping", { input: secret });
    await response.text();
    expect(objectAt(await gateway.traceOf(response), "prompt")).toMatchObject({ input: secret });
    expect(objectAt(objectAt(await detailOf(response), "trace") ?? {}, "output")).toBeDefined();
    const database = await openDatabase({ databaseUrl, dataDir }, () => undefined);
    const traces = await database.query.selectFrom("route_traces").select("trace").execute();
    expect(traces.some(({ trace }) => trace.includes("Riga"))).toBe(false);
    const [text, ...others] = await database.query.selectFrom("stored_texts").select("sealed").execute();
    expect([others, Buffer.from(text?.sealed ?? []).includes("Riga")]).toEqual([[], false]);
    await database.prune(Date.now() + 31 * 86_400_000);
    expect(await database.query.selectFrom("stored_texts").selectAll().execute()).toEqual([]);
    expect(objectAt(await detailOf(response), "trace")?.["prompt"]).toBeUndefined();
    await database.close();
  });
});
