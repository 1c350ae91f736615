// How a conversation is told from others: by its first words, in every protocol, however they are wrapped.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../contracts/json.ts";
import { chatCompletionsProtocol } from "./chat-completions/index.ts";
import { embeddingsProtocol } from "./embeddings/index.ts";
import { messagesProtocol } from "./messages/index.ts";
import { openingOf } from "./opening.ts";
import { responsesProtocol } from "./responses/index.ts";

const words = "Mend the parser.";

describe("every later turn has the opening of the first", () => {
  const chat = (...more: JsonObject[]) =>
    chatCompletionsProtocol.opening?.({
      messages: [{ role: "system", content: "Be brief." }, { role: "user", content: words }, ...more],
    });
  const messages = (content: JsonObject["content"], ...more: JsonObject[]) =>
    messagesProtocol.opening?.({ messages: [{ role: "user", content: content ?? null }, ...more] });
  const responses = (input: JsonObject["input"]) => responsesProtocol.opening?.({ input: input ?? null });

  test("chat completions, messages and responses", () => {
    const later = [
      { role: "assistant", content: "Done." },
      { role: "user", content: "And the tests." },
    ];
    expect(chat()).toBe(`\n${words}`);
    expect(chat(...later)).toBe(chat() ?? "");
    expect(messages(words, ...later)).toBe(chat() ?? "");
    expect(responses(words)).toBe(chat() ?? "");
    expect(responses([{ role: "user", content: [{ type: "input_text", text: words }] }, ...later])).toBe(chat() ?? "");
  });

  test("marks that move from turn to turn, as those of prompt caches do, change nothing", () => {
    const marked = [{ type: "text", text: words, cache_control: { type: "ephemeral" } }];
    expect(messages(marked)).toBe(messages([{ type: "text", text: words }]) ?? "");
  });
});

test("other first words, or another cache key of the client, are another conversation", () => {
  const of = (content: string, key?: string) =>
    openingOf(key === undefined ? {} : { prompt_cache_key: key }, [{ role: "user", content }]);
  expect(new Set([of("One."), of("Two."), of("One.", "a"), of("One.", "b")]).size).toBe(4);
  expect(openingOf({ prompt_cache_key: "a" }, [])).toBe("a\n");
});

test("what has no words and no name is told from nothing", () => {
  expect(openingOf({}, undefined)).toBeUndefined();
  expect(openingOf({}, [{ role: "assistant", content: "Hello." }, 3, null])).toBeUndefined();
  expect(
    openingOf({}, [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:" } }] }]),
  ).toBeUndefined();
  expect("opening" in embeddingsProtocol).toBe(false);
});

test("a long opening is read at both ends", () => {
  const long = "a".repeat(1_000_000);
  expect(openingOf({}, long)?.length).toBeLessThan(5_000);
  expect(openingOf({}, `${long}b`)).not.toBe(openingOf({}, `${long}c`) ?? "");
});
