// An upstream that fails on request: a chat completions server whose every model behaves as the test last said.

import { stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { asObject } from "./gateway.ts";
import { startOperatedGateway, type OperatedGateway } from "./operator.ts";

export type UpstreamCall = {
  /** The name under which the gateway asked for the model. */
  readonly model: string;
  readonly stream: boolean;
  readonly body: JsonObject;
  /** Aborts when the gateway hangs up. */
  readonly signal: AbortSignal;
};

export type Behaviour = (call: UpstreamCall) => Response | Promise<Response>;

export type UpstreamDouble = {
  readonly url: string;
  /** Calls since the last `behave`, in order. */
  readonly calls: UpstreamCall[];
  /** Says how each model behaves from now on; the others answer. Forgets the calls so far. */
  behave(behaviours: { readonly [model: string]: Behaviour }): void;
  close(): Promise<void>;
};

export function startUpstreamDouble(): UpstreamDouble {
  const calls: UpstreamCall[] = [];
  let behaviours: { readonly [model: string]: Behaviour } = {};
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const body = asObject(await request.json());
      const model = stringAt(body, "model") ?? "";
      const call = { model, stream: body["stream"] === true, body, signal: request.signal };
      calls.push(call);
      return (behaviours[model] ?? answers())(call);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    calls,
    behave(next) {
      behaviours = next;
      calls.length = 0;
    },
    close: () => server.stop(true),
  };
}

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

/** A good answer, whole or streamed as asked. */
export function answers(text = "All is well."): Behaviour {
  return (call) => {
    if (call.stream) return streams([text])(call);
    const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
    return Response.json({ id: "c1", object: "chat.completion", created: 1, model: call.model, choices, usage });
  };
}

/** Never answers; ends when the gateway hangs up. */
export function hangs(): Behaviour {
  return ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

/** An HTTP error in OpenAI's shape. */
export function refuses(status: number, message = "no", headers: Record<string, string> = {}): Behaviour {
  return () => Response.json({ error: { message, type: "error", code: null } }, { status, headers });
}

/** A 200 with exactly this body. */
export function sends(body: string | ReadableStream<Uint8Array>, contentType = "application/json"): Behaviour {
  return () => new Response(body, { headers: { "content-type": contentType } });
}

/** How a stream goes on after its words: well, silent, silently closed, torn off, or with an error of its own. */
export type Ending = "well" | "hanging" | "closed" | "torn" | "error";

export function streams(
  words: Iterable<string> | AsyncIterable<string>,
  ending: Ending = "well",
  pauseMs = 0,
): Behaviour {
  return ({ model }) => {
    const frames = frameTexts(model, words, ending, pauseMs);
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await frames.next();
        if (!done) controller.enqueue(encoder.encode(value));
        else if (ending === "torn") controller.error();
        else controller.close();
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
}

async function* frameTexts(
  model: string,
  words: Iterable<string> | AsyncIterable<string>,
  ending: Ending,
  pauseMs: number,
) {
  const frame = (delta: JsonObject, finish: string | null = null, more: JsonObject = {}): string => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    return data({ id: "c1", object: "chat.completion.chunk", created: 1, model, choices, ...more });
  };
  for await (const content of words) {
    yield frame({ role: "assistant", content });
    if (pauseMs > 0) await Bun.sleep(pauseMs);
  }
  // What was sent must be on its way before the connection goes.
  if (ending === "torn") await Bun.sleep(50);
  if (ending === "hanging") await new Promise(() => undefined);
  if (ending === "error") yield data({ error: { message: "the model crashed", type: "server_error", code: 500 } });
  if (ending !== "well") return;
  yield frame({}, "stop");
  yield data({ id: "c1", object: "chat.completion.chunk", created: 1, model, choices: [], usage });
  yield "data: [DONE]\n\n";
}

function data(value: JsonObject): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** The models of the double in the order in which the gateway below tries them; it stops before the fourth. */
export const doubledModels = {
  "openai/gpt-5.4": "first",
  "anthropic/claude-sonnet-4.6": "second",
  "anthropic/claude-opus-4.7": "third",
  "openai/gpt-5.5": "fourth",
} as const;

/** Variables of a server whose one upstream is the double, with credits to spare. */
export function upstreamEnvironment({ url }: UpstreamDouble): Record<string, string> {
  return {
    ASTROLABE_INIT_CREDITS_USD: "1000",
    ASTROLABE_UPSTREAMS: "local",
    LOCAL_BASE_URL: url,
    LOCAL_API_KEY: upstreamSecret,
    LOCAL_MODELS: Object.entries(doubledModels)
      .map(([id, name]) => `${id}=${name}`)
      .join(","),
    LOCAL_PROTOCOLS: "chat-completions",
  };
}

/** A gateway whose one upstream is the double, with a stack that names the models' order. */
export async function startGatewayOver(
  double: UpstreamDouble,
  environment: Record<string, string> = {},
): Promise<OperatedGateway> {
  const gateway = await startOperatedGateway({ ...upstreamEnvironment(double), ...environment });
  const priority = Object.keys(doubledModels);
  await gateway.operator.publish("in-order", { objective: { primary: "fixed_priority", priority } });
  await gateway.operator.send("PATCH", "", { stack: "in-order" });
  return gateway;
}

export const upstreamSecret = "sk-upstream-secret-0123456789";
