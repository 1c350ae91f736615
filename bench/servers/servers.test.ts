import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import OpenAI from "openai";
import { frameText, readOrder, requestBody, type StreamOrder } from "../prompt.ts";
import { answerText } from "./mock-answers.ts";
import { choosePlacement } from "./placement.ts";
import { ProcessGroup } from "./process-group.ts";
import { surroundingsOf } from "./surroundings.ts";
import { startTargets, type Target } from "./targets.ts";

const processes = new ProcessGroup();
let targets: Target[] = [];

beforeAll(async () => {
  const surroundings = surroundingsOf(processes, choosePlacement(false), join(import.meta.dir, "../.."), process.env);
  targets = await startTargets(surroundings, new Set(["direct", "bare"] as const));
});
afterAll(() => processes.stopAll());

/** An official client of the mock upstream or the bare proxy, and a prompt that orders a stream. */
function client(name: "direct" | "bare"): OpenAI {
  const target = targets.find((one) => one.name === name);
  return new OpenAI({ baseURL: `http://127.0.0.1:${target?.server.port}/v1`, apiKey: "any", maxRetries: 0 });
}

const order: StreamOrder = { stream: 3, frames: 5, paceMs: 1 };
const marker = "[stream 3: 5 frames, one every 1 ms]";
const orderedText = [0, 1, 2, 3, 4].map((index) => frameText(3, index)).join("");

for (const name of ["direct", "bare"] as const) {
  describe(`an official client of the ${name === "direct" ? "mock upstream" : "bare proxy"}`, () => {
    test("gets a whole chat completion with usage", async () => {
      const answer = await client(name).chat.completions.create({
        model: "m",
        messages: [{ role: "user", content: "?" }],
      });
      expect(answer.choices[0]?.message.content).toBe(answerText);
      expect(answer.usage?.total_tokens).toBe(368);
    });

    test("gets the chat stream it orders, with usage at the end", async () => {
      const messages = [{ role: "user" as const, content: marker }];
      const stream = await client(name).chat.completions.create({ model: "m", stream: true, messages });
      let text = "";
      let totalTokens: number | undefined;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? "";
        totalTokens = chunk.usage?.total_tokens;
      }
      expect(text).toBe(orderedText);
      expect(totalTokens).toBe(368);
    });

    test("gets a whole response, and the response stream it orders", async () => {
      const whole = await client(name).responses.create({ model: "m", input: "?" });
      expect(whole.output_text).toBe(answerText);
      const streamed = await client(name).responses.stream({ model: "m", input: marker }).finalResponse();
      expect(streamed.output_text).toBe(orderedText);
      expect(streamed.usage?.total_tokens).toBe(368);
    });

    test("gets an embedding", async () => {
      const answer = await client(name).embeddings.create({ model: "m", input: "?", encoding_format: "float" });
      expect(answer.data[0]?.embedding).toHaveLength(96);
    });
  });
}

test("a request carries its order through its JSON, and is about a kilobyte", () => {
  for (const protocol of ["chat", "responses"] as const) {
    expect(readOrder(requestBody(protocol, "m", order))).toEqual(order);
    expect(requestBody(protocol, "m").length).toBeWithin(900, 1200);
  }
});
