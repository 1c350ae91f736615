// Puts streamed parts together into a whole answer, and counts the bytes of text seen so far.

import type { Answer, AnswerPart } from "./answer.ts";
import type { AssistantPart } from "./prompt.ts";
import { unknownUsage, type Usage } from "./usage.ts";

type Block = {
  type: AssistantPart["type"];
  text: string[];
  callId: string;
  name: string;
  encrypted?: string;
  id?: string;
};

/** Collects one answer. `keepText` false only counts, for streams whose text nobody will read again. */
export class AnswerCollector {
  readonly #keepText: boolean;
  readonly #blocks = new Map<number, Block>();
  #id: string | undefined;
  #model: string | undefined;
  #end: Extract<AnswerPart, { type: "end" }> | undefined;
  /** UTF-8 bytes of text, reasoning and tool arguments so far. */
  bytesSeen = 0;

  constructor(keepText: boolean) {
    this.#keepText = keepText;
  }

  get usage(): Usage {
    return this.#end?.usage ?? unknownUsage;
  }

  get end(): Extract<AnswerPart, { type: "end" }> | undefined {
    return this.#end;
  }

  add(part: AnswerPart): void {
    switch (part.type) {
      case "start":
        this.#id = part.id;
        this.#model = part.model;
        return;
      case "text-start":
        return this.#open(part.block, "text");
      case "refusal-start":
        return this.#open(part.block, "refusal");
      case "reasoning-start":
        this.#open(part.block, "reasoning");
        return this.#amend(part.block, part.id === undefined ? {} : { id: part.id });
      case "tool-call-start":
        this.#open(part.block, "tool-call");
        return this.#amend(part.block, { callId: part.callId, name: part.name });
      case "text-delta":
      case "refusal-delta":
      case "reasoning-delta":
        return this.#append(part.block, part.text);
      case "tool-call-delta":
        return this.#append(part.block, part.arguments);
      case "reasoning-end":
        return this.#amend(part.block, part.encrypted === undefined ? {} : { encrypted: part.encrypted });
      case "end":
        this.#end = part;
        return;
      case "text-end":
      case "refusal-end":
      case "tool-call-end":
        return;
    }
  }

  /** The answer so far; `stop` and unknown usage until the end part came. */
  answer(): Answer {
    return {
      ...(this.#id === undefined ? {} : { id: this.#id }),
      ...(this.#model === undefined ? {} : { model: this.#model }),
      parts: [...this.#blocks.values()].map(toPart),
      finish: this.#end?.finish ?? "stop",
      usage: this.usage,
    };
  }

  #open(block: number, type: Block["type"]): void {
    this.#blocks.set(block, { type, text: [], callId: "", name: "" });
  }

  #append(block: number, text: string): void {
    this.bytesSeen += Buffer.byteLength(text);
    if (this.#keepText) this.#blocks.get(block)?.text.push(text);
  }

  #amend(block: number, facts: Partial<Block>): void {
    const open = this.#blocks.get(block);
    if (open) Object.assign(open, facts);
  }
}

function toPart(block: Block): AssistantPart {
  const text = block.text.join("");
  switch (block.type) {
    case "text":
      return { type: "text", text };
    case "refusal":
      return { type: "refusal", text };
    case "tool-call":
      return { type: "tool-call", callId: block.callId, name: block.name, arguments: text };
    case "reasoning":
      return {
        type: "reasoning",
        text,
        ...(block.encrypted === undefined ? {} : { encrypted: block.encrypted }),
        ...(block.id === undefined ? {} : { id: block.id }),
      };
  }
}
