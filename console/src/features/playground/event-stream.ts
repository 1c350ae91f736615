// Server-sent events out of the pieces in which they arrive.

export type StreamEvent = { readonly data: string };

/** What has arrived of the next event. */
export type StreamRest = { readonly rest: string };

export const streamStart: StreamRest = { rest: "" };

/** Takes one piece more; gives the events that are whole now. Comments and names of events are left out. */
export function takePiece(
  { rest }: StreamRest,
  piece: string,
): StreamRest & { readonly events: readonly StreamEvent[] } {
  // A lone carriage return at the end may be half of a line's end.
  const text = rest + piece;
  const held = text.endsWith("\r") ? "\r" : "";
  const blocks = text
    .slice(0, text.length - held.length)
    .replaceAll(/\r\n?/g, "\n")
    .split("\n\n");
  const last = blocks.pop() ?? "";
  const events = blocks.flatMap((block) => {
    const data = block
      .split("\n")
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice("data:".length).replace(/^ /, ""));
    return data.length === 0 ? [] : [{ data: data.join("\n") }];
  });
  return { rest: last + held, events };
}
