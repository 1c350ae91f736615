// Lines of several sources as they come, for one reader; a slow reader makes the sources wait.

const mostWaiting = 1000;

export class LineQueue<Line> {
  readonly #waiting: Line[] = [];
  #failure: { readonly error: unknown } | undefined;
  #closed = false;
  #arrived = Promise.withResolvers<void>();
  #taken = Promise.withResolvers<void>();

  /** Reads a source to its end. What it throws is thrown to the reader. */
  async take(source: AsyncIterable<Line>): Promise<void> {
    try {
      for await (const line of source) {
        if (this.#closed) return;
        this.#waiting.push(line);
        this.#wakeReader();
        while (this.#waiting.length >= mostWaiting && !this.#closed) await this.#taken.promise;
      }
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wakeReader();
  }

  /** Ends when aborted; throws the first failure once the lines before it are read. */
  async *read(signal: AbortSignal): AsyncGenerator<Line> {
    const wake = () => this.#wakeReader();
    signal.addEventListener("abort", wake, { once: true });
    try {
      for (;;) {
        const arrived = this.#arrived.promise;
        const lines = this.#waiting.splice(0);
        this.#wakeSources();
        yield* lines;
        if (signal.aborted) return;
        if (lines.length > 0) continue;
        if (this.#failure !== undefined) throw this.#failure.error;
        await arrived;
      }
    } finally {
      signal.removeEventListener("abort", wake);
      this.#closed = true;
      this.#wakeSources();
    }
  }

  #wakeReader(): void {
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers<void>();
  }

  #wakeSources(): void {
    this.#taken.resolve();
    this.#taken = Promise.withResolvers<void>();
  }
}
