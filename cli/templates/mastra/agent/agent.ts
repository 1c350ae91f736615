// The agent itself: what it is told, what it can do, and how it is asked.

import { Mastra } from "@mastra/core";
import { Agent } from "@mastra/core/agent";
import type { Turn } from "./conversation.ts";
import { maxRetries, model } from "./model.ts";
import { tools } from "./tools.ts";

const agent = new Agent({
  id: "{{name}}",
  name: "{{name}}",
  instructions: "You are a helpful assistant. Answer briefly, and use your tools rather than guess.",
  model,
  tools,
  maxRetries,
});

// Without a logger: Mastra's own prints failed requests whole, with what was asked.
export const mastra = new Mastra({ agents: { agent }, logger: false });

/** The answer to the last turn, piece by piece. @throws the error that the model service or a tool ended with */
export async function* answer(turns: Turn[], signal: AbortSignal): AsyncGenerator<string> {
  const { fullStream } = await agent.stream(turns, { abortSignal: signal, maxSteps: 10 });
  for await (const part of fullStream) {
    if (part.type === "text-delta") yield part.payload.text;
    if (part.type === "error") throw part.payload.error;
  }
}
