// What is asked: a message, and what was said before it.

import { z } from "zod";

const content = z.string().trim().min(1).max(100_000);

const turn = z.discriminatedUnion("role", [
  z.object({ role: z.literal("user"), content }),
  z.object({ role: z.literal("assistant"), content }),
]);

const question = z.object({ message: content, history: z.array(turn).max(100).default([]) });

export type Turn = z.infer<typeof turn>;

/** The turns in their order, the message last; or what is wrong with the request. */
export async function readConversation(request: Request): Promise<{ turns: Turn[] } | { problem: string }> {
  const body: unknown = await request.json().catch(() => undefined);
  const { success, data, error } = question.safeParse(body);
  if (success) return { turns: [...data.history, { role: "user", content: data.message }] };
  const [issue] = error.issues;
  const where = issue?.path.join(".");
  return { problem: where ? `${where}: ${issue?.message}` : 'Send JSON such as {"message": "Hello"}.' };
}
