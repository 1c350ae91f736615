// The neutral prompt: what a client asks for, free of any protocol. Built only when the client's protocol and the
// upstream's differ; otherwise the body passes through untouched.

import type { JsonObject } from "../contracts/json.ts";

export type Prompt = GeneratePrompt | EmbedPrompt;

export type GeneratePrompt = {
  readonly kind: "generate";
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  /** Absent: the model decides (`auto`) when there are tools. */
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  /** Absent: plain text. */
  readonly format?: OutputFormat;
  readonly reasoning?: ReasoningRequest;
  /** Sampling and other fields with one meaning everywhere; absent means the provider's default. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  readonly verbosity?: "low" | "medium" | "high";
  /** Stable id of the caller's end user, passed on for abuse detection. */
  readonly user?: string;
};

export type EmbedPrompt = {
  readonly kind: "embed";
  /** Texts, or token arrays as the client sent them. */
  readonly inputs: readonly (string | readonly number[])[];
  readonly dimensions?: number;
  readonly user?: string;
};

export type Message =
  | { readonly role: "system" | "developer"; readonly parts: readonly TextPart[] }
  | { readonly role: "user"; readonly parts: readonly UserPart[] }
  | { readonly role: "assistant"; readonly parts: readonly AssistantPart[] }
  | { readonly role: "tool"; readonly callId: string; readonly parts: readonly UserPart[] };

export type TextPart = { readonly type: "text"; readonly text: string };
export type ImagePart = {
  readonly type: "image";
  /** An http(s) URL or a `data:` URI. */
  readonly url: string;
  readonly detail?: "low" | "high" | "auto";
};
export type FilePart = {
  readonly type: "file";
  /** An http(s) URL, a `data:` URI, or the provider's file id. */
  readonly source: { readonly url: string } | { readonly data: string } | { readonly fileId: string };
  readonly filename?: string;
};
export type AudioPart = { readonly type: "audio"; readonly data: string; readonly format: string };
export type UserPart = TextPart | ImagePart | FilePart | AudioPart;

export type ToolCallPart = {
  readonly type: "tool-call";
  readonly callId: string;
  readonly name: string;
  /** The arguments as the model wrote them: JSON text, not yet checked. */
  readonly arguments: string;
};
export type ReasoningPart = {
  readonly type: "reasoning";
  /** Readable reasoning or its summary; may be empty. */
  readonly text: string;
  /** The provider's opaque continuation, to be sent back unchanged. */
  readonly encrypted?: string;
  readonly id?: string;
};
export type RefusalPart = { readonly type: "refusal"; readonly text: string };
export type AssistantPart = TextPart | ToolCallPart | ReasoningPart | RefusalPart;

export type Tool = {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent means no arguments. */
  readonly parameters?: JsonObject;
  readonly strict?: boolean;
};

export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

export type OutputFormat =
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema";
      readonly name: string;
      readonly schema: JsonObject;
      readonly description?: string;
      readonly strict?: boolean;
    };

export type ReasoningRequest = {
  /** The provider's effort word: `none`, `minimal`, `low`, `medium`, `high`, `xhigh`. */
  readonly effort?: string;
  /** `auto`, `concise` or `detailed`: ask for a readable summary. */
  readonly summary?: string;
};
