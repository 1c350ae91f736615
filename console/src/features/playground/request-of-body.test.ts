import { describe, expect, test } from "bun:test";
import { newRequest, type PlaygroundRequest } from "./playground-request.ts";
import { bodyOf } from "./request-body.ts";
import { protocolNamed, requestOfBody } from "./request-of-body.ts";
import { toolsExample } from "./tools.ts";

const full: PlaygroundRequest = {
  ...newRequest,
  model: "openai/gpt-5.4",
  system: "Be brief.",
  turns: [
    { role: "user", text: "Look.", images: ["https://example.com/a.png"] },
    { role: "assistant", text: "I see.", images: [] },
    { role: "user", text: "Then?", images: [] },
  ],
  schema: JSON.stringify({ type: "object", properties: {} }, undefined, 2),
  temperature: "0.5",
  topP: "1",
  maxOutputTokens: "300",
  overrides: { stack: "low-cost", explain: true },
};

describe("a body back in the form", () => {
  test.each(["responses", "chat-completions", "messages"] as const)("is the same form again in %s", (protocol) => {
    const request = { ...full, protocol };
    const body = bodyOf(request);
    expect("value" in body && requestOfBody(protocol, body.value)).toEqual(request);
  });

  test("stays JSON where the form cannot say it, and says the same either way", () => {
    const body = {
      model: "m",
      input: [
        { role: "user", content: "Hi" },
        { type: "reasoning", id: "r" },
      ],
      seed: 7,
    };
    const request = requestOfBody("responses", body);
    expect(request.raw).not.toBe("");
    expect(bodyOf(request)).toEqual({ value: body });
  });

  test("keeps tools as they were sent", () => {
    const sent = bodyOf({ ...full, tools: toolsExample });
    const body = "value" in sent ? sent.value : {};
    expect(bodyOf(requestOfBody("responses", body))).toEqual({ value: body });
  });

  test("knows protocols by the names that traces give them", () => {
    expect(["responses", "chat-completions", "chat_completions", "embeddings", undefined].map(protocolNamed)).toEqual([
      "responses",
      "chat-completions",
      "chat-completions",
      "embeddings",
      "responses",
    ]);
  });
});
