// Which tools a simulated model calls: the ones it must, the ones the user names, or the one whose name and description
// share most words with the question. Always the same for the same prompt.

import type { GeneratePrompt, Tool } from "../../conversation/prompt.ts";
import { meaningfulWords, trailingToolResults } from "./prompt-text.ts";

const callsAtMost = 8;
const wordsAtMost = 200;

/** The tools to call for this question, in order; empty when the turn calls for none. */
export function toolsToCall(prompt: GeneratePrompt, question: string): readonly Tool[] {
  const choice = prompt.toolChoice ?? "auto";
  if (choice === "none" || prompt.tools.length === 0) return [];
  if (typeof choice === "object") return prompt.tools.filter((tool) => tool.name === choice.name).slice(0, 1);
  if (choice === "auto" && trailingToolResults(prompt).length > 0) return [];
  const wanted = wantedTools(prompt, question);
  return choice === "required" && wanted.length === 0 ? prompt.tools.slice(0, 1) : wanted;
}

function wantedTools(prompt: GeneratePrompt, question: string): readonly Tool[] {
  const named = prompt.tools.filter((tool) => names(question, tool.name));
  if (named.length > 0) return named.slice(0, prompt.parallelToolCalls === false ? 1 : callsAtMost);
  const asked = new Set(meaningfulWords(question, wordsAtMost));
  let best: { readonly tool: Tool; readonly score: number } | undefined;
  for (const tool of prompt.tools) {
    const score = sharedWords(tool, asked);
    if (score > (best?.score ?? 0)) best = { tool, score };
  }
  return best === undefined ? [] : [best.tool];
}

/** Whether the text holds the name as a word of its own, so that `run` is not found in `running`. */
function names(text: string, name: string): boolean {
  const from = text.toLowerCase();
  const wanted = name.toLowerCase();
  const isWordCharacter = (character: string | undefined) =>
    character !== undefined && /[\p{L}\p{N}_]/u.test(character);
  for (let at = from.indexOf(wanted); at !== -1; at = from.indexOf(wanted, at + 1)) {
    if (!isWordCharacter(from[at - 1]) && !isWordCharacter(from[at + wanted.length])) return true;
  }
  return false;
}

/** Words in common with the name count twice those of the description. */
function sharedWords(tool: Tool, asked: ReadonlySet<string>): number {
  const count = (text: string) => meaningfulWords(text, wordsAtMost).filter((word) => asked.has(word)).length;
  return 2 * count(tool.name) + count(tool.description ?? "");
}
