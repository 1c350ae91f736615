import { describe, expect, test } from "bun:test";
import { picodollars } from "../money/picodollars.ts";
import { readProviderExport } from "./provider-export.ts";

const always = { from: undefined, to: undefined };

describe("a provider's export is read", () => {
  test("from OpenRouter's activity, one row a request", () => {
    const text = [
      "generation_id,created_at,cost_total,cost_cache,tokens_prompt,tokens_completion,tokens_reasoning,model_permaslug,provider_name",
      'gen-1,2030-01-01 02:37:51.271,0.01,0,100,200,20,anthropic/claude-sonnet-4.6,"Google, Vertex"',
      "gen-2,2030-01-02 00:00:00.000,1.5e-7,0,1,2,0,anthropic/claude-sonnet-4.6,Anthropic",
    ].join("\r\n");
    expect(readProviderExport(`\u{FEFF}${text}\r\n`, always)).toMatchObject({
      format: "OpenRouter activity, one row a request",
      charges: [
        {
          model: "anthropic/claude-sonnet-4.6",
          requests: 1,
          inputTokens: 100,
          outputTokens: 200,
          cost: 10_000_000_000n,
        },
        { requests: 1, inputTokens: 1, outputTokens: 2, cost: 150_000n },
      ],
    });
  });

  test("from OpenRouter's activity by day, as JSON lines", () => {
    const row = {
      date: "2030-01-01",
      model: "openai/gpt-5.4",
      model_permaslug: "openai/gpt-5.4-2026-03-05",
      provider_name: "OpenAI",
      usage: 0.015,
      byok_usage_inference: 0,
      requests: 5,
      prompt_tokens: 50,
      completion_tokens: 125,
      reasoning_tokens: 25,
    };
    expect(readProviderExport(`${JSON.stringify(row)}\n${JSON.stringify(row)}\n`, always)).toMatchObject({
      format: "OpenRouter activity, one row a day and model",
      charges: [
        { model: "openai/gpt-5.4", requests: 5, inputTokens: 50, outputTokens: 125, cost: 15_000_000_000n },
        { requests: 5 },
      ],
    });
  });

  test("from OpenAI's usage, which states no costs", () => {
    const text = `start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,input_tokens,output_tokens,input_cached_tokens
1893456000,1893542400,2030-01-01T00:00:00+00:00,2030-01-02T00:00:00+00:00,proj_1,3.0,,key_1,gpt-5.4-2026-03-05,False,,4212,1673,0
1893542400,1893628800,2030-01-02T00:00:00+00:00,2030-01-03T00:00:00+00:00,,,,,,,,,,
`;
    const { charges } = readProviderExport(text, always);
    expect(charges).toEqual([
      { model: "gpt-5.4-2026-03-05", requests: 3, inputTokens: 4212, outputTokens: 1673, cost: undefined },
    ]);
  });

  test("from OpenAI's costs, which state no tokens", () => {
    const text = `start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,project_id
1893456000,1893542400,a,b,0.003835980000000000000000000000,usd,,,"gpt-5.4-2026-03-05, input",proj_1
1893456000,1893542400,a,b,,,,,,
`;
    expect(readProviderExport(text, always).charges).toEqual([
      {
        model: "gpt-5.4-2026-03-05",
        requests: undefined,
        inputTokens: undefined,
        outputTokens: undefined,
        cost: picodollars(3_835_980_000n),
      },
    ]);
  });

  test("in the period alone, where rows have a time", () => {
    const text =
      "date,model,requests,input_tokens,output_tokens,cost_usd\n2030-01-01,m,1,1,1,1\n2030-01-02,m,2,2,2,2\n";
    const from = Date.parse("2030-01-02T00:00:00Z");
    expect(readProviderExport(text, { from, to: undefined }).charges).toMatchObject([{ requests: 2 }]);
    expect(readProviderExport(text, { from: undefined, to: from }).charges).toMatchObject([{ requests: 1 }]);
  });
});

test("an export with a header alone charges nothing", () => {
  const text = "model,requests,input_tokens,output_tokens,cost_usd\n";
  expect(readProviderExport(text, always)).toEqual({ format: "plain", charges: [] });
});

describe("an export is refused", () => {
  test("with the accepted columns when its own are unknown", () => {
    expect(() => readProviderExport("model,price\nx,1\n", always)).toThrow(/model, price\. Accepted[\s\S]*cost_usd/);
    expect(() => readProviderExport("", always)).toThrow("no columns");
  });

  test("with its row when a value cannot be read", () => {
    const header = "model,requests,input_tokens,output_tokens,cost_usd\n";
    expect(() => readProviderExport(`${header}m,1,1,1,1\nm,1,1,1,one\n`, always)).toThrow(
      "Row 2 of the export: cost_usd",
    );
    expect(() => readProviderExport(`${header}m,-1,1,1,1\n`, always)).toThrow("requests is `-1`");
  });
});
