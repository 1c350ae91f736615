// The agent itself: what it is told, what it can do, and how it is asked.

import type { Turn } from "./conversation.ts";
import { client, model } from "./model.ts";
import { tools } from "./tools.ts";

const instructions = "You are a helpful assistant. Answer briefly, and use your tools rather than guess.";

/** The answer to the last turn, piece by piece. @throws the error that the model service or a tool ended with */
export async function* answer(turns: Turn[], signal: AbortSignal): AsyncGenerator<string> {
  const messages = [{ role: "system" as const, content: instructions }, ...turns];
  const runner = client.chat.completions.runTools(
    { model, messages, tools, stream: true },
    { maxChatCompletions: 10, signal },
  );
  for await (const chunk of runner) yield chunk.choices[0]?.delta.content ?? "";
}
