import { describe, expect, test } from "bun:test";
import { loadCatalogue, shippedSource } from "./load-catalogue.ts";
import { formatPerMillion } from "../money/picodollars.ts";

const catalogue = loadCatalogue();

describe("the shipped catalogue", () => {
  test("holds the forty roster models and the four gateway models, all priced", () => {
    const count = (availability: string) => catalogue.models.filter((model) => model.availability === availability);
    expect(catalogue.models).toHaveLength(44);
    expect(count("routed").filter((model) => model.kind === "generate")).toHaveLength(17);
    expect(count("listed")).toHaveLength(18 + 3);
    expect(count("preview")).toHaveLength(5);
    expect(catalogue.models.filter((model) => model.prices === undefined)).toEqual([]);
  });

  test("finds a model by id, by short key and by historical alias, case-sensitively", () => {
    const named = (id: string) => catalogue.find(id)?.id;
    expect(named("openai/gpt-5.4-nano")).toBe("openai/gpt-5.4-nano");
    expect(named("gpt54Nano")).toBe("openai/gpt-5.4-nano");
    expect(named("nano")).toBe("openai/gpt-5.4-nano");
    expect(named("mini")).toBe("openai/gpt-5.4-mini");
    expect(named("gemFlash")).toBe("google/gemini-2.5-flash-lite");
    expect(named("grok41Fast")).toBe("x-ai/grok-4.1-fast");
    expect(named("grok420Beta")).toBe("x-ai/grok-4.20");
    expect(named("GPT54NANO")).toBeUndefined();
  });

  test("sells Claude cache reads at a tenth and cache writes at five quarters of the input price", () => {
    for (const id of ["anthropic/claude-sonnet-4.6", "anthropic/claude-opus-4.7", "claude-haiku-4-5"]) {
      const prices = catalogue.find(id)?.prices;
      const input = prices?.input_token ?? 0n;
      expect((prices?.cached_input_token ?? 0n) * 10n).toBe(input);
      expect((prices?.cache_write_token ?? 0n) * 4n).toBe(input * 5n);
    }
  });

  test("prices the embedding model by input alone", () => {
    const titan = catalogue.find("titan-embed-text-v2");
    expect(titan?.kind).toBe("embed");
    expect(Object.keys(titan?.prices ?? {})).toEqual(["input_token"]);
    expect(titan?.prices?.input_token && formatPerMillion(titan.prices.input_token)).toBe("0.02");
  });

  test("names roster models as OpenRouter does and vendor models as the vendor does", () => {
    expect(catalogue.find("gpt54Mini")?.upstreamNames).toEqual({
      openrouter: "openai/gpt-5.4-mini",
      openai: "gpt-5.4-mini",
    });
    expect(catalogue.find("claude-sonnet-4-6")?.upstreamNames["openrouter"]).toBe("anthropic/claude-sonnet-4.6");
    expect(catalogue.find("sonnet")?.upstreamNames["anthropic"]).toBe("claude-sonnet-4-6");
    expect(catalogue.find("m27")?.upstreamNames["openai"]).toBeUndefined();
    expect(catalogue.find("gem31Pro")?.upstreamNames["gemini"]).toBe("gemini-3.1-pro-preview");
    expect(catalogue.find("gemma431b")?.upstreamNames["gemini"]).toBeUndefined();
  });

  test("is frozen", () => {
    expect(Object.isFrozen(catalogue)).toBe(true);
    expect(catalogue.models.every((model) => Object.isFrozen(model))).toBe(true);
  });
});

describe("data that contradicts itself stops the start", () => {
  const first = shippedSource.models[0];
  const second = shippedSource.models[1];
  if (!first || !second) throw new Error("the shipped catalogue is empty");

  test("two models with one name", () => {
    const models = [first, { ...second, aliases: [first.id] }];
    expect(() => loadCatalogue({ ...shippedSource, models })).toThrow(/both called/);
  });

  test("a price for a model that does not exist", () => {
    const prices = { ...shippedSource.prices, "nobody/nothing": { input: "1", output: "1" } };
    expect(() => loadCatalogue({ ...shippedSource, prices })).toThrow(/the price list names nobody\/nothing/);
  });

  test("a generating model that sells no output", () => {
    const prices = { ...shippedSource.prices, [first.id]: { input: "1" } };
    expect(() => loadCatalogue({ ...shippedSource, prices })).toThrow(/no output price/);
  });

  test("a price finer than a picodollar per token", () => {
    const prices = { ...shippedSource.prices, [first.id]: { input: "0.0000001", output: "1" } };
    expect(() => loadCatalogue({ ...shippedSource, prices })).toThrow(/malformed price/);
  });

  test("a lane or a fallback list that names no model", () => {
    const lanes = shippedSource.lanes.map((lane) => ({ ...lane, defaultCandidates: ["nobody/nothing"] }));
    expect(() => loadCatalogue({ ...shippedSource, lanes })).toThrow(/lane auto names nobody\/nothing/);
    const models = shippedSource.models.map((model) => ({ ...model, fallbacks: ["nobody/nothing"] }));
    expect(() => loadCatalogue({ ...shippedSource, models })).toThrow(/fallback list/);
  });

  test("a lane without a definition", () => {
    const lanes = shippedSource.lanes.slice(1);
    expect(() => loadCatalogue({ ...shippedSource, lanes })).toThrow(/lane auto has no definition/);
  });

  test("a model without a price row is kept, unpriced", () => {
    const { [first.id]: _dropped, ...prices } = shippedSource.prices;
    expect(loadCatalogue({ ...shippedSource, prices }).find(first.id)?.prices).toBeUndefined();
  });
});
