// The end of the credits: answers that are held in steps while they stream, cut where credits end, and refusals that say
// exactly what would be affordable.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import {
  arrayAt,
  isObject,
  numberAt,
  objectAt,
  parseObject,
  stringAt,
  type JsonObject,
} from "../server/contracts/json.ts";
import { asObject, billingOf, startGateway, type TestGateway } from "./support/gateway.ts";
import { startOperatedGateway } from "./support/operator.ts";
import { readStream } from "./support/read-stream.ts";
import {
  askingFor,
  startToldUpstream,
  toldEnvironment,
  type ToldAnswer,
  type ToldUpstream,
} from "./support/told-upstream.ts";

let upstream: ToldUpstream;
let gateway: TestGateway;
const paths = { "chat-completions": "/v1/chat/completions", responses: "/v1/responses" } as const;

beforeEach(() => {
  upstream = startToldUpstream();
});
afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

async function start(protocol: string, creditsUsd: string): Promise<void> {
  gateway = await startGateway({ ...toldEnvironment(upstream, protocol), ASTROLABE_INIT_CREDITS_USD: creditsUsd });
}

/** A stream that has begun with one word, and the upstream's side of it; without a limit of its own unless told. */
async function open(path: string, more: JsonObject = {}): Promise<[Response, ToldAnswer]> {
  const sent = gateway.post(path, askingFor(path, { stream: true, ...more }));
  const answer = await upstream.next();
  answer.say(1);
  return [await sent, answer];
}

describe.each(["chat-completions", "responses"] as const)("on %s, near the end of the credits", (protocol) => {
  const path = paths[protocol];

  test("a stream holds its beginning only, and grows to the whole affordable answer", async () => {
    await start(protocol, "0.05");
    const [response, answer] = await open(path);
    // About 0.05 USD at 25 USD a million; the beginning is a fraction of it.
    expect(answer.limit).toBeGreaterThan(1_900);
    expect(answer.limit).toBeLessThan(2_000);
    const found = await gateway.wired.services.keys.authenticate(gateway.liveKey);
    const account = found && (await gateway.wired.services.ledger.account(found.workspace.id));
    expect(account?.pledged).toBeGreaterThan(0n);
    expect(account?.pledged).toBeLessThan(25_000_000_000n);
    answer.say(5_000);
    const text = (await readStream(response).rest()).join("\n");
    expect(text).toMatch(protocol === "responses" ? /max_output_tokens/ : /"finish_reason":"length"/);
    const billing = billingOf(await gateway.traceOf(response));
    expect(usd(billing["debit_usd"])).toBe(12n * 5_000_000n + BigInt(answer.limit) * 25_000_000n);
    expect(usd(billing["ceiling_usd"])).toBeGreaterThanOrEqual(usd(billing["debit_usd"]));
    expect(billing["uncollected_usd"]).toBeUndefined();
    expect((await gateway.credits()).balance).toBeGreaterThanOrEqual(0n);
  });

  test("when credit ends in mid-answer, it ends as one that reached its length, and all of it is billed", async () => {
    await start(protocol, "0.05");
    const [response, answer] = await open(
      path,
      protocol === "responses" ? {} : { stream_options: { include_usage: true } },
    );
    answer.say(50);
    const events = readStream(response);
    // Another request takes what is left.
    const [other, second] = await open(path, {
      [protocol === "responses" ? "max_output_tokens" : "max_tokens"]: 1_000,
    });
    answer.say(1_000);
    const rest = await events.rest();
    await answer.hungUp;
    const words = expectCut(protocol, rest);
    const trace = await gateway.traceOf(response);
    expect(trace["warnings"]).toEqual(["the answer was cut: credits covered no more of it"]);
    const [attempt] = arrayAt(trace, "attempts") ?? [];
    const usage = isObject(attempt) ? (objectAt(attempt, "usage") ?? {}) : {};
    expect(usage).toMatchObject({ kind: "at_least", output_tokens: Math.ceil((words * 5 - 1) / 4) });
    expect(trace).toMatchObject({ status: 200, billing: { status: "billed" } });
    const billing = billingOf(trace);
    expect(usd(billing["debit_usd"])).toBeGreaterThan(0n);
    expect(usd(billing["debit_usd"])).toBeLessThanOrEqual(usd(billing["ceiling_usd"]));

    second.say(2_000);
    expect((await readStream(other).rest()).length).toBeGreaterThan(1_000);
    const { balance, held } = await gateway.credits();
    expect(held).toBe(0n);
    expect(balance).toBeGreaterThanOrEqual(0n);
    expect(gateway.faults).toEqual([]);
  });

  test("a 402 states the largest answer that is affordable: one token more is refused, and exactly that is accepted", async () => {
    await start(protocol, "0.05");
    const limitField = protocol === "responses" ? "max_output_tokens" : "max_completion_tokens";
    const ask = (limit: number) => gateway.post(path, askingFor(path, { stream: true, [limitField]: limit }));
    const refused = await ask(100_000);
    const affordable = await affordableOf(refused);
    expect(affordable).toBeGreaterThan(1_900);
    expect(await affordableOf(await ask(affordable + 1))).toBe(affordable);
    const accepted = ask(affordable);
    const answer = await upstream.next();
    expect(answer.limit).toBe(affordable);
    answer.say(affordable);
    const response = await accepted;
    expect(response.status).toBe(200);
    await response.text();
    expect(billingOf(await gateway.traceOf(response))["uncollected_usd"]).toBeUndefined();
  });
});

test("official clients read a cut answer as an incomplete one", async () => {
  await start("responses", "0.05");
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.liveKey, maxRetries: 0 });
  const stream = client.responses.stream({ model: "anthropic/claude-opus-4.7", input: "Say many words." });
  const final = stream.finalResponse();
  const answer = await upstream.next();
  answer.say(20);
  const [, second] = await open("/v1/responses", { max_output_tokens: 1_200 });
  answer.say(3_000);
  const response = await final;
  expect(response).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
  expect(response.output_text).toMatch(/^word( word)+$/);
  second.end();
});

test("a key's spend limit ends an answer as the end of the credits does, and is not passed", async () => {
  const operated = await startOperatedGateway({
    ...toldEnvironment(upstream, "chat-completions"),
    ASTROLABE_INIT_CREDITS_USD: "10",
  });
  gateway = operated;
  const { secret: key } = await operated.operator.key({ spend_limit_usd: "0.05" });
  const path = "/v1/chat/completions";
  const sent = gateway.post(path, askingFor(path, { stream: true }), { key });
  const answer = await upstream.next();
  answer.say(50);
  const response = await sent;
  const beside = gateway.post(path, askingFor(path, { stream: true, max_tokens: 1_000 }), { key });
  const other = await upstream.next();
  answer.say(1_000);
  expectCut("chat-completions", await readStream(response).rest(), false);
  await answer.hungUp;
  other.say(1_000);
  const whole = await beside;
  await whole.text();
  const debits = await Promise.all([response, whole].map(async (one) => billingOf(await gateway.traceOf(one))));
  const spent = debits.reduce((sum, billing) => sum + usd(billing["debit_usd"]), 0n);
  expect(spent).toBeGreaterThan(25_000_000_000n);
  expect(spent).toBeLessThanOrEqual(50_000_000_000n);
});

test("many growing streams on a small balance: none overshoots, and every one ends", async () => {
  await start("chat-completions", "0.30");
  const callers = 24;
  const responses = Array.from({ length: callers }, () =>
    gateway.post("/v1/chat/completions", askingFor("/v1/chat/completions", { stream: true })),
  );
  const talk = async (): Promise<void> => {
    const answer = await upstream.next();
    for (let said = 1; said > 0;) {
      said = answer.say(40);
      const { balance, held, available } = await gateway.credits();
      expect(available).toBe(balance - held);
      expect(available).toBeGreaterThanOrEqual(0n);
    }
  };
  const talks = responses.map(talk);
  const ended = await Promise.all(
    responses.map(async (sent) => [(await sent).status, await (await sent).text(), await sent] as const),
  );
  const served = ended.filter(([status]) => status === 200);
  expect(served.length).toBeGreaterThan(2);
  expect(ended.filter(([status]) => status === 402).length).toBe(callers - served.length);
  await Promise.all(talks.slice(0, served.length));
  let debits = 0n;
  let cut = 0;
  for (const [, text, response] of served) {
    expect(text).toMatch(/"finish_reason":"length"/);
    expect(text).toEndWith("data: [DONE]\n\n");
    const trace = await gateway.traceOf(response);
    const billing = billingOf(trace);
    expect(billing["uncollected_usd"]).toBeUndefined();
    expect(usd(billing["debit_usd"])).toBeLessThanOrEqual(usd(billing["ceiling_usd"]));
    debits += usd(billing["debit_usd"]);
    cut += (arrayAt(trace, "warnings") ?? []).length;
  }
  expect(cut).toBeGreaterThan(0);
  const { balance, held } = await gateway.credits();
  expect(held).toBe(0n);
  expect(balance).toBe(300_000_000_000n - debits);
});

/** The words that came before the protocol's own end of an answer cut at its length. */
function expectCut(protocol: keyof typeof paths, blocks: readonly string[], withUsage = true): number {
  if (protocol === "chat-completions") {
    expect(blocks.at(-1)).toBe("data: [DONE]");
    if (!withUsage) {
      expect(dataOf(blocks.at(-2) ?? "")).toMatchObject({ choices: [{ finish_reason: "length" }] });
      return blocks.length - 2;
    }
    const chunks = blocks.slice(0, -1).map(dataOf);
    expect(chunks.at(-1)).toMatchObject({
      id: "chatcmpl-told",
      choices: [],
      usage: { prompt_tokens: expect.any(Number) },
    });
    expect(chunks.at(-2)).toMatchObject({ id: "chatcmpl-told", choices: [{ delta: {}, finish_reason: "length" }] });
    return chunks.filter((chunk) => JSON.stringify(chunk).includes("word")).length;
  }
  const events = blocks.map(dataOf);
  expect(events.map((event) => stringAt(event, "type")).slice(-4)).toEqual([
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.incomplete",
  ]);
  const words = events.filter((event) => event["type"] === "response.output_text.delta").length;
  const numbers = events.map((event) => numberAt(event, "sequence_number"));
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  const response = objectAt(events.at(-1) ?? {}, "response") ?? {};
  const text = `word${" word".repeat(words - 1)}`;
  expect(response).toMatchObject({
    id: "resp_told",
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
    output: [{ id: "msg_told", status: "incomplete", content: [{ type: "output_text", text }] }],
    metadata: { astrolabe: { billing_status: "billed" } },
  });
  return words;
}

function dataOf(block: string): JsonObject {
  return parseObject(block.slice(block.indexOf("data: ") + 6)) ?? {};
}

async function affordableOf(response: Response): Promise<number> {
  expect(response.status).toBe(402);
  const error = objectAt(asObject(await response.json()), "error") ?? {};
  return numberAt(objectAt(error, "details") ?? {}, "affordable_max_output_tokens") ?? -1;
}

function usd(text: unknown): bigint {
  return BigInt(String(text).replace(".", ""));
}
