// The one pump behind every streamed reply: bytes to events to neutral parts, under the attempt's clocks. Events that
// arrived together are handed out without waiting; the upstream is read only when they are used up.

import { EventParser, type ServerSentEvent } from "../../conversation/events.ts";
import type { StreamDecoder } from "../dialect.ts";
import { ProviderFailure, type ReplyEvent } from "../provider.ts";
import type { AttemptClock } from "./attempt-clock.ts";
import { maxAnswerBytes } from "./bounded-body.ts";

/** After the terminal event the body is read to its end, briefly, so that the connection can serve the next call. */
const lingerMs = 250;
const lingerReads = 16;

type Options = {
  readonly body: ReadableStream<Uint8Array>;
  /** How bytes become events; absent: as server-sent events. */
  readonly parser?: StreamParser;
  readonly decoder: StreamDecoder;
  readonly clock: AttemptClock;
  /** Whether events are handed out as they came, next to their parts. */
  readonly raw: boolean;
  readonly clean: (failure: ProviderFailure) => ProviderFailure;
};

/** Any split of the bytes gives the same events. What it throws ends the stream after the events before it. */
export type StreamParser = { push(bytes: Uint8Array): Iterable<ServerSentEvent> };

type ByteReader = {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
};

export class ReplyStream implements AsyncIterableIterator<ReplyEvent> {
  readonly #options: Options;
  readonly #reader: ByteReader;
  readonly #parser: StreamParser;
  #ready: ReplyEvent[] = [];
  #taken = 0;
  #sawEvent = false;
  #bytesLeft = maxAnswerBytes;
  #ended = false;
  /** Thrown once everything that arrived before it has been handed out. */
  #failure: ProviderFailure | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#reader = options.body.getReader();
    this.#parser = options.parser ?? new EventParser();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @throws ProviderFailure when the stream breaks. */
  async next(): Promise<IteratorResult<ReplyEvent>> {
    while (this.#taken === this.#ready.length) {
      if (this.#failure !== undefined) throw this.#takeFailure(this.#failure);
      if (this.#ended) return { done: true, value: undefined };
      await this.#read();
    }
    const value = this.#ready[this.#taken];
    this.#taken += 1;
    return value === undefined ? { done: true, value: undefined } : { done: false, value };
  }

  /** Leaving early: the upstream stops generating. */
  async return(): Promise<IteratorResult<ReplyEvent>> {
    this.#ready = [];
    this.#taken = 0;
    if (!this.#ended) this.#close();
    this.#failure = undefined;
    return { done: true, value: undefined };
  }

  /** One read of the upstream, and everything it completes. */
  async #read(): Promise<void> {
    this.#ready = [];
    this.#taken = 0;
    try {
      const bytes = await this.#nextBytes();
      if (bytes === undefined) return this.#finish();
      for (const event of this.#parser.push(bytes)) if (!this.#ended) this.#take(event);
    } catch (thrown) {
      const broken = () =>
        new ProviderFailure("provider_error", "the upstream's stream is malformed", { cause: thrown });
      this.#failure = this.#options.clean(this.#options.clock.failure(thrown, broken));
      this.#close();
    }
  }

  /** Undefined at the end of the body. Until the first event the first-byte clock runs on, whatever else arrives. */
  async #nextBytes(): Promise<Uint8Array | undefined> {
    const { clock } = this.#options;
    if (this.#sawEvent) clock.waitForChunk();
    const { done, value } = await this.#reader.read().catch((thrown: unknown) => {
      throw clock.failure(
        thrown,
        () => new ProviderFailure("cut", "the upstream's stream broke off", { cause: thrown }),
      );
    });
    if (this.#sawEvent) clock.rest();
    if (done || value === undefined) return undefined;
    this.#bytesLeft -= value.byteLength;
    if (this.#bytesLeft < 0) throw new Error("the stream exceeds the size limit");
    return value;
  }

  #finish(): void {
    const parts = this.#options.decoder.finish();
    this.#ended = true;
    this.#options.clock.stop();
    if (parts.length > 0) this.#ready.push({ parts, raw: undefined });
  }

  #take(event: ServerSentEvent): void {
    const parts = this.#options.decoder.step(event);
    if (!this.#sawEvent) this.#options.clock.rest();
    this.#sawEvent = true;
    this.#ready.push({ parts, raw: this.#options.raw ? event : undefined });
    if (parts.at(-1)?.type !== "end") return;
    this.#ended = true;
    void this.#linger();
  }

  #takeFailure(failure: ProviderFailure): ProviderFailure {
    this.#failure = undefined;
    return failure;
  }

  #close(): void {
    this.#ended = true;
    this.#options.clock.abort();
    void this.#reader.cancel().catch(() => undefined);
  }

  async #linger(): Promise<void> {
    const { clock } = this.#options;
    clock.waitFor(lingerMs);
    try {
      for (let reads = 0; reads < lingerReads; reads += 1) {
        if ((await this.#reader.read()).done) return clock.stop();
      }
      this.#close();
    } catch {
      clock.stop();
    }
  }
}
