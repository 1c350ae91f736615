// Reads a response's server-sent events as a client does: one at a time, with the time between them.

export type StreamReader = {
  /** The next event's or comment's text without its blank line; undefined at the end of the stream. */
  next(): Promise<string | undefined>;
  /** Everything that still comes. */
  rest(): Promise<string[]>;
};

/** @throws Error when the response has no body. */
export function readStream(response: Response): StreamReader {
  if (!response.body) throw new Error("the response has no body");
  const chunks = response.body[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let text = "";
  const next = async (): Promise<string | undefined> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end !== -1) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        return block;
      }
      const chunk = await chunks.next();
      if (chunk.done) return undefined;
      text += decoder.decode(chunk.value, { stream: true });
    }
  };
  return {
    next,
    async rest() {
      const blocks: string[] = [];
      for (let block = await next(); block !== undefined; block = await next()) blocks.push(block);
      return blocks;
    },
  };
}
