// Structured output through the official client's own parsers: chat's `parse`, Responses' `parse`, and both streamed.

import { afterAll, describe, expect, test } from "bun:test";
import { LengthFinishReasonError } from "openai/core/error";
import { zodResponseFormat, zodTextFormat, zodFunction, zodResponsesFunction } from "openai/helpers/zod";
import { z } from "zod";
import { counted, model, startSetups } from "./setups.ts";

const usage = counted;
const instrument = z.object({ name: z.string(), year: z.number().int(), tags: z.array(z.string()) });
const astrolabe = { name: "Astrolabe", year: 150, tags: ["brass", "stars"] };
const setups = await startSetups((mock) => {
  mock.onMessage("describe", { content: JSON.stringify(astrolabe), usage }, { chunkSize: 7 });
  mock.onMessage("cut", { content: '{"name":"Astro', finishReason: "length", usage });
  mock.onMessage("look up", {
    toolCalls: [{ name: "look_up", arguments: '{"term":"alidade"}', id: "call_look_up" }],
    usage,
  });
});
afterAll(() => setups.close());

describe.each(setups.all)("with $upstream", ({ client, tap }) => {
  test("chat.completions.parse gives the object", async () => {
    const completion = await client.chat.completions.parse({
      model,
      messages: [{ role: "user", content: "describe it" }],
      response_format: zodResponseFormat(instrument, "instrument"),
    });
    expect(completion.choices[0]?.message.parsed).toEqual(astrolabe);
  });

  test("chat.completions.stream gives it too, piece by piece", async () => {
    const stream = client.chat.completions.stream({
      model,
      messages: [{ role: "user", content: "describe it" }],
      response_format: zodResponseFormat(instrument, "instrument"),
    });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.parsed).toEqual(astrolabe);
  });

  test("responses.parse and responses.stream give the object", async () => {
    const request = {
      model,
      input: "describe it",
      text: { format: zodTextFormat(instrument, "instrument") },
    };
    expect((await client.responses.parse(request)).output_parsed).toEqual(astrolabe);
    expect((await client.responses.stream(request).finalResponse()).output_parsed).toEqual(astrolabe);
  });

  test("the schema reaches the upstream with its name and strictness, in the upstream's own words", async () => {
    await client.responses.parse({
      model,
      input: "describe it",
      text: { format: zodTextFormat(instrument, "instrument"), verbosity: "low" },
    });
    const { path, asked } = tap.last;
    const schema = expect.objectContaining({ required: ["name", "year", "tags"], additionalProperties: false });
    const format = { name: "instrument", strict: true, schema };
    expect(asked).toMatchObject(
      path.endsWith("/responses")
        ? { text: { format: { type: "json_schema", ...format }, verbosity: "low" } }
        : { response_format: { type: "json_schema", json_schema: format }, verbosity: "low" },
    );
  });

  test("arguments of a tool made of a schema are parsed in both protocols", async () => {
    const parameters = z.object({ term: z.string() });
    const completion = await client.chat.completions.parse({
      model,
      messages: [{ role: "user", content: "look up" }],
      tools: [zodFunction({ name: "look_up", parameters })],
    });
    expect(completion.choices[0]?.message.tool_calls).toMatchObject([
      { function: { name: "look_up", parsed_arguments: { term: "alidade" } } },
    ]);
    const response = await client.responses.parse({
      model,
      input: "look up",
      tools: [zodResponsesFunction({ name: "look_up", parameters })],
    });
    expect(response.output).toMatchObject([{ type: "function_call", parsed_arguments: { term: "alidade" } }]);
  });

  test("JSON that breaks off at the limit is the client's own length error, whole and streamed", async () => {
    const request = {
      model,
      messages: [{ role: "user" as const, content: "cut" }],
      max_completion_tokens: 16,
      response_format: zodResponseFormat(instrument, "instrument"),
    };
    const whole = client.chat.completions.parse(request);
    expect(await whole.catch((error: unknown) => error)).toBeInstanceOf(LengthFinishReasonError);
    const cut = client.chat.completions.stream(request).finalChatCompletion();
    expect(await cut.catch((error: unknown) => error)).toBeInstanceOf(LengthFinishReasonError);
  });
});
