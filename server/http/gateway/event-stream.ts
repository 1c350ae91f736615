// A response body out of chunks of server-sent events, with comments while the provider thinks so that no proxy cuts the
// quiet connection, and an end for clients that stop reading.

const keepAlive = new TextEncoder().encode(": keep-alive\n\n");

export type EventStreamLimits = {
  /** Silence after which a comment is sent. */
  readonly quietMs: number;
  /** Time after which the body is given up: its client reads too slowly, or no longer. */
  readonly longestMs: number;
};

/** @param onLeave called when the client goes away, or stops reading, before the end. */
export function eventStreamBody(
  chunks: AsyncIterator<Uint8Array>,
  onLeave: () => void,
  { quietMs, longestMs }: EventStreamLimits,
): ReadableStream<Uint8Array> {
  let quiet: ReturnType<typeof setInterval> | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let fresh = false;
  const rest = (): void => {
    clearInterval(quiet);
    clearTimeout(patience);
  };
  const leave = async (): Promise<void> => {
    rest();
    onLeave();
    await chunks.return?.();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      quiet = setInterval(() => {
        if (!fresh) controller.enqueue(keepAlive);
        fresh = false;
      }, quietMs);
      patience = setTimeout(() => {
        // Without a reason, which Bun would print as a fault of ours.
        controller.error();
        void leave();
      }, longestMs);
    },
    async pull(controller) {
      try {
        const next = await chunks.next();
        fresh = true;
        if (!next.done) return controller.enqueue(next.value);
        rest();
        controller.close();
      } catch (error) {
        rest();
        controller.error(error);
      }
    },
    cancel: leave,
  });
}
