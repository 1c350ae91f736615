// The agent itself: what it is told, what it can do, and how it is asked.

import { isStepCount, ToolLoopAgent } from "ai";
import type { Turn } from "./conversation.ts";
import { maxRetries, model } from "./model.ts";
import { tools } from "./tools.ts";

const agent = new ToolLoopAgent({
  model,
  instructions: "You are a helpful assistant. Answer briefly, and use your tools rather than guess.",
  tools,
  stopWhen: isStepCount(10),
  maxRetries,
  // Errors come with the stream. Unless told otherwise the SDK would print them whole, with what was asked.
  onError: () => undefined,
});

/** The answer to the last turn, piece by piece. @throws the error that the model service or a tool ended with */
export async function* answer(turns: Turn[], signal: AbortSignal): AsyncGenerator<string> {
  const { stream } = await agent.stream({ messages: turns, abortSignal: signal });
  for await (const part of stream) {
    if (part.type === "text-delta") yield part.text;
    if (part.type === "error") throw part.error;
  }
}
