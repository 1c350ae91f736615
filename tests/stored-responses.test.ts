// Responses that are kept because their callers ask for it: gone on from, read, listed and deleted, with the official
// client and on both databases.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { APIError, type OpenAI } from "openai";
import { asId, type RequestId, type WorkspaceId } from "../server/contracts/ids.ts";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { mostTurns } from "../server/stored-responses/stored-responses.ts";
import { forEachEngine } from "./support/engines.ts";
import { asObject, billingOf } from "./support/gateway.ts";
import { refusalOf, startOperatedGateway, type OperatedGateway } from "./support/operator.ts";
import { startThinkingUpstream, thinkingEnvironment, type ThinkingUpstream } from "./support/thinking-upstream.ts";
import { clientOf } from "./sdk/setups.ts";

setDefaultTimeout(20_000);

/** Served by an upstream with Responses, by another one, and by one without. */
const [native, otherNative, chat] = ["openai/gpt-5.4", "openai/gpt-5.5", "anthropic/claude-sonnet-4.6"];

forEachEngine((engine) => {
  let first: ThinkingUpstream;
  let second: ThinkingUpstream;
  let gateway: OperatedGateway;
  let client: OpenAI;
  beforeAll(async () => {
    [first, second] = [startThinkingUpstream("first"), startThinkingUpstream("second")];
    const environment = thinkingEnvironment({
      first: { upstream: first, models: `${native}=gpt`, protocols: "responses" },
      second: { upstream: second, models: `${otherNative}=other`, protocols: "responses" },
      chatty: { upstream: second, models: `${chat}=claude`, protocols: "chat-completions" },
    });
    gateway = await startOperatedGateway({ ...environment, ...(await engine.environment()) });
    client = clientOf(gateway);
    const { operator } = gateway;
    await operator.publish("keeps-none", { boundaries: { retentionPolicy: "none" } });
    await operator.publish("keeps-no-responses", { memory: { storeResponses: false } });
    await operator.publish("keeps-prints", { memory: { fingerprintOnly: true } });
    await operator.publish("keeps-a-day", { memory: { retentionDays: 1 } });
    await operator.publish("holds", { verification: { holdStream: true } });
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
    await Promise.all([first.close(), second.close()]);
  });

  const ask = (fields: Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>) =>
    client.responses.create({ model: native, input: "One.", store: true, ...fields });

  /** The last response of a stream, and all its events. */
  async function streamed(fields: Partial<OpenAI.Responses.ResponseCreateParamsStreaming>, by = client) {
    const events = await Array.fromAsync(
      await by.responses.create({ model: native, input: "One.", store: true, ...fields, stream: true }),
    );
    const last = events.at(-1);
    if (last?.type !== "response.completed") throw new Error(`the stream ended with ${last?.type}`);
    return { events, response: last.response };
  }

  const owner = async () => {
    const row = (await rows()).find(({ mode }) => mode === "live");
    return { workspaceId: asId<WorkspaceId>(row?.workspace_id ?? ""), mode: "live" } as const;
  };
  const rows = () => gateway.wired.database.query.selectFrom("stored_responses").selectAll().execute();

  describe("a response that is to be kept", () => {
    test("has an id of its own, is read as it was answered, and lies encrypted", async () => {
      const response = await ask({ input: "The word is astrolabium.", metadata: { team: "a" } });
      expect(response.id).toMatch(/^resp_[0-9a-f]{32}$/);
      expect(response.id).not.toBe("resp_0123456789abcdef0123456789abcdef");
      expect([storeOf(response), response.previous_response_id]).toEqual([true, null]);
      const { _request_id: _first, ...answered } = response;
      const { _request_id: _second, ...kept } = await client.responses.retrieve(response.id);
      expect(kept).toEqual(answered);
      for (const { turn, rest } of await rows()) {
        expect(Buffer.concat([turn, rest]).toString("latin1")).not.toContain("astrolabium");
      }
    });

    test("is stored nowhere else", async () => {
      await ask({});
      expect(first.asked.at(-1)).toMatchObject({ store: false, include: ["reasoning.encrypted_content"] });
    });

    test("streamed: has one id from its first event to its last, under which it is kept", async () => {
      const { events, response } = await streamed({});
      const ids = events.flatMap((event) =>
        "response" in event ? [[event.response.id, storeOf(event.response)]] : [],
      );
      expect(ids.length).toBeGreaterThan(2);
      expect(new Set(ids.map(String))).toEqual(new Set([`${response.id},true`]));
      const kept = await client.responses.retrieve(response.id);
      expect({ ...asObject(kept), output_text: undefined }).toEqual({ ...asObject(response), output_text: undefined });
    });

    for (const model of [native, chat]) {
      test(`${model}: held back for its checks is kept too`, async () => {
        const { secret } = await gateway.operator.key({ stack: "holds" });
        const { response } = await streamed({ model }, clientOf(gateway, secret));
        expect((await client.responses.retrieve(response.id)).output).toEqual(response.output);
      });
    }

    test("translated, whole or streamed, is kept like any other", async () => {
      const whole = await ask({ model: chat });
      expect(await client.responses.retrieve(whole.id)).toMatchObject({ store: true, output_text: "You said: One." });
    });

    test("is debited with its trace, and a repeat under its idempotency key is the same response", async () => {
      const before = (await rows()).length;
      const options = { headers: { "Idempotency-Key": "kept-1" } };
      const body = { model: native, input: "Once.", store: true } as const;
      const answers = [await client.responses.create(body, options), await client.responses.create(body, options)];
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect((await rows()).length).toBe(before + 1);
      const trace = await gateway.get(`/v1/traces/req_${answers[0]?.id.slice("resp_".length)}`);
      expect(billingOf(trace)).toMatchObject({ status: "billed" });
    });
  });

  describe("a response that is not kept", () => {
    const refusedBoth = async (id: string) => {
      expect(await gateway.get(`/v1/responses/${id}`)).toMatchObject({ error: { code: "not_found" } });
      return gateway.post("/v1/responses", { model: native, input: "Two.", previous_response_id: id });
    };

    test("because nobody asked says so, whatever its upstream says", async () => {
      const response = await client.responses.create({ model: native, input: "One." });
      expect(storeOf(response)).toBe(false);
      const { response: streamedOne } = await streamed({ store: false });
      expect(storeOf(streamedOne)).toBe(false);
      const [credits, asked] = [await gateway.credits(), first.asked.length];
      const refused = await refusedBoth(response.id);
      expect(refused.status).toBe(400);
      expect(objectAt(asObject(await refused.json()), "error")).toMatchObject({
        code: "previous_response_not_found",
        type: "invalid_request_error",
        param: "previous_response_id",
      });
      expect([await gateway.credits(), first.asked.length]).toEqual([credits, asked]);
    });

    test.each(["keeps-none", "keeps-no-responses", "keeps-prints"])(
      "because its stack forbids it (%s) says so, and why",
      async (stack) => {
        const before = (await rows()).length;
        const response = await gateway.operator.ask(stack, { model: native, store: true });
        const body = asObject(await response.clone().json());
        expect(body["store"]).toBe(false);
        expect((await rows()).length).toBe(before);
        expect(JSON.stringify(await gateway.traceOf(response))).toContain("the response is not stored");
        expect((await refusedBoth(stringAt(body, "id") ?? "")).status).toBe(400);
      },
    );

    test("because its request is too large says so", async () => {
      const picture = `data:image/png;base64,${"A".repeat(9 * 1024 * 1024)}`;
      const content = [
        { type: "input_image", image_url: picture, detail: "auto" as const },
        { type: "input_text", text: "What is it?" },
      ] as const;
      const response = await ask({ input: [{ role: "user", content: [...content] }] });
      expect([response.status, storeOf(response)]).toEqual(["completed", false]);
      const byTestKey = clientOf(gateway, gateway.testKey).responses;
      const tested = await byTestKey.create({ input: "long ".repeat(60_000), store: true });
      expect([tested.status, storeOf(tested)]).toEqual(["completed", false]);
    });

    test("of another workspace or mode does not exist", async () => {
      const { operator } = gateway;
      const { body: other } = await operator.send("POST", "/api/workspaces", { name: "Another" });
      const home = `/api/workspaces/${stringAt(other, "id")}`;
      const { body: theirs } = await operator.send("POST", `${home}/keys`, { name: "theirs" });
      await operator.send("POST", `${home}/credits/grants`, { amount_usd: "10", memo: "theirs" });
      const mine = await ask({});
      const tested = await clientOf(gateway, gateway.testKey).responses.create({ input: "Test.", store: true });
      expect(storeOf(tested)).toBe(true);
      const strangers: [string, string][] = [
        [stringAt(theirs, "secret") ?? "", mine.id],
        [gateway.testKey, mine.id],
        [gateway.liveKey, tested.id],
      ];
      for (const [key, id] of strangers) {
        const stranger = clientOf(gateway, key);
        expect(await refusedAs(stranger.responses.retrieve(id))).toEqual(notFound);
        expect(await refusedAs(stranger.responses.delete(id))).toEqual(notFound);
        expect(await refusedAs(stranger.responses.inputItems.list(id))).toEqual(notFound);
        const goingOn = stranger.responses.create({ input: "Two.", previous_response_id: id });
        expect(await refusedAs(goingOn)).toEqual(notGoneOn);
      }
      expect((await client.responses.retrieve(mine.id)).id).toBe(mine.id);
    });
  });

  describe("a request that goes on from a response", () => {
    test("asks for the whole conversation, without the earlier instructions", async () => {
      const one = await ask({ instructions: "Rhyme." });
      const two = await ask({ input: [{ role: "user", content: "Two." }], previous_response_id: one.id });
      expect(two.previous_response_id).toBe(one.id);
      const asked = first.asked.at(-1) ?? {};
      expect(asked).not.toHaveProperty("previous_response_id");
      expect(asked).not.toHaveProperty("instructions");
      expect(asked["input"]).toEqual([
        { type: "message", role: "user", content: "One." },
        ...itemsOf(one),
        { role: "user", content: "Two." },
      ]);
      const { response: three } = await streamed({ input: "Three.", previous_response_id: two.id });
      expect([three.previous_response_id, first.lastInput().length]).toEqual([two.id, 7]);
    });

    test("need not be kept itself", async () => {
      const one = await ask({});
      const two = await ask({ store: false, previous_response_id: one.id });
      expect([storeOf(two), two.previous_response_id]).toEqual([false, one.id]);
      expect(await refusedAs(client.responses.retrieve(two.id))).toEqual(notFound);
    });

    test("gives reasoning to the model that had it, and to nobody else", async () => {
      const one = await ask({});
      const reasoning = () => first.lastInput().filter(({ type }) => type === "reasoning");
      await ask({ previous_response_id: one.id });
      expect(reasoning()).toMatchObject([{ encrypted_content: "thoughts of first" }]);
      const response = await gateway.post("/v1/responses", {
        model: otherNative,
        input: "Two.",
        previous_response_id: one.id,
      });
      expect(second.lastInput().map(({ type, id }) => [type, id])).toEqual([
        ["message", undefined],
        ["message", undefined],
        ["message", undefined],
      ]);
      const trace = JSON.stringify(await gateway.traceOf(response));
      expect(trace).toContain(`the reasoning of an earlier answer by ${native} was not carried over`);
    });

    test("goes on across protocols, there and back", async () => {
      const one = await ask({});
      const two = await ask({ model: chat, input: "Two.", previous_response_id: one.id });
      expect(second.lastInput()).toEqual([
        { role: "user", content: "One." },
        { role: "assistant", content: "You said: One." },
        { role: "user", content: "Two." },
      ]);
      const three = await ask({ input: "Three.", previous_response_id: two.id });
      expect(three.output_text).toBe("You said: Three.");
      expect(JSON.stringify(first.lastInput())).toContain("You said: Two.");
    });

    test("keeps its model where the stack keeps conversations with theirs", async () => {
      await gateway.operator.publish("pinned", { objective: { sessionPins: true } });
      const pinned = (fields: JsonObject) =>
        gateway.operator.ask("pinned", { input: "Begin.", store: true, ...fields });
      const one = asObject(await (await pinned({ model: chat })).json());
      const two = await pinned({ model: "astrolabe/auto", input: "Go on.", previous_response_id: one["id"] });
      expect(two.headers.get("x-astrolabe-decision")).toBe("session_pin");
      expect(two.headers.get("x-astrolabe-model")).toBe(chat);
    });

    test("is held for and planned like the request that brings it all", async () => {
      const long = "A long story about an astrolabe and its maker. ".repeat(200);
      const one = await ask({ input: long });
      const goingOn = await gateway.post("/v1/responses", {
        model: native,
        input: [{ role: "user", content: "Two." }],
        previous_response_id: one.id,
      });
      const items = [
        { type: "message", role: "user", content: long },
        ...one.output,
        { role: "user", content: "Two." },
      ];
      const whole = await gateway.post("/v1/responses", { model: native, input: items });
      const [held, heldWhole] = await Promise.all(
        [goingOn, whole].map(async (response) => billingOf(await gateway.traceOf(response))["hold_usd"]),
      );
      expect(held).toBeString();
      expect(held).toBe(heldWhole);
    });

    test("counts as untrusted when an earlier turn was", async () => {
      const turn = async (fields: JsonObject) => {
        const body = { model: native, input: "Go on.", store: true, ...fields };
        return stringAt(asObject(await (await gateway.post("/v1/responses", body)).json()), "id") ?? "";
      };
      const declared = await turn({ metadata: { astrolabe: { untrusted_content: true } } });
      const two = await turn({ previous_response_id: declared });
      const trusted = await turn({});
      const kept = async (id: string) =>
        (await gateway.wired.services.responses.find(await owner(), id)).turn.untrusted;
      expect([await kept(declared), await kept(two), await kept(trusted)]).toEqual([true, true, false]);
    });
  });

  test("a chain of turns asks for what the whole input asks for, and answers the same", async () => {
    const turn = fc.record({ text: fc.string({ minLength: 1, maxLength: 40 }), stream: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 2, maxLength: 5 }), async (turns) => {
        let previous: string | undefined;
        const whole: JsonObject[] = [];
        for (const { text, stream } of turns) {
          const own = { type: "message", role: "user", content: text } as const;
          const fields = { input: [own], ...(previous === undefined ? {} : { previous_response_id: previous }) };
          const response = stream ? (await streamed(fields)).response : await ask(fields);
          whole.push(own);
          const chained = first.lastInput();
          const sent = await gateway.post("/v1/responses", { model: native, input: whole, stream: false });
          expect(chained).toEqual(first.lastInput());
          expect(textsOf(response)).toEqual(textsOf(asObject(await sent.json())));
          whole.push(...itemsOf(response));
          previous = response.id;
        }
      }),
      { numRuns: 8 },
    );
  });

  describe("kept responses", () => {
    async function conversation(turns: number): Promise<OpenAI.Responses.Response[]> {
      const all = [await ask({})];
      while (all.length < turns) all.push(await ask({ input: "More.", previous_response_id: all.at(-1)?.id ?? null }));
      return all;
    }

    test("list what they were made from, page by page, with ids that stay", async () => {
      const [one, two] = await conversation(2);
      const id = two?.id ?? "";
      const all = await Array.fromAsync(client.responses.inputItems.list(id, { order: "asc" }));
      expect(all.map(({ type }) => type)).toEqual(["message", "reasoning", "message", "message"]);
      expect(all[0]).toMatchObject({ role: "user", content: [{ type: "input_text", text: "One." }] });
      expect(all[2]?.id).toBe(one?.output[1]?.id ?? "");
      expect(JSON.stringify(all)).not.toContain("thoughts of first");
      const include = ["reasoning.encrypted_content" as const];
      const paged = await Array.fromAsync(client.responses.inputItems.list(id, { limit: 1, include }));
      expect(paged.map((item) => item.id)).toEqual(all.map((item) => item.id).reverse());
      expect(JSON.stringify(paged)).toContain("thoughts of first");
      for (const query of ["limit=0", "limit=101", "order=up", "after=msg_none"]) {
        const url = `${gateway.url}/v1/responses/${id}/input_items?${query}`;
        const refused = await fetch(url, { headers: { authorization: `Bearer ${gateway.liveKey}` } });
        expect(await refusalOf(refused)).toEqual([400, "invalid_request"]);
      }
    });

    test("are deleted for good: neither read nor gone on from, whoever came after them", async () => {
      const [one, two, three] = await conversation(3);
      if (!one || !two || !three) throw new Error("three turns");
      await client.responses.delete(two.id);
      const left = new Set((await rows()).map(({ request_id }) => request_id));
      expect(left.has(`req_${two.id.slice("resp_".length)}`)).toBe(false);
      expect(await refusedAs(client.responses.retrieve(two.id))).toEqual(notFound);
      expect(await refusedAs(client.responses.delete(two.id))).toEqual(notFound);
      expect(await refusedAs(ask({ previous_response_id: two.id }))).toEqual(notGoneOn);
      const refused = await ask({ previous_response_id: three.id }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: "previous_response_not_found", param: "previous_response_id" });
      expect(String(refused)).toContain(two.id);
      expect((await client.responses.retrieve(three.id)).id).toBe(three.id);
      expect(storeOf(await ask({ previous_response_id: one.id }))).toBe(true);
    });

    test("cannot be cancelled, and say why", async () => {
      const { id } = await ask({});
      const refused = await client.responses.cancel(id).catch((error: unknown) => error);
      expect(refused).toMatchObject({ status: 400, code: "invalid_request" });
      expect(await refusedAs(client.responses.cancel("resp_unknown"))).toEqual(notFound);
    });

    test(`are at most ${mostTurns} in one conversation`, async () => {
      const { id } = await ask({});
      const { query } = gateway.wired.database;
      const all = await rows();
      const begin = all.find(({ request_id }) => request_id.endsWith(id.slice("resp_".length)));
      if (!begin) throw new Error("it was kept");
      const { responses } = gateway.wired.services;
      const kept = { ...(await owner()), workspaceId: asId<WorkspaceId>(begin.workspace_id) };
      const { turn } = await responses.find(kept, id);
      let previous = begin.request_id;
      for (let number = 2; number <= mostTurns + 1; number++) {
        const request_id = asId<RequestId>(`req_${number.toString(16).padStart(32, "f")}`);
        const sealed = responses.seal(kept, request_id, turn, { output: [...turn.output] });
        await query
          .insertInto("stored_responses")
          .values({ ...begin, request_id, previous_id: previous, ...sealed })
          .execute();
        previous = request_id;
        if (number === mostTurns) {
          const last = await ask({ previous_response_id: `resp_${request_id.slice("req_".length)}`, store: false });
          expect(last.status).toBe("completed");
        }
      }
      const tooLong = ask({ previous_response_id: `resp_${previous.slice("req_".length)}` });
      expect(await refusedAs(tooLong)).toEqual([400, "invalid_request"]);
    });

    test("expire with their stack's retention, and then leave the database", async () => {
      const long = await ask({});
      const byTestKey = clientOf(gateway, gateway.testKey).responses;
      const tested = await byTestKey.create({ input: "One.", store: true });
      expect((await byTestKey.retrieve(tested.id)).id).toBe(tested.id);
      const short = asObject(await (await gateway.operator.ask("keeps-a-day", { model: native, store: true })).json());
      const id = stringAt(short, "id") ?? "";
      expect((await client.responses.retrieve(id)).id).toBe(id);
      gateway.clock.aheadMs += 25 * 3_600_000;
      expect(await refusedAs(client.responses.retrieve(id))).toEqual(notFound);
      expect(await refusedAs(byTestKey.retrieve(tested.id))).toEqual(notFound);
      expect(await refusedAs(ask({ previous_response_id: id }))).toEqual(notGoneOn);
      await gateway.wired.housekeep();
      const left = (await rows()).map(({ request_id }) => `resp_${request_id.slice("req_".length)}`);
      expect([left.includes(id), left.includes(long.id)]).toEqual([false, true]);
    });
  });

  test("a conversation may be as large as a request, and no larger", async () => {
    const small = await startOperatedGateway({
      ...thinkingEnvironment({ first: { upstream: first, models: `${native}=gpt`, protocols: "responses" } }),
      ...(await engine.environment()),
      ASTROLABE_MAX_BODY_BYTES: "4096",
    });
    try {
      const said = await small.post("/v1/responses", { model: native, input: "a ".repeat(1_500), store: true });
      const { id } = asObject(await said.json());
      const goesOn = (input: string) =>
        small.post("/v1/responses", asObject({ model: native, input, previous_response_id: id ?? null }));
      expect(await refusalOf(await goesOn("b"))).toEqual([413, "payload_too_large"]);
    } finally {
      await small.close();
    }
  });
});

/** Status and code of a refused call; undefined when it was not refused. */
async function refusedAs(call: PromiseLike<unknown>): Promise<readonly [unknown, unknown] | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return [error.status, error.code];
  }
}

/** Whether the response says that it is kept; the client's types do not know the field. */
function storeOf(response: OpenAI.Responses.Response): unknown {
  return asObject(response)["store"];
}

const notFound = [404, "not_found"] as const;
const notGoneOn = [400, "previous_response_not_found"] as const;

function textsOf(response: OpenAI.Responses.Response | JsonObject): unknown[] {
  return itemsOf(response).map(({ content }) => content);
}

/** The items of an answer as they came. */
function itemsOf(response: OpenAI.Responses.Response | JsonObject): JsonObject[] {
  return (arrayAt(asObject(response), "output") ?? []).filter(isObject);
}
