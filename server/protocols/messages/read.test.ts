// What the router learns of a Messages request, and what becomes of it for upstreams that speak something else.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../contracts/json.ts";
import { foreignSignature } from "../messages-wire.ts";
import { countTokensProtocol, messagesProtocol } from "./index.ts";

const data = "A".repeat(4_000);
const image = { type: "image", source: { type: "base64", media_type: "image/png", data } };

function read(more: JsonObject) {
  const body = { model: "m", max_tokens: 10, messages: [{ role: "user", content: "hello" }], ...more };
  return messagesProtocol.read(body, Buffer.byteLength(JSON.stringify(body)));
}

describe("features", () => {
  test("inline pictures count as pictures, not as text; addresses are known by their address", () => {
    const { features } = read({
      messages: [
        {
          role: "user",
          content: [
            image,
            { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
            { type: "document", source: { type: "content", content: [{ type: "text", text: "t" }, image] } },
            { type: "document", source: { type: "text", media_type: "text/plain", data: "plain" } },
          ],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: [image] }] },
      ],
    });
    expect(features.attachments).toEqual([
      { kind: "image" },
      { kind: "image", url: "https://example.com/a.png" },
      { kind: "image" },
      { kind: "image" },
    ]);
    expect(features.textBytes).toBeLessThan(1_000);
    expect(features.textTokenBound).toBeLessThan(1_000);
  });

  test("results of tools are no turn of the user's", () => {
    const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "21" }] };
    const asked = { role: "user", content: [{ type: "text", text: "weather?" }] };
    const call = { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: {} }] };
    const running = read({ messages: [asked, call, result] }).features;
    expect([running.lastUserText, running.insideToolExchange]).toEqual(["weather?", true]);
    const over = read({ messages: [asked, call, result, { role: "user", content: "and now?" }] }).features;
    expect([over.lastUserText, over.insideToolExchange]).toEqual(["and now?", false]);
  });

  test.each<[JsonObject, JsonObject]>([
    [{ thinking: { type: "adaptive" } }, { reasoningRequested: true }],
    [{ thinking: { type: "disabled" } }, { reasoningRequested: false }],
    [{ tool_choice: { type: "none" } }, { toolsUsable: false }],
    [{ output_format: { type: "json_schema", schema: {} } }, { format: "json_schema" }],
    [{ tools: [{ name: "f", input_schema: {} }, { type: "bash_20250124" }] }, { toolNames: ["f", "bash_20250124"] }],
  ])("%j gives %j", (more, expected) => {
    expect(read(more).features).toMatchObject(expected);
  });

  test("counting needs no limit", () => {
    const body = { messages: [{ role: "user", content: "hello" }] };
    expect(countTokensProtocol.read(body, 10)).not.toHaveProperty("maxOutputTokens");
    expect(() => messagesProtocol.read(body, 10)).toThrow("`max_tokens` must be");
  });
});

describe("the neutral prompt", () => {
  const prompt = (more: JsonObject, warnings: string[] = []) =>
    messagesProtocol.toPrompt(
      { model: "m", max_tokens: 10, messages: [{ role: "user", content: "hello" }], ...more },
      warnings,
    );

  test.each<[JsonObject, JsonObject | undefined]>([
    [{ thinking: { type: "enabled", budget_tokens: 2_000 } }, { effort: "low", summary: "auto" }],
    [{ thinking: { type: "enabled", budget_tokens: 32_000, display: "omitted" } }, { effort: "xhigh" }],
    [
      { thinking: { type: "adaptive" }, output_config: { effort: "max" } },
      { effort: "xhigh", summary: "auto" },
    ],
    [{ thinking: { type: "adaptive" } }, { summary: "auto" }],
    [{ output_config: { effort: "low" } }, { effort: "low" }],
    [{ thinking: { type: "disabled" } }, undefined],
  ])("%j asks for %j", (more, reasoning) => {
    expect(prompt(more)).toMatchObject({ kind: "generate" });
    const generated = prompt(more);
    expect(generated.kind === "generate" ? { ...generated.reasoning } : undefined).toEqual({ ...reasoning });
  });

  test("what only fine-tunes is warned of, and a mark for the cache once", () => {
    const warnings: string[] = [];
    const marked = [{ type: "text", text: "s", cache_control: { type: "ephemeral" } }];
    prompt({ top_k: 5, system: marked, context_management: {} }, warnings);
    expect(warnings).toEqual([
      "top_k was not carried over to the upstream",
      "context_management was not carried over to the upstream",
      "cache_control was not carried over: the upstream decides what it caches",
    ]);
  });

  test("a turn keeps the order of results and words, and a failed tool is told in words", () => {
    const content = [
      { type: "tool_result", tool_use_id: "t1", is_error: true, content: "no such city" },
      { type: "tool_result", tool_use_id: "t2" },
      { type: "text", text: "go on" },
    ];
    expect(prompt({ messages: [{ role: "user", content }] })).toMatchObject({
      messages: [
        { role: "tool", callId: "t1", parts: [{ text: "Error:" }, { text: "no such city" }] },
        { role: "tool", callId: "t2", parts: [] },
        { role: "user", parts: [{ text: "go on" }] },
      ],
    });
  });

  test("another maker's continuation comes back as it was", () => {
    const thinking = { type: "thinking", thinking: "Hm.", signature: foreignSignature("gAAAA", "rs_1") };
    expect(prompt({ messages: [{ role: "assistant", content: [thinking] }] })).toMatchObject({
      messages: [{ parts: [{ type: "reasoning", text: "Hm.", encrypted: "gAAAA", id: "rs_1" }] }],
    });
  });

  test.each<[string, JsonObject]>([
    ["tools[0].type", { tools: [{ type: "bash_20250124", name: "bash" }] }],
    ["messages[0].content[0].type", { messages: [{ role: "user", content: [{ type: "container_upload" }] }] }],
    [
      "messages[0].content[0].source",
      { messages: [{ role: "user", content: [{ type: "image", source: { type: "file", file_id: "f" } }] }] },
    ],
    ["messages[0].content[0]", { messages: [{ role: "assistant", content: [{ type: "server_tool_use" }] }] }],
  ])("%s is refused by name where it would be lost", (param, more) => {
    expect(() => prompt(more)).toThrow(expect.objectContaining({ code: "invalid_request", param }));
  });
});

test("a cut closes the open block, says why and counts what went out", () => {
  const pass = messagesProtocol.passStream({});
  pass.step({ event: "content_block_start", data: '{"type":"content_block_start","index":2}' });
  const usage = { kind: "at_least", inputTokens: 3, outputTokens: 2 } as const;
  const events = pass.cut({ parts: [], finish: "length", usage }, { lane: "auto" });
  expect(events.map(({ event }) => event)).toEqual(["content_block_stop", "message_delta", "message_stop"]);
  expect(events[0]?.data).toContain('"index":2');
  expect(events[1]?.data).toContain('"stop_reason":"max_tokens"');
  expect(events[1]?.data).toContain('"output_tokens":2');
});
