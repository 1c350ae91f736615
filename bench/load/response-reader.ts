// Reads HTTP/1.1 responses off a raw socket with as little work as possible: the status, where the body ends
// (content-length or chunked), and, for whoever asks, the body's bytes. Any split of the bytes gives the same result.

/** Most bytes a response's head or one chunk-size line may have. */
const maxLineBytes = 64 * 1024;
const headEnd = Buffer.from("\r\n\r\n");
const lineFeed = 0x0a;

type Stage = "head" | "sized" | "chunk-size" | "chunk-data" | "chunk-end" | "trailer" | "complete";

/** Receives body bytes in order, chunk framing removed. The bytes are only valid during the call. */
export type BodySink = (part: Buffer) => void;

export class ResponseReader {
  /** HTTP status of the current response; 0 until its head has been read. */
  status = 0;
  #stage: Stage = "head";
  /** Body bytes still to come in the current sized body or chunk. */
  #remaining = 0;
  /** The unfinished head or line of the previous push. */
  #held: Buffer | undefined;
  #sink: BodySink | undefined;

  /** Makes ready for the next response on the same connection. */
  reset(sink?: BodySink): void {
    this.status = 0;
    this.#stage = "head";
    this.#remaining = 0;
    this.#held = undefined;
    this.#sink = sink;
  }

  /**
   * Takes bytes as they arrived; true once the response is complete.
   * @throws Error when the bytes are not a framed HTTP response, or go on after its end.
   */
  push(bytes: Buffer): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.#stage === "complete") throw new Error("the server sent more than one response to one request");
      at = this.#step(bytes, at);
    }
    return this.#stage === "complete";
  }

  #step(bytes: Buffer, at: number): number {
    switch (this.#stage) {
      case "head":
        return this.#readHead(bytes, at);
      case "sized":
      case "chunk-data":
        return this.#readBody(bytes, at);
      default:
        return this.#readLine(bytes, at);
    }
  }

  #readHead(bytes: Buffer, at: number): number {
    const held = this.#held;
    const fresh = at === 0 ? bytes : bytes.subarray(at);
    const joined = held === undefined ? fresh : Buffer.concat([held, fresh]);
    const end = joined.indexOf(headEnd);
    if (end === -1) return this.#hold(joined, bytes.length);
    this.#held = undefined;
    this.#beginBody(joined.toString("latin1", 0, end).toLowerCase());
    return at + end + headEnd.length - (held?.length ?? 0);
  }

  #beginBody(head: string): void {
    if (!head.startsWith("http/1.1 ")) throw new Error("the server did not answer with HTTP/1.1");
    this.status = Number(head.slice(9, 12));
    const length = headerValue(head, "content-length");
    if (length !== undefined) {
      this.#remaining = Number(length);
      if (!(this.#remaining >= 0)) throw new Error("the response has a content-length that is no length");
      this.#stage = this.#remaining === 0 ? "complete" : "sized";
    } else if (headerValue(head, "transfer-encoding") === "chunked") {
      this.#stage = "chunk-size";
    } else {
      throw new Error("the response has neither a content-length nor chunks");
    }
  }

  #readBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#remaining);
    this.#remaining -= end - at;
    if (this.#remaining === 0) this.#stage = this.#stage === "sized" ? "complete" : "chunk-end";
    this.#sink?.(bytes.subarray(at, end));
    return end;
  }

  #readLine(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(lineFeed, at);
    const held = this.#held;
    const fresh = bytes.subarray(at, end === -1 ? bytes.length : end);
    const joined = held === undefined ? fresh : Buffer.concat([held, fresh]);
    if (end === -1) return this.#hold(joined, bytes.length);
    this.#held = undefined;
    this.#takeLine(joined.toString("latin1").trimEnd());
    return end + 1;
  }

  #takeLine(line: string): void {
    if (this.#stage === "chunk-size") {
      this.#remaining = Number.parseInt(line, 16);
      if (!(this.#remaining >= 0)) throw new Error("the response has a chunk without a size");
      this.#stage = this.#remaining === 0 ? "trailer" : "chunk-data";
    } else if (this.#stage === "chunk-end") {
      if (line !== "") throw new Error("the response has a chunk longer than its size");
      this.#stage = "chunk-size";
    } else if (line === "") {
      this.#stage = "complete";
    }
  }

  #hold(bytes: Buffer, consumed: number): number {
    if (bytes.length > maxLineBytes) throw new Error("the response has a head or line without an end");
    // A copy: the socket reuses the memory it hands out.
    this.#held = Buffer.from(bytes);
    return consumed;
  }
}

/** The trimmed value of a header in a lower-cased head; undefined when the header is absent. */
function headerValue(head: string, name: string): string | undefined {
  const label = `\r\n${name}:`;
  const at = head.indexOf(label);
  if (at === -1) return undefined;
  const from = at + label.length;
  const end = head.indexOf("\r\n", from);
  return head.slice(from, end === -1 ? undefined : end).trim();
}
