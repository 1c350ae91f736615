// What becomes of wishes that Gemini's models word differently, or not at all.

import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../contracts/errors.ts";
import { objectAt, type JsonObject } from "../../contracts/json.ts";
import type { EmbedPrompt, GeneratePrompt, Message, UserPart } from "../../conversation/prompt.ts";
import { encodeRequest } from "./encode-request.ts";
import { geminiCountRoute, geminiDialect, geminiEmbeddingsDialect } from "./index.ts";

const user: Message = { role: "user", parts: [{ type: "text", text: "hi" }] };
const older = "gemini-2.5-flash-lite";
const newer = "gemini-3.1-pro-preview";

function encoded(more: Partial<GeneratePrompt>, model = older, maxOutputTokens = 60_000) {
  const warnings: string[] = [];
  const prompt: GeneratePrompt = { kind: "generate", messages: [user], tools: [], ...more };
  const body = encodeRequest(prompt, { model, maxOutputTokens }, (sentence) => warnings.push(sentence));
  return { body, config: objectAt(body, "generationConfig") ?? {}, contents: body["contents"], warnings };
}

const saying = (...parts: UserPart[]): Partial<GeneratePrompt> => ({ messages: [{ role: "user", parts }] });

describe("reasoning", () => {
  test.each<[string, string, number, JsonObject]>([
    ["gemini-2.5-pro", "high", 60_000, { thinkingBudget: 24_576, includeThoughts: true }],
    ["gemini-2.5-pro", "medium", 4_000, { thinkingBudget: 2_000, includeThoughts: true }],
    ["gemini-2.5-pro", "low", 100, { thinkingBudget: 128, includeThoughts: true }],
    ["gemini-2.5-flash-lite", "low", 100, { thinkingBudget: 0, includeThoughts: true }],
    ["gemini-2.5-flash-lite", "none", 60_000, { thinkingBudget: 0 }],
    ["gemini-3.1-pro-preview", "minimal", 60_000, { thinkingLevel: "LOW", includeThoughts: true }],
    ["gemini-3.1-pro-preview", "xhigh", 60_000, { thinkingLevel: "HIGH", includeThoughts: true }],
    ["gemini-3.1-flash-lite-preview", "minimal", 60_000, { thinkingLevel: "MINIMAL", includeThoughts: true }],
  ])("%s with effort %s under a limit of %d", (model, effort, limit, expected) => {
    const { config, warnings } = encoded({ reasoning: { effort } }, model, limit);
    expect(config["thinkingConfig"]).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  test.each<[string, JsonObject]>([
    ["gemini-2.5-pro", { thinkingBudget: 128 }],
    ["gemini-3.1-pro-preview", { thinkingLevel: "LOW" }],
  ])("that %s cannot be without is kept to its least, with a warning", (model, expected) => {
    const { config, warnings } = encoded({ reasoning: { effort: "none" } }, model);
    expect(config["thinkingConfig"]).toEqual(expected);
    expect(warnings).toHaveLength(1);
  });

  test("a wish for a summary alone leaves the amount to the model; models that are not asked to think say so", () => {
    expect(encoded({ reasoning: { summary: "auto" } }).config["thinkingConfig"]).toEqual({ includeThoughts: true });
    const { config, warnings } = encoded({ reasoning: { effort: "low" } }, "gemma-4-31b-it");
    expect([config["thinkingConfig"], warnings.length]).toEqual([undefined, 1]);
  });
});

describe("an exchange with tools", () => {
  const call = (callId: string, name: string) => ({ type: "tool-call" as const, callId, name, arguments: '{"a":1}' });
  const result = (callId: string, text: string): Message => ({
    role: "tool",
    callId,
    parts: [{ type: "text", text }],
  });
  const tools = [{ name: "f" }, { name: "g" }];

  test("has the signature at its call, ids that the API gave, and results in the order of the calls", () => {
    const messages: Message[] = [
      user,
      {
        role: "assistant",
        parts: [
          { type: "reasoning", text: "Hm.", encrypted: "gemini:call_r_0:c2ln" },
          call("call_r_0", "f"),
          call("gemini_abc", "g"),
        ],
      },
      result("gemini_abc", "two"),
      result("call_r_0", '{"one":1}'),
    ];
    const { contents, warnings } = encoded({ messages, tools }, newer);
    expect(warnings).toEqual([]);
    expect(contents).toEqual([
      { role: "user", parts: [{ text: "hi" }] },
      {
        role: "model",
        parts: [
          { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "c2ln" },
          { functionCall: { id: "abc", name: "g", args: { a: 1 } } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { name: "f", response: { output: '{"one":1}' } } },
          { functionResponse: { id: "abc", name: "g", response: { output: "two" } } },
        ],
      },
    ]);
  });

  const lost: Message[] = [
    user,
    { role: "assistant", parts: [call("x", "f"), call("y", "g")] },
    result("x", "1"),
    result("y", "2"),
  ];

  test("without its signature is excused to models that want one, for the turn under way alone", () => {
    const { contents, warnings } = encoded({ tools, messages: [...lost, user, ...lost.slice(1)] }, newer);
    const signed = JSON.stringify(contents).split("skip_thought_signature_validator").length - 1;
    expect([signed, warnings.length]).toEqual([1, 1]);
    expect(contents).toMatchObject({
      1: { parts: [{}, {}] },
      4: { parts: [{ thoughtSignature: expect.any(String) }, {}] },
    });
    expect(JSON.stringify(encoded({ tools, messages: lost }).contents)).not.toContain("thoughtSignature");
  });

  test("shows what a result holds besides text after all results", () => {
    const picture: UserPart = { type: "image", url: "data:image/png;base64,AA==" };
    const messages: Message[] = [
      ...lost.slice(0, 2),
      { role: "tool", callId: "x", parts: [picture] },
      result("y", "2"),
    ];
    expect(encoded({ tools, messages }).contents).toMatchObject({
      2: {
        parts: [
          { functionResponse: { name: "f", response: { output: "The result is attached below." } } },
          { functionResponse: { name: "g" } },
          { text: "Result of x:" },
          { inlineData: { mimeType: "image/png", data: "AA==" } },
        ],
      },
    });
  });

  test("with a result of a call that is not there is refused", () => {
    expect(() => encoded({ tools, messages: [user, result("nobody", "1")] })).toThrow(GatewayError);
  });

  test.each<[GeneratePrompt["toolChoice"], JsonObject]>([
    ["auto", { mode: "AUTO" }],
    ["none", { mode: "NONE" }],
    ["required", { mode: "ANY" }],
    [{ name: "f" }, { mode: "ANY", allowedFunctionNames: ["f"] }],
  ])("of choice %p", (toolChoice, expected) => {
    const { body } = encoded({ tools, ...(toolChoice === undefined ? {} : { toolChoice }) });
    expect(body["toolConfig"]).toEqual({ functionCallingConfig: expected });
  });
});

describe("output formats", () => {
  const schema = { type: "object", properties: { a: { type: "string" } } };
  const format = { type: "json_schema", name: "n", schema, description: "An a." } as const;

  test("are the API's own", () => {
    expect(encoded({ format }).config).toMatchObject({
      responseMimeType: "application/json",
      responseJsonSchema: { ...schema, description: "An a." },
    });
    expect(encoded({ format: { type: "json_object" } }).config).toMatchObject({ responseMimeType: "application/json" });
  });

  test("beside tools are asked for in words of models that take one or the other", () => {
    const { body, config, warnings } = encoded({ format, tools: [{ name: "f" }] });
    expect(config["responseMimeType"]).toBeUndefined();
    expect(JSON.stringify(body["systemInstruction"])).toContain("JSON Schema");
    expect(warnings).toHaveLength(1);
    expect(encoded({ format, tools: [{ name: "f" }] }, newer).config["responseMimeType"]).toBe("application/json");
  });
});

describe("media", () => {
  test.each<[string, UserPart, JsonObject]>([
    [
      "a picture inline",
      { type: "image", url: "data:image/jpg;base64,AA==" },
      { inlineData: { mimeType: "image/jpeg", data: "AA==" } },
    ],
    [
      "a picture by address",
      { type: "image", url: "https://a.example/b.png?c" },
      { fileData: { mimeType: "image/png", fileUri: "https://a.example/b.png?c" } },
    ],
    [
      "a picture in a public bucket",
      { type: "image", url: "https://storage.googleapis.com/bucket/b.webp" },
      { fileData: { mimeType: "image/webp", fileUri: "https://storage.googleapis.com/bucket/b.webp" } },
    ],
    [
      "a document by address",
      { type: "file", source: { url: "https://a.example/b" } },
      { fileData: { mimeType: "application/pdf", fileUri: "https://a.example/b" } },
    ],
    [
      "bare base64",
      { type: "file", source: { data: "AA==" } },
      { inlineData: { mimeType: "application/pdf", data: "AA==" } },
    ],
    [
      "JSON",
      { type: "file", source: { data: "data:application/json;base64,e30=" } },
      { inlineData: { mimeType: "text/plain", data: "e30=" } },
    ],
    ["sound", { type: "audio", data: "AA==", format: "wav" }, { inlineData: { mimeType: "audio/wav", data: "AA==" } }],
  ])("%s", (_what, part, expected) => {
    expect(encoded(saying(part)).contents).toEqual([{ role: "user", parts: [expected] }]);
  });

  test.each<[string, UserPart]>([
    ["ids of uploaded files", { type: "file", source: { fileId: "files/1" } }],
    [
      "files of the operator's",
      { type: "file", source: { url: "https://generativelanguage.googleapis.com/v1beta/files/1" } },
    ],
    ["buckets", { type: "image", url: "gs://bucket/file.png" }],
    ["films of unknown length", { type: "image", url: "https://www.YouTube.com./watch?v=1" }],
    ["data of no type", { type: "image", url: "data:,x" }],
    ["sound of no known name", { type: "audio", data: "AA==", format: "a/b" }],
  ])("%s are refused", (_what, part) => {
    expect(() => encoded(saying(part))).toThrow(GatewayError);
  });

  test("a wish for detail and the name of a file are lost with a warning, once", () => {
    const file = { type: "file" as const, source: { data: "AA==" }, filename: "a.pdf" };
    const image = { type: "image" as const, url: "https://a.example/b.png", detail: "high" as const };
    expect(encoded(saying(file, file, image)).warnings).toHaveLength(2);
  });
});

describe("the rest", () => {
  test("sampling is carried over; what has no parameter is warned of", () => {
    const { config, warnings } = encoded({
      temperature: 1.7,
      topP: 0.5,
      seed: 7,
      stop: ["a", "b", "c", "d", "e", "f"],
      presencePenalty: 1,
      frequencyPenalty: 1,
      verbosity: "low",
      user: "u",
      parallelToolCalls: false,
      tools: [{ name: "f", strict: true }],
    });
    expect(config).toEqual({
      maxOutputTokens: 60_000,
      temperature: 1.7,
      topP: 0.5,
      seed: 7,
      stopSequences: ["a", "b", "c", "d", "e"],
    });
    expect(warnings).toHaveLength(7);
  });

  test("system messages come first, wherever they stood; other makers' reasoning does not come", () => {
    const { body, warnings } = encoded({
      messages: [
        user,
        { role: "assistant", parts: [{ type: "reasoning", text: "Hm.", encrypted: "claude:x" }] },
        { role: "system", parts: [{ type: "text", text: "Be brief." }] },
        user,
      ],
    });
    expect(body["systemInstruction"]).toEqual({ parts: [{ text: "Be brief." }] });
    expect(body["contents"]).toHaveLength(2);
    expect(warnings).toHaveLength(2);
  });

  test("instructions alone are refused", () => {
    expect(() => encoded({ messages: [{ role: "system", parts: [{ type: "text", text: "x" }] }] })).toThrow(
      GatewayError,
    );
  });

  test("the address names the model and the kind of answer, and nothing else", () => {
    const { path } = geminiDialect;
    if (typeof path === "string") throw new Error("the path depends on the model");
    expect([path({ model: newer, stream: false }), path({ model: "tunedModels/a b?", stream: true })]).toEqual([
      "/models/gemini-3.1-pro-preview:generateContent",
      "/tunedModels/a%20b%3F:streamGenerateContent?alt=sse",
    ]);
  });

  test("a prompt is counted as it would be sent", () => {
    const call = {
      upstreamModel: older,
      signal: AbortSignal.any([]),
      clocks: { firstByteMs: 1, betweenChunksMs: 1, totalMs: 1 },
    };
    const prompt: GeneratePrompt = { kind: "generate", messages: [user], tools: [{ name: "f" }] };
    expect(geminiCountRoute.body({ ...call, outgoing: { kind: "translate", prompt } })).toEqual({
      generateContentRequest: {
        model: `models/${older}`,
        contents: [{ role: "user", parts: [{ text: "hi" }] }],
        tools: [{ functionDeclarations: [{ name: "f" }] }],
      },
    });
  });

  test("texts to embed are a request each; tokens of another maker's are refused", () => {
    const encode = (prompt: EmbedPrompt) =>
      geminiEmbeddingsDialect.encodeRequest(
        prompt,
        { model: "e", maxOutputTokens: undefined, stream: false },
        () => undefined,
      );
    expect(encode({ kind: "embed", inputs: ["a", "b"], dimensions: 256 })).toEqual({
      requests: ["a", "b"].map((text) => ({
        model: "models/e",
        content: { parts: [{ text }] },
        outputDimensionality: 256,
      })),
    });
    expect(() => encode({ kind: "embed", inputs: [[1, 2]] })).toThrow(GatewayError);
  });
});
