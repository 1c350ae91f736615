// A response body out of chunks of server-sent events, with comments while the provider thinks so that no proxy cuts the
// quiet connection.

const keepAlive = new TextEncoder().encode(": keep-alive\n\n");

/**
 * @param onLeave called when the client goes away before the end.
 * @param quietMs silence after which a comment is sent.
 */
export function eventStreamBody(
  chunks: AsyncIterator<Uint8Array>,
  onLeave: () => void,
  quietMs: number,
): ReadableStream<Uint8Array> {
  let quiet: ReturnType<typeof setInterval> | undefined;
  let fresh = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      quiet = setInterval(() => {
        if (!fresh) controller.enqueue(keepAlive);
        fresh = false;
      }, quietMs);
    },
    async pull(controller) {
      try {
        const next = await chunks.next();
        fresh = true;
        if (!next.done) return controller.enqueue(next.value);
        clearInterval(quiet);
        controller.close();
      } catch (error) {
        clearInterval(quiet);
        controller.error(error);
      }
    },
    async cancel() {
      clearInterval(quiet);
      onLeave();
      await chunks.return?.();
    },
  });
}
