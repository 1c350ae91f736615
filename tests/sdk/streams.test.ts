// What a stream owes an official client besides its text: the guaranteed headers before the first byte, a prompt end
// when the client leaves, and an error, never a short answer, when the provider breaks off.

import { afterAll, describe, expect, test } from "bun:test";
import OpenAI, { APIError } from "openai";
import { guaranteedHeaders } from "../support/guaranteed-headers.ts";
import { counted, model, startSetups, type Setup } from "./setups.ts";

const long = "A long answer, told slowly, word by word, so that there is time enough to leave or to break off.";
const setups = await startSetups((mock) => {
  mock.onMessage("greet", { content: "Hello.", usage: counted });
  mock.onMessage("slowly", { content: long, usage: counted }, { chunkSize: 4, latency: 20 });
  mock.onMessage("break", { content: long, usage: counted }, { chunkSize: 4, latency: 5, truncateAfterChunks: 8 });
});
afterAll(() => setups.close());

const messagesOf = (text: string) => [{ role: "user" as const, content: text }];

/** Asks, tells each piece of text with a means to leave, and ends with the stream. */
type Run = (client: OpenAI, text: string, onText: (text: string, leave: () => void) => void) => Promise<void>;

/** Every way in which the client streams text. */
const streams: [string, Run][] = [
  [
    "responses.create",
    async (client, text, onText) => {
      const stream = await client.responses.create({ model, input: text, stream: true });
      for await (const event of stream) {
        if (event.type === "response.output_text.delta") onText(event.delta, () => stream.controller.abort());
      }
    },
  ],
  [
    "responses.stream",
    async (client, text, onText) => {
      const stream = client.responses.stream({ model, input: text });
      stream.on("response.output_text.delta", (event) => onText(event.delta, () => stream.abort()));
      await stream.finalResponse();
    },
  ],
  [
    "chat.completions.create",
    async (client, text, onText) => {
      const stream = await client.chat.completions.create({ model, messages: messagesOf(text), stream: true });
      for await (const chunk of stream) {
        const content = chunk.choices[0]?.delta.content;
        if (content) onText(content, () => stream.controller.abort());
      }
    },
  ],
  [
    "chat.completions.stream",
    async (client, text, onText) => {
      const stream = client.chat.completions.stream({ model, messages: messagesOf(text) });
      stream.on("content.delta", (event) => onText(event.delta, () => stream.abort()));
      await stream.finalChatCompletion();
    },
  ],
];

describe.each(setups.all)("with $upstream", (setup) => {
  const { client } = setup;

  test("withResponse shows all guaranteed headers, streamed or not", async () => {
    const messages = messagesOf("greet");
    const answers = [
      await client.responses.create({ model, input: "greet" }).withResponse(),
      await client.responses.create({ model, input: "greet", stream: true }).withResponse(),
      await client.chat.completions.create({ model, messages }).withResponse(),
      await client.chat.completions.create({ model, messages, stream: true }).withResponse(),
    ];
    for (const { data, response, request_id } of answers) {
      for (const name of guaranteedHeaders) expect([name, response.headers.get(name)]).not.toEqual([name, null]);
      expect(response.headers.get("x-astrolabe-model")).toBe(model);
      expect(request_id).toBe(response.headers.get("x-astrolabe-cloud-request-id"));
      if (Symbol.asyncIterator in data) await Array.fromAsync<unknown>(data);
      expect(await setup.gateway.traceOf(response)).toMatchObject({ billing: { status: "billed" } });
    }
  });

  test.each(streams)("%s: leaving mid-stream ends the upstream's work at once", async (_name, run) => {
    setup.tap.forget();
    let heard = "";
    await run(client, "slowly", (text, leave) => {
      heard += text;
      if (heard.length > 20) leave();
    }).catch((error: unknown) => {
      if (!(error instanceof OpenAI.APIUserAbortError)) throw error;
    });
    expect(heard.length).toBeLessThan(long.length / 2);
    expect(await holdsSoon(() => setup.tap.last.cancelled)).toBe(true);
    expect(await holdsSoon(async () => (await setup.gateway.credits()).held === 0n)).toBe(true);
  });

  test.each(streams)(
    "%s: a provider that breaks off raises an error with our code, free of charge",
    async (_name, run) => {
      const before = await setup.gateway.credits();
      let heard = "";
      const thrown = await run(client, "break", (text) => (heard += text)).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(APIError);
      expect(thrown).toMatchObject({ code: "streaming_provider_error" });
      expect(long.startsWith(heard) && heard.length > 0).toBe(true);
      expect(await chargeSince(before.balance, setup)).toBe(0n);
    },
  );
});

async function chargeSince(balance: bigint, { gateway }: Setup): Promise<bigint> {
  await holdsSoon(async () => (await gateway.credits()).held === 0n);
  return balance - (await gateway.credits()).balance;
}

/** Whether something comes true within a second; what follows a hang-up happens after the client is gone. */
async function holdsSoon(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (await condition()) return true;
    await Bun.sleep(10);
  }
  return false;
}
