// Between replies and what is kept of them under an Idempotency-Key: the bytes that go out are the bytes that are kept.

import type { DeliveredReply } from "../idempotency/idempotent-requests.ts";
import type { KeptReply } from "../idempotency/sealed-reply.ts";
import type { Reply } from "./reply.ts";
import { withoutRateLimit, type ResponseHeaders } from "./response-headers.ts";
import type { Reserved } from "./stages.ts";

/** Longest answer that is kept, in bytes. */
const mostKeptBytes = 8 * 1024 * 1024;
/** A kept stream goes out in pieces, as fast as its client reads. */
const pieceBytes = 64 * 1024;

/** What an answer leaves for repeats. A stack that keeps nothing keeps no answer either; `body` undefined: too long. */
export function keptReply(
  { policy }: Reserved,
  headers: ResponseHeaders,
  stream: boolean,
  body: Uint8Array | undefined,
): KeptReply {
  if (policy.boundaries.retentionPolicy === "none") return { kind: "not_kept", reason: "retention_policy" };
  if (!body || body.byteLength > mostKeptBytes) return { kind: "not_kept", reason: "too_large" };
  return { kind: "answer", status: 200, stream, headers: withoutRateLimit(headers), body };
}

/** The reply that sends these bytes. */
export function replyOf({ stream, headers, body }: Pick<DeliveredReply, "stream" | "headers" | "body">): Reply {
  return stream ? { kind: "stream", headers, chunks: pieces(body) } : { kind: "bytes", headers, body };
}

/** A stream's bytes while they go out, as far as they can be kept. */
export class StreamCopy {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > mostKeptBytes) this.#chunks = [];
    else this.#chunks.push(chunk);
  }

  /** Everything so far and the last chunk; undefined when that is too long to be kept. */
  endingWith(last: Uint8Array): Uint8Array | undefined {
    return this.#bytes + last.byteLength > mostKeptBytes ? undefined : Buffer.concat([...this.#chunks, last]);
  }
}

async function* pieces(body: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  for (let from = 0; from < body.byteLength; from += pieceBytes) yield body.subarray(from, from + pieceBytes);
}
