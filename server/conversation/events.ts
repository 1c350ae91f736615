// Server-sent events: the bytes of a stream cut into events, and events written as bytes.

/** One event as it travels. `data` joins the event's data lines with line breaks. */
export type ServerSentEvent = { readonly event?: string; readonly data: string };

const encoder = new TextEncoder();
/** Most bytes one event may have; a longer one is a broken or hostile upstream. */
const maxEventBytes = 16 * 1024 * 1024;

export function encodeEvent(event: ServerSentEvent): Uint8Array {
  const name = event.event === undefined ? "" : `event: ${event.event}\n`;
  return encoder.encode(`${name}data: ${event.data.replaceAll("\n", "\ndata: ")}\n\n`);
}

/**
 * Cuts a byte stream into events: any split of the bytes gives the same events; comments and unknown fields are
 * dropped; CR, LF and CRLF all end lines. An unfinished event at the end of the stream is dropped, as the standard says.
 * @throws Error when one event exceeds `maxEventBytes`.
 */
export class EventParser {
  #decoder = new TextDecoder();
  #rest = "";

  push(bytes: Uint8Array): ServerSentEvent[] {
    let text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    let heldBack = "";
    if (text.includes("\r")) {
      if (text.endsWith("\r")) {
        heldBack = "\r";
        text = text.slice(0, -1);
      }
      text = text.replace(/\r\n?/g, "\n");
    }
    const events: ServerSentEvent[] = [];
    let from = 0;
    for (let end = text.indexOf("\n\n", from); end !== -1; end = text.indexOf("\n\n", from)) {
      const event = parseBlock(text.slice(from, end));
      if (event) events.push(event);
      from = end + 2;
    }
    this.#rest = text.slice(from) + heldBack;
    if (this.#rest.length > maxEventBytes) throw new Error("a server-sent event exceeds the size limit");
    return events;
  }
}

function parseBlock(block: string): ServerSentEvent | undefined {
  if (block.startsWith("data: ") && !block.includes("\n")) return { data: block.slice(6) };
  let event: string | undefined;
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
  }
  if (data.length === 0) return undefined;
  return event === undefined ? { data: data.join("\n") } : { event, data: data.join("\n") };
}
