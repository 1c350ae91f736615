// The three clocks of an attempt and the caller's signal, behind one abort signal and one timer. A stream waits for
// thousands of chunks, so a wait only moves a deadline; the timer looks at it when it fires and sleeps on if it moved.

import { ProviderFailure, type Clocks } from "../provider.ts";

/** The longest a timer can sleep; longer ones would fire at once. */
const longestSleepMs = 2_147_483_647;

export class AttemptClock {
  readonly #clocks: Clocks;
  readonly #caller: AbortSignal;
  readonly #now: () => number;
  readonly #controller = new AbortController();
  /** When the whole attempt must be over. */
  #endsAt: number;
  /** When the current wait must be over; Infinity while nobody waits for the upstream. */
  #waitEndsAt = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerFiresAt = Infinity;
  #outcome: "timeout" | "cancelled" | undefined;

  /** Starts the total clock and the first-byte clock. `now` is in milliseconds and never runs backwards. */
  constructor(clocks: Clocks, caller: AbortSignal, now: () => number) {
    this.#clocks = clocks;
    this.#caller = caller;
    this.#now = now;
    this.#endsAt = now() + clocks.totalMs;
    if (caller.aborted) this.#cancel();
    else caller.addEventListener("abort", this.#cancel, { once: true });
    this.waitFor(clocks.firstByteMs);
  }

  /** Aborts when a clock runs out or the caller gives up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The upstream must show a sign within the between-chunks limit from now on. */
  waitForChunk(): void {
    this.waitFor(this.#clocks.betweenChunksMs);
  }

  waitFor(limitMs: number): void {
    this.#waitEndsAt = this.#now() + limitMs;
    this.#armIfEarlier();
  }

  /** Nobody waits for the upstream: a slow reader is not the upstream's fault. The total clock runs on. */
  rest(): void {
    this.#waitEndsAt = Infinity;
  }

  /** Ends the clocks. To be called on every path; harmless when repeated. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#endsAt = this.#waitEndsAt = this.#timerFiresAt = Infinity;
    this.#caller.removeEventListener("abort", this.#cancel);
  }

  /** Stops the clocks and closes the connection to the upstream. */
  abort(): void {
    this.stop();
    this.#controller.abort();
  }

  /** What a thrown transport error means: a clock, the caller, or otherwise `fallback`. */
  failure(thrown: unknown, fallback: () => ProviderFailure): ProviderFailure {
    if (this.#outcome === "timeout") {
      return new ProviderFailure("timeout", "the upstream did not answer in time", { cause: thrown });
    }
    if (this.#outcome === "cancelled")
      return new ProviderFailure("cancelled", "the call was cancelled", { cause: thrown });
    return thrown instanceof ProviderFailure ? thrown : fallback();
  }

  readonly #cancel = (): void => this.#end("cancelled");

  readonly #fire = (): void => {
    this.#timerFiresAt = Infinity;
    if (this.#now() >= Math.min(this.#waitEndsAt, this.#endsAt)) this.#end("timeout");
    else this.#armIfEarlier();
  };

  #armIfEarlier(): void {
    const dueAt = Math.min(this.#waitEndsAt, this.#endsAt);
    if (dueAt >= this.#timerFiresAt || this.#outcome !== undefined) return;
    clearTimeout(this.#timer);
    this.#timerFiresAt = dueAt;
    const sleepMs = Math.min(longestSleepMs, Math.max(1, Math.ceil(dueAt - this.#now())));
    this.#timer = setTimeout(this.#fire, sleepMs);
  }

  #end(outcome: "timeout" | "cancelled"): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    this.abort();
  }
}
