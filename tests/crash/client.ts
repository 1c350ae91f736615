// One client of the crash suite: sends an order to a server and says what it saw of the answer.

import {
  arrayAt,
  isObject,
  numberAt,
  objectAt,
  parseObject,
  stringAt,
  type JsonObject,
} from "../../server/contracts/json.ts";
import { headerNames } from "../../server/contracts/headers.ts";
import { parseUsd } from "../../server/money/picodollars.ts";
import { readStream } from "../support/read-stream.ts";
import { promptOf, type Order } from "./order.ts";
import { toolsOfChat, toolsOfResponses } from "./upstream-answers.ts";

export type Delivered = {
  readonly kind: "delivered";
  readonly requestId: string;
  readonly model: string;
  readonly billed: boolean;
  /** Picodollars, as the answer itself says. */
  readonly cost: bigint;
  /** What is wrong with the answer as such; empty when it is the one ordered. */
  readonly flaws: readonly string[];
  readonly tookMs: number;
};

/** What a client saw. `refused`: an error before the answer began; `failed`: an error within the stream. */
export type Seen =
  | Delivered
  | { readonly kind: "refused" | "failed"; readonly code: string; readonly status: number }
  | { readonly kind: "left" | "cut" };

const longestMs = 30_000;

/** Sends the order; never throws. A connection that breaks is `cut`, unless the client meant to leave. */
export async function send(order: Order, url: string, key: string): Promise<Seen> {
  const startedAt = performance.now();
  const controller = new AbortController();
  const patience = setTimeout(() => controller.abort(), order.leavesAfterMs ?? longestMs);
  try {
    const response = await fetch(`${url}/v1/${order.protocol === "chat" ? "chat/completions" : "responses"}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        ...(order.idempotencyKey === undefined ? {} : { "idempotency-key": order.idempotencyKey }),
      },
      body: JSON.stringify(bodyOf(order)),
      signal: controller.signal,
    });
    if (response.status !== 200) return refusalOf(response.status, await response.text());
    const read = order.stream ? await readFrames(order, response) : readWhole(order, await response.text());
    if (read === "failed") return { kind: "failed", code: "stream", status: 200 };
    if (read === undefined) return { kind: "cut" };
    const requestId = stringAt(read.metadata, "request_id") ?? response.headers.get(headerNames.requestId) ?? "";
    return {
      kind: "delivered",
      requestId,
      model: stringAt(read.metadata, "model") ?? "",
      billed: stringAt(read.metadata, "billing_status") === "billed",
      cost: parseUsd(stringAt(read.metadata, "cost_usd") ?? "") ?? -1n,
      flaws: flawsOf(order, read),
      tookMs: performance.now() - startedAt,
    };
  } catch {
    return { kind: controller.signal.aborted && order.leavesAfterMs !== undefined ? "left" : "cut" };
  } finally {
    clearTimeout(patience);
  }
}

function bodyOf(order: Order): JsonObject {
  const { model, stream, tool, maxOutputTokens: limit } = order;
  if (order.protocol === "chat") {
    return {
      model,
      stream,
      messages: [{ role: "user", content: promptOf(order) }],
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      ...(limit === undefined ? {} : { max_completion_tokens: limit }),
      ...(tool ? { tools: toolsOfChat } : {}),
    };
  }
  return {
    model,
    stream,
    input: promptOf(order),
    ...(limit === undefined ? {} : { max_output_tokens: limit }),
    ...(tool ? { tools: toolsOfResponses } : {}),
  };
}

function refusalOf(status: number, text: string): Seen {
  const error = objectAt(parseObject(text) ?? {}, "error") ?? {};
  return { kind: "refused", status, code: stringAt(error, "code") ?? "" };
}

/** A complete answer: its routing metadata, the usage it states, and its pieces where it came in pieces. */
type Read = { readonly metadata: JsonObject; readonly usage: JsonObject; readonly pieces: number | undefined };

function readWhole(order: Order, text: string): Read | undefined {
  const body = parseObject(text);
  return body && readBody(order, body, undefined);
}

function readBody(order: Order, body: JsonObject, pieces: number | undefined): Read | undefined {
  const metadata = order.protocol === "chat" ? body["astrolabe"] : objectAt(body, "metadata")?.["astrolabe"];
  return isObject(metadata) ? { metadata, usage: objectAt(body, "usage") ?? {}, pieces } : undefined;
}

async function readFrames(order: Order, response: Response): Promise<Read | "failed" | undefined> {
  const reader = readStream(response);
  const isChat = order.protocol === "chat";
  let pieces = 0;
  let final: JsonObject | undefined;
  for (let block = await reader.next(); block !== undefined; block = await reader.next()) {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (data === undefined) continue;
    if (isChat && data === "[DONE]") return final && readBody(order, final, pieces);
    const frame = parseObject(data) ?? {};
    const type = stringAt(frame, "type") ?? "";
    if (isChat ? isObject(frame["error"]) : type === "response.failed") return "failed";
    if (isChat ? saysSomething(frame) : type === "response.output_text.delta") pieces += 1;
    if (isChat && frame["astrolabe"] !== undefined) final = frame;
    if (type === "response.completed") return readBody(order, objectAt(frame, "response") ?? {}, pieces);
  }
  return undefined;
}

function saysSomething(frame: JsonObject): boolean {
  const [choice] = arrayAt(frame, "choices") ?? [];
  return isObject(choice) && (stringAt(objectAt(choice, "delta") ?? {}, "content") ?? "") !== "";
}

function flawsOf(order: Order, { usage, pieces }: Read): string[] {
  const flaws: string[] = [];
  const output = numberAt(usage, order.protocol === "chat" ? "completion_tokens" : "output_tokens");
  if (output !== order.outputTokens) flaws.push(`states ${output} output tokens, not ${order.outputTokens}`);
  if (pieces !== undefined && !order.tool && pieces !== order.pieces) {
    flaws.push(`has ${pieces} pieces, not ${order.pieces}`);
  }
  return flaws;
}
