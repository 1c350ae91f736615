// The engine's log stream, decoded: frames of eight bytes head and a body, each body a timestamp and text. Any split of the
// bytes gives the same lines.

export type LoggedLine = { readonly at: number; readonly stream: "stdout" | "stderr"; readonly text: string };

const headBytes = 8;
const longestPieceBytes = 16 * 1024;
/** What no frame is longer than: more means that this is no log stream. */
const longestFrameBytes = 16 * 1024 * 1024;
const lineBreak = 0x0a;
const space = 0x20;

type Pending = { at: number; bytes: Uint8Array; decoder: TextDecoder };

/** Takes bytes as they come and hands out whole lines; a line of more than 16 KiB comes in pieces. */
export class LogFrames {
  #rest = new Uint8Array(0);
  readonly #pending = { stdout: newPending(), stderr: newPending() };

  /** @throws Error when the bytes are no log stream */
  take(bytes: Uint8Array): readonly LoggedLine[] {
    this.#rest = joined(this.#rest, bytes);
    const lines: LoggedLine[] = [];
    for (;;) {
      if (this.#rest.length < headBytes) return lines;
      const length = new DataView(this.#rest.buffer, this.#rest.byteOffset).getUint32(4);
      if (length > longestFrameBytes) throw new Error("the engine's log stream cannot be read");
      if (this.#rest.length < headBytes + length) return lines;
      const stream = this.#rest[0] === 2 ? "stderr" : "stdout";
      lines.push(...this.#frame(stream, this.#rest.subarray(headBytes, headBytes + length)));
      this.#rest = this.#rest.subarray(headBytes + length);
    }
  }

  /** What is left when the stream has ended. */
  end(): readonly LoggedLine[] {
    return (["stdout", "stderr"] as const).flatMap((stream) => this.#flush(stream, true));
  }

  #frame(stream: "stdout" | "stderr", body: Uint8Array): readonly LoggedLine[] {
    const lines: LoggedLine[] = [];
    // The engine begins every piece of a long line with a timestamp of its own, so a frame never goes on with a line.
    lines.push(...this.#flush(stream, false));
    for (let from = 0; from < body.length;) {
      const end = body.indexOf(lineBreak, from);
      const line = body.subarray(from, end < 0 ? body.length : end);
      const { at, text } = stamped(line);
      const pending = this.#pending[stream];
      if (at !== undefined) pending.at = at;
      pending.bytes = text;
      if (end < 0) return lines;
      lines.push(...this.#flush(stream, true));
      from = end + 1;
    }
    return lines;
  }

  #flush(stream: "stdout" | "stderr", whole: boolean): readonly LoggedLine[] {
    const pending = this.#pending[stream];
    const { at, bytes, decoder } = pending;
    pending.bytes = new Uint8Array(0);
    const lines: LoggedLine[] = [];
    for (let from = 0; from < bytes.length; from += longestPieceBytes) {
      const piece = bytes.subarray(from, from + longestPieceBytes);
      const last = whole && from + longestPieceBytes >= bytes.length;
      lines.push({ at, stream, text: decoder.decode(piece, { stream: !last }).replace(/\r$/, "") });
    }
    if (bytes.length === 0 && whole && at > 0) lines.push({ at, stream, text: decoder.decode() });
    if (whole) pending.at = 0;
    return lines;
  }
}

function newPending(): Pending {
  return { at: 0, bytes: new Uint8Array(0), decoder: new TextDecoder() };
}

/** Splits `2026-01-02T03:04:05.678Z text`. A line without a timestamp is text alone. */
function stamped(line: Uint8Array): { at: number | undefined; text: Uint8Array } {
  const end = line.indexOf(space);
  const head = end < 0 ? line : line.subarray(0, end);
  if (head.length < 20 || head.length > 40) return { at: undefined, text: line };
  const word = new TextDecoder().decode(head);
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(word) ? Date.parse(word) : Number.NaN;
  return Number.isNaN(at)
    ? { at: undefined, text: line }
    : { at, text: end < 0 ? new Uint8Array(0) : line.subarray(end + 1) };
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(one.length + other.length);
  whole.set(one);
  whole.set(other, one.length);
  return whole;
}
