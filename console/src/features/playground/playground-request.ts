// What a person has put together in the playground. Kept by the browser; it holds no secret.

import type { RequestOverrides } from "../../../../server/contracts/overrides.ts";
import type { playgroundProtocols } from "../../../../server/contracts/control-playground.ts";

export type PlaygroundProtocol = (typeof playgroundProtocols)[number];
export type Mode = "live" | "test";

export type Turn = {
  readonly role: "user" | "assistant";
  readonly text: string;
  /** Addresses, or data URIs of pictures that were uploaded. Of users only. */
  readonly images: readonly string[];
};

/** Fields of forms are texts as typed; empty means absent. */
export type PlaygroundRequest = {
  readonly protocol: PlaygroundProtocol;
  readonly mode: Mode;
  readonly model: string;
  readonly system: string;
  readonly turns: readonly Turn[];
  /** A JSON list of tools, each with an optional `mock_answer`. */
  readonly tools: string;
  /** A JSON schema that the answer has to follow. */
  readonly schema: string;
  readonly temperature: string;
  readonly topP: string;
  readonly maxOutputTokens: string;
  /** Of embeddings. */
  readonly dimensions: string;
  readonly stream: boolean;
  /** A person's confirmation for what a stack counts as high-stakes. */
  readonly confirmed: boolean;
  readonly overrides: RequestOverrides;
  /** The whole body as JSON, in the place of everything above but protocol and mode; empty: the form says it. */
  readonly raw: string;
};

export const protocols: readonly { readonly value: PlaygroundProtocol; readonly label: string }[] = [
  { value: "responses", label: "Responses" },
  { value: "chat-completions", label: "Chat completions" },
  { value: "messages", label: "Messages" },
  { value: "embeddings", label: "Embeddings" },
];

export const newRequest: PlaygroundRequest = {
  protocol: "responses",
  mode: "live",
  model: "astrolabe/auto",
  system: "",
  turns: [{ role: "user", text: "", images: [] }],
  tools: "",
  schema: "",
  temperature: "",
  topP: "",
  maxOutputTokens: "",
  dimensions: "",
  stream: true,
  confirmed: false,
  overrides: {},
  raw: "",
};

/** Whether there is anything to ask. */
export function isAsking({ turns, raw }: PlaygroundRequest): boolean {
  return raw.trim() !== "" || turns.some(({ text, images }) => text.trim() !== "" || images.length > 0);
}
