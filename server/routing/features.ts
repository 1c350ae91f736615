// What the router may look at: facts a protocol reads off the request body in one bounded pass.

/** Where attachments come from; URLs are checked against the stack's allowlists before any call. */
export type Attachment = {
  readonly kind: "image" | "file" | "audio" | "video";
  /** The http(s) URL; absent for inline data and provider file ids. */
  readonly url?: string;
};

export type RequestFeatures = {
  /** The last user turn, at most 8,000 characters: its head and its tail. Empty when there is none. */
  readonly lastUserText: string;
  /** Up to 2,500 characters of the turns before it, newest last, for words that only context explains. */
  readonly contextText: string;
  /** UTF-8 bytes of the body without inline attachment data. */
  readonly textBytes: number;
  /** Most tokens that text can become with a byte-level tokenizer; at most `textBytes`. */
  readonly textTokenBound: number;
  readonly messageCount: number;
  readonly attachments: readonly Attachment[];
  readonly toolNames: readonly string[];
  /** False only when the caller forbids tool calls (`tool_choice: "none"`). */
  readonly toolsUsable: boolean;
  readonly parallelToolCalls: boolean;
  /** `text` when no structure is asked for. */
  readonly format: "text" | "json_object" | "json_schema";
  readonly reasoningRequested: boolean;
  /** Whether the conversation already holds tool results: the turn belongs to a running tool exchange. */
  readonly insideToolExchange: boolean;
  /** Inputs of an embeddings request; 0 otherwise. */
  readonly embeddingInputs: number;
  /** Length of the vectors asked for; absent: the model's own. */
  readonly embeddingDimensions?: number;
};

/** Keeps text within `limit` characters by joining its head and tail with a line break. */
export function headAndTail(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor((limit - 1) / 2);
  return `${text.slice(0, half)}\n${text.slice(text.length - half)}`;
}
