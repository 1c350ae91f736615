// Requests for Converse, field by field, and what cannot be said in it.

import { describe, expect, test } from "bun:test";
import { arrayAt, isObject, type JsonObject } from "../../contracts/json.ts";
import type { AssistantPart, GeneratePrompt, Message } from "../../conversation/prompt.ts";
import { claudeRedacted, claudeThinking } from "../../protocols/messages-wire.ts";
import { encodeRequest } from "./encode-request.ts";
import { redactedReasoning, signedReasoning } from "./reasoning-marks.ts";

const haiku = "claude-haiku-4-5";
const other = "openai/gpt-oss-120b";
const user = (text: string): Message => ({ role: "user", parts: [{ type: "text", text }] });
const tool = { name: "get_weather", description: "Now", parameters: { type: "object", properties: { city: {} } } };
const call: AssistantPart = { type: "tool-call", callId: "call_1", name: "get_weather", arguments: '{"city":"Rome"}' };

function encoded(prompt: Partial<GeneratePrompt>, model = haiku, enforcesSchemas = true, maxOutputTokens = 9_000) {
  const warnings: string[] = [];
  const whole: GeneratePrompt = { kind: "generate", messages: [user("hello")], tools: [], ...prompt };
  const body = encodeRequest(whole, { model, maxOutputTokens, enforcesSchemas }, (sentence) => warnings.push(sentence));
  return { body, warnings };
}

describe("a request for Converse", () => {
  test("holds system text, turns, limits and sampling", () => {
    const { body, warnings } = encoded({
      messages: [
        { role: "system", parts: [{ type: "text", text: "Be brief." }] },
        user("hello"),
        user("  "),
        { role: "developer", parts: [{ type: "text", text: "Be polite." }] },
      ],
      temperature: 1.5,
      stop: ["END", "\n"],
    });
    expect(body).toEqual({
      system: [{ text: "Be brief." }, { text: "Be polite." }],
      messages: [{ role: "user", content: [{ text: "hello" }] }],
      inferenceConfig: { maxTokens: 9_000, temperature: 1, stopSequences: ["END"] },
    });
    expect(warnings).toEqual([
      "a later system message was moved to the front: the upstream takes them only there",
      "stop texts of white space alone were not carried over",
      "temperature was lowered to 1, the upstream's highest",
    ]);
  });

  test("takes a temperature and top_p together for other makers' models only", () => {
    const both = { temperature: 0.5, topP: 0.9 };
    expect(encoded(both, other).body["inferenceConfig"]).toMatchObject(both);
    expect(encoded(both).body["inferenceConfig"]).toEqual({ maxTokens: 9_000, temperature: 0.5 });
    expect(encoded({ topP: 0.9 }).body["inferenceConfig"]).toEqual({ maxTokens: 9_000, topP: 0.9 });
    expect(encoded(both, "claude-opus-4-8").body["inferenceConfig"]).toEqual({ maxTokens: 9_000 });
  });

  test("names what it has no words for, once", () => {
    const { warnings } = encoded({ seed: 1, user: "u", presencePenalty: 1 }, other);
    expect(warnings.map((sentence) => sentence.split(" ")[0])).toEqual(["presencePenalty", "seed", "user"]);
  });

  test("holds pictures and documents as bytes, under names of their own", () => {
    const pdf = "data:application/pdf;base64,JVBERi0=";
    const file = (data: string, filename: string) => ({ type: "file" as const, source: { data }, filename });
    const parts = [
      { type: "image" as const, url: "data:image/jpg;base64,/9j/" },
      file(pdf, "Bericht: März  (1).pdf"),
      file(pdf, "Bericht: März  (1).pdf"),
      file("data:application/json;base64,e30=", ""),
    ];
    const { body, warnings } = encoded({ messages: [{ role: "user", parts }] });
    const bytes = { source: { bytes: "JVBERi0=" } };
    expect(body["messages"]).toEqual([
      {
        role: "user",
        content: [
          { image: { format: "jpeg", source: { bytes: "/9j/" } } },
          { document: { format: "pdf", name: "Bericht- M-rz (1)", ...bytes } },
          { document: { format: "pdf", name: "Bericht- M-rz (1) (2)", ...bytes } },
          { document: { format: "txt", name: "document", source: { bytes: "e30=" } } },
          { text: "The document is attached." },
        ],
      },
    ]);
    expect(warnings).toEqual(["a line of text was put beside a document: the upstream takes none alone"]);
  });

  test.each([
    { type: "image" as const, url: "https://example.com/disc.png" },
    { type: "image" as const, url: "data:image/tiff;base64,AA==" },
    { type: "file" as const, source: { url: "https://example.com/disc.pdf" } },
    { type: "file" as const, source: { fileId: "file_1" } },
    { type: "file" as const, source: { data: "data:application/zip;base64,AA==" } },
    { type: "audio" as const, data: "UklGRg==", format: "wav" },
  ])("refuses %p", (part) => {
    expect(() => encoded({ messages: [{ role: "user", parts: [part] }] })).toThrow("`messages` must be free of");
  });
});

describe("tools", () => {
  const exchange: Message[] = [
    user("weather?"),
    { role: "assistant", parts: [call] },
    { role: "tool", callId: "call_1", parts: [{ type: "text", text: "warm" }] },
  ];

  test("are described, called and answered", () => {
    const { body } = encoded({ messages: exchange, tools: [tool, { name: "bare" }], toolChoice: "auto" });
    expect(body["toolConfig"]).toEqual({
      tools: [
        { toolSpec: { name: "get_weather", description: "Now", inputSchema: { json: tool.parameters } } },
        { toolSpec: { name: "bare", inputSchema: { json: { type: "object", properties: {} } } } },
      ],
      toolChoice: { auto: {} },
    });
    expect(body["messages"]).toEqual([
      { role: "user", content: [{ text: "weather?" }] },
      {
        role: "assistant",
        content: [{ toolUse: { toolUseId: "call_1", name: "get_weather", input: { city: "Rome" } } }],
      },
      { role: "user", content: [{ toolResult: { toolUseId: "call_1", content: [{ text: "warm" }] } }] },
    ]);
  });

  test.each([
    ["required", undefined, { any: {} }, undefined],
    [{ name: "get_weather" }, undefined, { tool: { name: "get_weather" } }, undefined],
    [undefined, undefined, undefined, undefined],
    [undefined, false, undefined, { type: "auto", disable_parallel_tool_use: true }],
    ["required", false, undefined, { type: "any", disable_parallel_tool_use: true }],
  ] as const)("choose %p, in parallel: %p", (toolChoice, parallelToolCalls, converse, claude) => {
    const chosen = {
      ...(toolChoice === undefined ? {} : { toolChoice }),
      ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }),
    };
    const { body } = encoded({ tools: [tool], ...chosen });
    expect(body["toolConfig"]).toMatchObject(converse === undefined ? {} : { toolChoice: converse });
    expect(Object.keys(Object(body["toolConfig"])).includes("toolChoice")).toBe(converse !== undefined);
    expect(body["additionalModelRequestFields"]).toEqual(claude === undefined ? undefined : { tool_choice: claude });
  });

  test("that must not be called are left out, and earlier calls become text", () => {
    for (const prompt of [{ tools: [tool], toolChoice: "none" as const }, { tools: [] }]) {
      const { body, warnings } = encoded({ messages: exchange, ...prompt });
      expect(body["toolConfig"]).toBeUndefined();
      expect(body["messages"]).toEqual([
        { role: "user", content: [{ text: "weather?" }] },
        { role: "assistant", content: [{ text: 'Called get_weather (call call_1) with {"city":"Rome"}' }] },
        { role: "user", content: [{ text: "Result of the call call_1:" }, { text: "warm" }] },
      ]);
      expect(warnings).toHaveLength(1);
    }
  });

  test("have ids that the API takes, the same for call and result", () => {
    const long = `call/${"x".repeat(90)}`;
    const messages: Message[] = [
      user("weather?"),
      { role: "assistant", parts: [{ ...call, callId: long }] },
      { role: "tool", callId: long, parts: [] },
    ];
    const { body } = encoded({ messages, tools: [tool] });
    const ids = [...JSON.stringify(body).matchAll(/"toolUseId":"([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  });
});

describe("reasoning", () => {
  test("is asked for in Claude's own fields, by budget or by effort", () => {
    const asked = (model: string) =>
      encoded({ reasoning: { effort: "low" }, temperature: 0.2 }, model).body["additionalModelRequestFields"];
    expect(asked(haiku)).toEqual({ thinking: { type: "enabled", budget_tokens: 2_048 } });
    expect(asked("claude-opus-4-8")).toEqual({
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "low" },
    });
    expect(asked(other)).toBeUndefined();
    expect(encoded({ reasoning: { effort: "low" }, temperature: 0.2 }).body["inferenceConfig"]).toEqual({
      maxTokens: 9_000,
    });
    expect(encoded({ reasoning: { effort: "low" } }, other).warnings[0]).toStartWith("reasoning was not carried over");
  });

  const contentWith = (part: AssistantPart, model: string): JsonObject[] => {
    const messages: Message[] = [user("q"), { role: "assistant", parts: [part, call] }, user("go on")];
    const { body } = encoded({ messages, tools: [tool] }, model);
    const answered = arrayAt(body, "messages")?.filter(isObject)[1] ?? {};
    return (arrayAt(answered, "content") ?? []).filter(isObject);
  };

  test("goes back to who signed it, and to nobody else", () => {
    const signed = { reasoningContent: { reasoningText: { text: "hm", signature: "sig" } } };
    expect(contentWith(claudeThinking("hm", "sig"), haiku)[0]).toEqual(signed);
    expect(contentWith(signedReasoning("hm", "sig", haiku), "claude-opus-4-8")[0]).toEqual(signed);
    expect(contentWith(signedReasoning("hm", "sig", other), other)[0]).toEqual(signed);
    expect(contentWith(redactedReasoning("AAAA", haiku), haiku)[0]).toEqual({
      reasoningContent: { redactedContent: "AAAA" },
    });
    for (const [part, model] of [
      [signedReasoning("hm", "sig", other), haiku],
      [claudeThinking("hm", "sig"), other],
      [claudeRedacted("AAAA"), haiku],
      [redactedReasoning("AAAA", haiku), "claude-opus-4-8"],
      [claudeThinking("hm", ""), haiku],
    ] as const)
      expect(contentWith(part, model)).toHaveLength(1);
  });
});

describe("a format", () => {
  const schema = { type: "object", properties: { city: { type: "string", minLength: 1 } } };
  const closed = { type: "object", properties: { city: { type: "string" } }, additionalProperties: false };
  const format = { type: "json_schema", name: "place", schema } as const;

  test("is enforced by the upstream, as the text of a closed schema", () => {
    const { body } = encoded({ format });
    const jsonSchema = { schema: JSON.stringify(closed), name: "place" };
    expect(body["outputConfig"]).toEqual({ textFormat: { type: "json_schema", structure: { jsonSchema } } });
    expect(body["system"]).toBeUndefined();
  });

  test("stands in the instructions where the upstream enforces none", () => {
    const { body } = encoded({ format }, haiku, false);
    expect(body["outputConfig"]).toBeUndefined();
    expect(JSON.stringify(body["system"])).toContain(JSON.stringify(JSON.stringify(closed)).slice(1, -1));
    expect(JSON.stringify(encoded({ format: { type: "json_object" } }).body["system"])).toContain("one JSON object");
  });
});
