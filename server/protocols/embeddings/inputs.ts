// The four forms of an embeddings `input`, told apart and bounded.

import { invalidField } from "../../contracts/errors.ts";
import type { Json } from "../../contracts/json.ts";

/** OpenAI's bound of inputs in one request. */
const mostInputs = 2_048;

export type EmbeddingInput = string | readonly number[];

/** One input per vector: texts, or token arrays as sent. @throws GatewayError invalid_request naming the entry. */
export function readInputs(input: Json | undefined): EmbeddingInput[] {
  if (typeof input === "string") return [readInput(input, "input")];
  if (!Array.isArray(input) || input.length === 0) {
    throw invalidField("input", "a text, an array of texts, or one or several token arrays");
  }
  if (isTokens(input)) return [input];
  if (input.length > mostInputs) throw invalidField("input", `an array of at most ${mostInputs} inputs`);
  return input.map((entry, index) => readInput(entry, `input[${index}]`));
}

function readInput(entry: Json, path: string): EmbeddingInput {
  if (typeof entry === "string" && entry !== "") return entry;
  if (Array.isArray(entry) && entry.length > 0 && isTokens(entry)) return entry;
  throw invalidField(path, "a non-empty text or a non-empty array of token numbers");
}

function isTokens(entry: Json[]): entry is number[] {
  return entry.every((token) => typeof token === "number" && Number.isSafeInteger(token) && token >= 0);
}
