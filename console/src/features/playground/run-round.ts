// One request of the playground, from sending to its end; what has come so far is told as it comes.

import { apiUrl, refusalOf } from "../../api/fetch-api.ts";
import { asApiError, ApiError } from "../../api/api-error.ts";
import { parseJson } from "../../api/parse-json.ts";
import {
  afterChatChunk,
  afterResponseEvent,
  chatAnswer,
  embeddingsAnswer,
  noAnswer,
  responseAnswer,
  type Answer,
} from "./answer.ts";
import { streamStart, takePiece, type StreamRest } from "./event-stream.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-text.ts";
import { afterMessageEvent, messageAnswer } from "./message-answer.ts";
import type { Mode, PlaygroundProtocol } from "./playground-request.ts";

export type Round = {
  readonly body: JsonObject;
  readonly status: "running" | "done" | "failed" | "stopped";
  /** Lower-case names; empty until they are there. */
  readonly headers: ReadonlyMap<string, string>;
  readonly answer: Answer;
  /** Milliseconds from sending; undefined until then. */
  readonly firstTokenMs: number | undefined;
  readonly totalMs: number | undefined;
  /** What came, as it came; the beginning of it where it is long. */
  readonly raw: string;
  readonly error: ApiError | undefined;
};

export type RoundOf = {
  readonly workspacePath: string;
  readonly protocol: PlaygroundProtocol;
  readonly mode: Mode;
  readonly confirmed: boolean;
  readonly body: JsonObject;
  readonly signal: AbortSignal;
};

const mostRawCharacters = 200_000;

/** Never throws: a failure is a round too. */
export async function runRound(of: RoundOf, tell: (round: Round) => void): Promise<Round> {
  const startedAt = performance.now();
  let round: Round = {
    body: of.body,
    status: "running",
    headers: new Map(),
    answer: noAnswer,
    firstTokenMs: undefined,
    totalMs: undefined,
    raw: "",
    error: undefined,
  };
  const change = (part: Partial<Round>): void => {
    round = { ...round, ...part };
    tell(round);
  };
  const end = (part: Partial<Round>): Round => {
    change({ ...part, totalMs: performance.now() - startedAt });
    return round;
  };
  tell(round);
  try {
    const response = await send(of);
    change({ headers: new Map(response.headers) });
    if (!response.ok) {
      const text = await response.text();
      return end({ status: "failed", raw: text, error: refusalOf(response, text) });
    }
    await (isStream(response) ? readStream : readWhole)(response, of.protocol, (part) =>
      change({
        ...part,
        raw: (round.raw + part.raw).slice(0, mostRawCharacters),
        firstTokenMs: round.firstTokenMs ?? (hasContent(part.answer) ? performance.now() - startedAt : undefined),
      }),
    );
    return end({ status: round.answer.failure === undefined ? "done" : "failed" });
  } catch (thrown) {
    if (of.signal.aborted) return end({ status: "stopped" });
    return end({ status: "failed", error: failureOf(thrown) });
  }
}

function send({ workspacePath, protocol, mode, confirmed, body, signal }: RoundOf): Promise<Response> {
  return fetch(apiUrl(`${workspacePath}/playground/${protocol}`, { mode }), {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json", ...(confirmed && { "x-astrolabe-confirmed": "confirm" }) },
    body: JSON.stringify(body),
    signal,
  });
}

type Heard = { readonly answer: Answer; readonly raw: string };
type Reader = (response: Response, protocol: PlaygroundProtocol, tell: (part: Heard) => void) => Promise<void>;

const wholeReaders = {
  responses: responseAnswer,
  "chat-completions": chatAnswer,
  messages: messageAnswer,
  embeddings: embeddingsAnswer,
};
const streamReaders = {
  responses: afterResponseEvent,
  "chat-completions": afterChatChunk,
  messages: afterMessageEvent,
  // These do not stream.
  embeddings: afterResponseEvent,
};

const readWhole: Reader = async (response, protocol, tell) => {
  const text = await response.text();
  const body = parseJson<JsonValue>(text);
  tell({ answer: isJsonObject(body) ? wholeReaders[protocol](body) : noAnswer, raw: text });
};

const readStream: Reader = async (response, protocol, tell) => {
  const step = streamReaders[protocol];
  const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let state: StreamRest = streamStart;
  let answer = noAnswer;
  for (;;) {
    const { done, value } = (await pieces?.read()) ?? { done: true, value: undefined };
    if (done || value === undefined) break;
    const next = takePiece(state, value);
    state = next;
    for (const { data } of next.events) {
      const event = parseJson<JsonValue>(data);
      if (isJsonObject(event)) answer = step(answer, event);
    }
    tell({ answer, raw: value });
  }
};

function isStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

function hasContent({ text, reasoning, refusal, toolCalls, vectors }: Answer): boolean {
  return text !== "" || reasoning !== "" || refusal !== "" || toolCalls.length > 0 || vectors !== undefined;
}

function failureOf(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (!(thrown instanceof TypeError)) return asApiError(thrown);
  return new ApiError(0, {
    code: "unreachable",
    message: "The connection broke off.",
    hint: "Check your connection, then run it again.",
  });
}
