// The crash suite's upstream: answers every order exactly as the order says, remembers every call, and tells when a call
// of a server begins or is about to be settled, so that the server can be killed at that moment.

import { parseObject, stringAt } from "../../server/contracts/json.ts";
import { orderIdIn, orderedModels, type Order } from "./order.ts";
import { chatAnswer, chatFrames, responsesAnswer, responsesFrames } from "./upstream-answers.ts";

/** `called`: a hold is open. `finished`: the answer's last bytes have left, its settlement follows. */
export type Moment = "called" | "finished";

export type UpstreamCall = {
  readonly orderId: string;
  /** Catalogue id of the model that was asked. */
  readonly model: string;
  readonly failed: boolean;
};

export type Upstream = {
  /** Variables of a server that has this upstream alone; calls are told apart by the seat's name. */
  environmentFor(seat: string): Record<string, string>;
  /** Makes an order known; unknown ones are refused. */
  expect(order: Order): void;
  callsFor(orderId: string): readonly UpstreamCall[];
  /** Resolves at the next such moment of the seat, or after `withinMs`. */
  next(seat: string, moment: Moment, withinMs: number): Promise<void>;
  close(): Promise<void>;
};

export function startUpstream(): Upstream {
  const orders = new Map<string, Order>();
  const calls = new Map<string, UpstreamCall[]>();
  const waiting = new Map<string, (() => void)[]>();
  const tell = (seat: string, moment: Moment): void => {
    const key = `${seat} ${moment}`;
    const listeners = waiting.get(key) ?? [];
    waiting.delete(key);
    for (const listener of listeners) listener();
  };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const [, seat = "", path = ""] = /^\/([^/]+)\/(.*)$/.exec(new URL(request.url).pathname) ?? [];
      const text = await request.text();
      const order = orders.get(orderIdIn(text) ?? "");
      const body = parseObject(text);
      if (!order || !body) return refusal(400, "no such order");
      const model = stringAt(body, "model") ?? "";
      const known = calls.get(order.id) ?? [];
      const failed = known.length < order.failures;
      calls.set(order.id, [...known, { orderId: order.id, model: catalogueIdOf(model), failed }]);
      tell(seat, "called");
      if (failed) return refusal(500, "out of order");
      const finished = (): void => tell(seat, "finished");
      const isChat = path.endsWith("chat/completions");
      if (body["stream"] === true) {
        return paced(isChat ? chatFrames(order, model) : responsesFrames(order, model), order.pauseMs, finished);
      }
      await Bun.sleep(order.pauseMs * order.pieces);
      setImmediate(finished);
      return Response.json(isChat ? chatAnswer(order, model) : responsesAnswer(order, model));
    },
  });
  return {
    environmentFor: (seat) => upstreamEnvironment(`http://127.0.0.1:${server.port}/${seat}`),
    expect: (order) => void orders.set(order.id, order),
    callsFor: (orderId) => calls.get(orderId) ?? [],
    next(seat, moment, withinMs) {
      const key = `${seat} ${moment}`;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(key, [...(waiting.get(key) ?? []), resolve]);
      const timer = setTimeout(resolve, withinMs);
      return promise.finally(() => clearTimeout(timer));
    },
    close: () => server.stop(true),
  };
}

function refusal(status: number, message: string): Response {
  return Response.json({ error: { message, type: "error", code: null } }, { status });
}

function paced(frames: readonly string[], pauseMs: number, finished: () => void): Response {
  const encoder = new TextEncoder();
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const frame = frames[next];
      if (frame === undefined) return controller.close();
      if (next > 0) await Bun.sleep(pauseMs);
      next += 1;
      controller.enqueue(encoder.encode(frame));
      if (next === frames.length) setImmediate(finished);
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** Two models are served by an upstream that speaks both protocols, two by one that only speaks chat completions. */
function upstreamEnvironment(url: string): Record<string, string> {
  const named = (models: readonly string[]): string => models.map((id) => `${id}=${upstreamNameOf(id)}`).join(",");
  return {
    ASTROLABE_UPSTREAMS: "both,chatty",
    BOTH_BASE_URL: url,
    BOTH_API_KEY: "sk-crash-0123456789abcdef",
    BOTH_MODELS: named(orderedModels.slice(0, 2)),
    CHATTY_BASE_URL: url,
    CHATTY_API_KEY: "sk-crash-0123456789abcdef",
    CHATTY_MODELS: named(orderedModels.slice(2)),
    CHATTY_PROTOCOLS: "chat-completions",
  };
}

function upstreamNameOf(catalogueId: string): string {
  return catalogueId.replace("/", "--");
}

function catalogueIdOf(upstreamName: string): string {
  return upstreamName.replace("--", "/");
}
