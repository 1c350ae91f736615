// The catalogue as people see it: who may, what it says, and what prices were.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { forEachEngine } from "../../../tests/support/engines.ts";
import { openTestControlPlane, type TestControlPlane } from "../../control-plane.test-kit.ts";
import { catalogueSchema, modelDetailSchema } from "../../contracts/control-catalogue.ts";
import { parseObject } from "../../contracts/json.ts";
import { recordPriceList } from "../../audit/price-lists.ts";
import { picodollars } from "../../money/picodollars.ts";
import { priceListStore } from "../../storage/price-list-store.ts";

forEachEngine((engine) => {
  let plane: TestControlPlane;
  beforeEach(async () => {
    plane = await openTestControlPlane(await engine.environment());
  });
  afterEach(() => plane.close());

  async function read(path: string, headers: Record<string, string> = {}) {
    const response = await plane.app.request(path, { headers });
    return { status: response.status, body: parseObject(await response.text()) ?? {} };
  }

  const asPerson = async (path: string) => read(path, { ...(await plane.signIn()).headers });

  describe("the catalogue", () => {
    test("is for people who are signed in, whatever they are members of", async () => {
      for (const path of ["/api/catalogue", "/api/catalogue/nano", "/api/catalogue/openai/gpt-5.4-nano"]) {
        expect((await read(path)).status).toBe(401);
        expect((await asPerson(path)).status).toBe(200);
      }
    });

    test("is for everybody where the operator says so", async () => {
      const open = await openTestControlPlane({ ...(await engine.environment()), publicCatalogue: "true" });
      const answer = await open.app.request("/api/catalogue");
      expect(answer.status).toBe(200);
      await open.close();
    });

    test("holds every model with its prices, capabilities, lanes and who serves it here", async () => {
      const { body } = await asPerson("/api/catalogue");
      const catalogue = catalogueSchema.parse(body);
      expect(catalogue.data).toHaveLength(plane.services.catalogue.catalogue.models.length);
      expect(catalogue).toMatchObject({ mode: "sandbox", has_more: false, price_version: "2026-11-22" });
      const sonnet = catalogue.data.find(({ id }) => id === "anthropic/claude-sonnet-4.6");
      expect(sonnet).toMatchObject({
        vendor: "anthropic",
        available: true,
        prices: {
          input_per_1m_usd: "3",
          output_per_1m_usd: "15",
          cached_input_per_1m_usd: "0.3",
          cache_write_per_1m_usd: "3.75",
        },
        providers: [{ provider: "sandbox", data_policy: "zero_retention", region: "local" }],
      });
      expect(sonnet?.capabilities).toContain("prompt_cache");
      expect(sonnet?.lanes.map(({ virtual_model }) => virtual_model)).toContain("astrolabe/safe");
      const titan = catalogue.data.find(({ kind }) => kind === "embed");
      expect(titan).toMatchObject({ max_output_tokens: null, vendor: "amazon", prices: { output_per_1m_usd: null } });
    });

    test("gives one model by id, with or without its vendor in the address, and by alias", async () => {
      const byId = await asPerson("/api/catalogue/openai/gpt-5.4-nano");
      expect(byId.body["id"]).toBe("openai/gpt-5.4-nano");
      expect((await asPerson("/api/catalogue/openai%2Fgpt-5.4-nano")).body["id"]).toBe("openai/gpt-5.4-nano");
      expect((await asPerson("/api/catalogue/gpt54Nano")).body["id"]).toBe("openai/gpt-5.4-nano");
      expect((await asPerson("/api/catalogue/claude-haiku-4-5")).body["vendor"]).toBe("anthropic");
      const unknown = await asPerson("/api/catalogue/nobody/nothing");
      expect([unknown.status, unknown.body]).toMatchObject([404, { error: { code: "unknown_model" } }]);
    });

    test("says what a model cost under every price list that the server has run with", async () => {
      const day = 86_400_000;
      let at = plane.clock.now - 30 * day;
      const lists = priceListStore(plane.database.query, () => at);
      const model = (input: bigint) => ({
        id: "openai/gpt-5.4-nano",
        prices: { input_token: picodollars(input), output_token: picodollars(9_000n) },
      });
      await recordPriceList(lists, "2029-11-01", []);
      at += day;
      await recordPriceList(lists, "2029-12-01", [model(300_000n)]);
      at += day;
      await recordPriceList(lists, "2030-01-01", [model(250_000n)]);
      const { price_history } = modelDetailSchema.parse((await asPerson("/api/catalogue/nano")).body);
      expect(price_history.map(({ price_version, prices }) => [price_version, prices?.input_per_1m_usd])).toEqual([
        ["2030-01-01", "0.25"],
        ["2029-12-01", "0.3"],
        ["2029-11-01", undefined],
      ]);
    });
  });
});
