import { describe, expect, test } from "bun:test";
import { describeModel } from "../../../../server/http/control/shown-models.ts";
import { loadCatalogue } from "../../../../server/catalogue/load-catalogue.ts";
import { catalogueModelSchema } from "../../../../server/contracts/control-catalogue.ts";
import { stringifySearch, parseSearch } from "../../app/search.ts";
import { findModels } from "./find-models.ts";
import { readModelsSearch, type ModelsSearch } from "./models-search.ts";

const catalogue = loadCatalogue();
const models = catalogue.models.map((model) => catalogueModelSchema.parse(describeModel(model, catalogue, [])));
const all = { show: "all" } as const;
const ids = (search: ModelsSearch) => findModels(models, { ...all, ...search }).map(({ id }) => id);

describe("finding models", () => {
  test("takes every word, in any order, from names, aliases and uses", () => {
    expect(ids({ q: "nano openai" })).toEqual(["openai/gpt-5-nano", "openai/gpt-5.4-nano"]);
    expect(ids({ q: "gpt54Nano" })).toEqual(["openai/gpt-5.4-nano"]);
    expect(ids({ q: "no such thing" })).toEqual([]);
  });

  test("leaves out what nobody serves here unless asked for all", () => {
    expect(findModels(models, {})).toEqual([]);
    expect(ids({})).toHaveLength(models.length);
  });

  test("narrows by capability, modality, lane, kind, context and price at once", () => {
    const found = findModels(models, {
      ...all,
      capability: ["tools", "reasoning"],
      modality: ["image"],
      kind: "generate",
      context: 1_000_000,
      price: "3",
    });
    expect(found.length).toBeGreaterThan(0);
    for (const model of found) {
      expect(model.capabilities).toContain("reasoning");
      expect(model.modalities).toContain("image");
      expect(model.context_tokens).toBeGreaterThanOrEqual(1_000_000);
      expect(Number(model.prices?.input_per_1m_usd)).toBeLessThanOrEqual(3);
    }
    expect(ids({ kind: "embed" })).toEqual(["titan-embed-text-v2"]);
    expect(ids({ lane: "safe" }).length).toBeGreaterThan(0);
    expect(ids({ provider: "nobody" })).toEqual([]);
  });

  test("sorts by exact figures, what has none at the end", () => {
    const outputs = findModels(models, { ...all, sort: "output" }).map(
      ({ prices }) => prices?.output_per_1m_usd ?? null,
    );
    expect(outputs.at(-1)).toBeNull();
    const priced = outputs.filter((one) => one !== null).map(Number);
    expect(priced).toEqual(priced.toSorted((a, b) => a - b));
    const contexts = findModels(models, { ...all, sort: "context" }).map(({ context_tokens }) => context_tokens);
    expect(contexts).toEqual(contexts.toSorted((a, b) => b - a));
  });

  test("reads its address back as it wrote it, and drops what means nothing", () => {
    const search: ModelsSearch = {
      q: "claude opus",
      capability: ["tools", "vision"],
      modality: ["image"],
      price: "0.5",
      context: 200_000,
      sort: "input",
      order: "down",
      compare: ["openai/gpt-5.4", "claude-haiku-4-5"],
    };
    expect(readModelsSearch(parseSearch(stringifySearch(search)))).toEqual(search);
    const strange = "?capability=flying&price=cheap&sort=colour&order=sideways&context=-1&compare=a&compare=a";
    expect(readModelsSearch(parseSearch(strange))).toEqual({ compare: ["a"] });
  });
});
