import { describe, expect, test } from "bun:test";
import type { Upstream } from "./catalogue.ts";
import { loadCatalogue } from "./load-catalogue.ts";
import { publicLanes, publicModel, publicModels } from "./public-models.ts";

const catalogue = loadCatalogue();
const openai: Upstream = {
  provider: "openai",
  dataPolicy: "no_training",
  dataPolicyPerRequest: false,
  region: undefined,
  upstreamModel: (model) => model.upstreamNames["openai"],
};

describe("GET /v1/models", () => {
  test("lists the seven virtual models by default", () => {
    const body = publicModels(catalogue, [openai], "virtual");
    expect(body["data"]).toHaveLength(7);
    expect(body["data"]).toContainEqual(
      expect.objectContaining({ id: "astrolabe/strict-json", object: "model", type: "virtual", lane: "strict-json" }),
    );
  });

  test("raw view carries prices as decimal text, limits, aliases and whether an upstream serves the model", () => {
    const body = publicModels(catalogue, [openai], "raw");
    expect(body["data"]).toHaveLength(44);
    expect(body["data"]).toContainEqual(
      expect.objectContaining({
        id: "openai/gpt-5.4-mini",
        pricing: { input_per_1m_usd: "0.75", output_per_1m_usd: "4.5" },
        aliases: ["gpt54Mini", "mini"],
        context_window: 1_050_000,
        availability_status: "default",
        available: true,
        lane_tags: ["strict-json"],
      }),
    );
    expect(body["data"]).toContainEqual(expect.objectContaining({ id: "minimax/minimax-m2.7", available: false }));
  });

  test("shows cache prices where they are sold", () => {
    expect(publicModel(catalogue, [], "claude-sonnet-4-6")?.["pricing"]).toEqual({
      input_per_1m_usd: "3",
      output_per_1m_usd: "15",
      cached_input_per_1m_usd: "0.3",
      cache_write_per_1m_usd: "3.75",
    });
  });

  test("finds one model by virtual id, id or alias, and nothing for an unknown id", () => {
    expect(publicModel(catalogue, [], "astrolabe/auto")?.["type"]).toBe("virtual");
    expect(publicModel(catalogue, [], "m27")?.["id"]).toBe("minimax/minimax-m2.7");
    expect(publicModel(catalogue, [], "nobody/nothing")).toBeUndefined();
  });
});

test("GET /v1/lanes gives candidates with their keys and preview marks", () => {
  const body = publicLanes(catalogue);
  expect(body["data"]).toContainEqual(
    expect.objectContaining({
      id: "lane_research",
      experimental_supported: true,
      experimental_candidates: [
        {
          key: "gem31Pro",
          id: "google/gemini-3.1-pro-preview",
          name: "Gemini 3.1 Pro (preview)",
          preview: true,
          experimental: true,
        },
      ],
    }),
  );
  expect(body["data"]).toContainEqual(expect.objectContaining({ id: "lane_strict_json" }));
});
