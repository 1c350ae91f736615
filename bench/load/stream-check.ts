// Checks one streamed answer as it arrives: every frame, in order, unaltered, and exactly one terminal event.

import { arrayAt, isObject, objectAt, parseObject, stringAt } from "../../server/contracts/json.ts";
import { EventParser, type ServerSentEvent } from "../../server/conversation/events.ts";
import { frameText, readFrameIndex, type Protocol, type StreamOrder } from "../prompt.ts";

export type StreamFaults = {
  /** Frames that never came. */
  readonly lost: number;
  /** Frames that came twice or after a later one. */
  readonly disordered: number;
  /** Frames whose text is not what the upstream sent to this stream. */
  readonly altered: number;
  /** Terminal events missing or too many, and events after the terminal one. */
  readonly badEndings: number;
};

/** What one event means to the check; undefined: nothing. */
type Meaning = { readonly kind: "frame"; readonly text: string } | { readonly kind: "terminal" } | undefined;

export class StreamCheck {
  readonly #protocol: Protocol;
  readonly #order: StreamOrder;
  readonly #parser = new EventParser();
  #next = 0;
  #lost = 0;
  #disordered = 0;
  #altered = 0;
  #terminals = 0;
  #afterEnd = 0;

  constructor(protocol: Protocol, order: StreamOrder) {
    this.#protocol = protocol;
    this.#order = order;
  }

  push(bytes: Uint8Array): void {
    for (const event of this.#parser.push(bytes)) this.#take(meaningOf(this.#protocol, event));
  }

  /** What was wrong with the stream, once it has ended. */
  finish(): StreamFaults {
    return {
      lost: this.#lost + this.#order.frames - this.#next,
      disordered: this.#disordered,
      altered: this.#altered,
      badEndings: Math.abs(this.#terminals - 1) + this.#afterEnd,
    };
  }

  #take(meaning: Meaning): void {
    if (meaning === undefined) return;
    if (meaning.kind === "terminal") {
      this.#terminals += 1;
      return;
    }
    if (this.#terminals > 0) this.#afterEnd += 1;
    this.#takeFrame(meaning.text);
  }

  #takeFrame(text: string): void {
    const index = readFrameIndex(text);
    if (index === undefined || index >= this.#order.frames || text !== frameText(this.#order.stream, index)) {
      this.#altered += 1;
    } else if (index < this.#next) {
      this.#disordered += 1;
    } else {
      this.#lost += index - this.#next;
      this.#next = index + 1;
    }
  }
}

function meaningOf(protocol: Protocol, event: ServerSentEvent): Meaning {
  if (protocol === "chat" && event.data === "[DONE]") return { kind: "terminal" };
  const body = parseObject(event.data);
  if (body === undefined) return undefined;
  if (protocol === "chat") {
    const choice = arrayAt(body, "choices")?.[0];
    const delta = isObject(choice) ? objectAt(choice, "delta") : undefined;
    const text = delta && stringAt(delta, "content");
    // The opening chunk carries the role and an empty text; it is no frame.
    return text === undefined || text === "" ? undefined : { kind: "frame", text };
  }
  const type = stringAt(body, "type");
  if (type === "response.output_text.delta") return { kind: "frame", text: stringAt(body, "delta") ?? "" };
  return type === "response.completed" ? { kind: "terminal" } : undefined;
}
