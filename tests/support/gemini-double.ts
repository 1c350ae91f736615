// An upstream that speaks Gemini's API as the test says: whole answers, streams piece by piece, embeddings, counts, errors.

import type { JsonObject } from "../../server/contracts/json.ts";
import { asObject } from "./gateway.ts";

export type GeminiCall = {
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  readonly body: JsonObject;
  /** Aborts when the gateway hangs up. */
  readonly signal: AbortSignal;
};

export type GeminiAnswer = (call: GeminiCall) => Response | Promise<Response>;

export type GeminiDouble = {
  readonly url: string;
  /** The latest call. @throws Error when there was none. */
  readonly last: GeminiCall;
  readonly calls: GeminiCall[];
  /** How everything but a count is answered from now on; counts are answered with 42. */
  answer: GeminiAnswer;
  close(): Promise<void>;
};

export const geminiKey = "AIzaSyUpstreamKey0123456789";

export function startGeminiDouble(): GeminiDouble {
  const calls: GeminiCall[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const { pathname: path, search: query } = new URL(request.url);
      const body = asObject(await request.json());
      const call = { path, query, headers: request.headers, body, signal: request.signal };
      calls.push(call);
      return path.endsWith(":countTokens") ? Response.json({ totalTokens: 42 }) : double.answer(call);
    },
  });
  const double: GeminiDouble = {
    url: `http://127.0.0.1:${server.port}`,
    get last() {
      const call = calls.at(-1);
      if (!call) throw new Error("the upstream was not called");
      return call;
    },
    calls,
    answer: saysParts([{ text: "All is well." }]),
    close: () => server.stop(true),
  };
  return double;
}

export function geminiEnvironment({ url }: GeminiDouble): Record<string, string> {
  return { GEMINI_API_KEY: geminiKey, GEMINI_BASE_URL: url };
}

const plainUsage = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };

/** The same parts in one body, or each in a piece of its own, as asked; the usage is told at the end. */
export function saysParts(parts: readonly JsonObject[], usageMetadata: JsonObject = plainUsage): GeminiAnswer {
  const head = { modelVersion: "gemini-double", responseId: "r-double", new_field: { kept: true } };
  const candidate = (said: readonly JsonObject[]) => ({ content: { role: "model", parts: [...said] }, index: 0 });
  return ({ path }) => {
    const ending = { finishReason: "STOP" };
    if (path.endsWith(":generateContent")) {
      return Response.json({ candidates: [{ ...candidate(parts), ...ending }], usageMetadata, ...head });
    }
    return streamsPieces([
      ...parts.map((part) => ({ candidates: [candidate([part])], usageMetadata: { promptTokenCount: 10 }, ...head })),
      { candidates: [{ ...candidate([{ text: "" }]), ...ending }], usageMetadata, ...head },
    ]);
  };
}

export function streamsPieces(pieces: readonly JsonObject[], ending?: Promise<never>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(`data: ${JSON.stringify(piece)}\r\n\r\n`));
      await ending?.catch(() => undefined);
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

export function failsAtGoogle(code: number, status: string, message: string, details: JsonObject[] = []) {
  return (): Response => Response.json({ error: { code, message, status, details } }, { status: code });
}
