// What somebody pastes to try out: a curl command or the JSON of a request, in whichever protocol it is.

import { parse, type ParseError } from "jsonc-parser";

export type Protocol = "responses" | "chat-completions" | "messages" | "embeddings";

export type PastedRequest =
  | { readonly kind: "request"; readonly body: string; readonly protocol: Protocol; readonly confirmed: boolean }
  | { readonly kind: "nothing" }
  | { readonly kind: "unreadable"; readonly message: string };

export function readPasted(text: string): PastedRequest {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "nothing" };
  const isCurl = /^curl\s/.test(trimmed);
  const words = isCurl ? shellWords(trimmed) : [];
  const body = isCurl ? bodyOf(words) : trimmed;
  if (body === undefined) return { kind: "unreadable", message: "This curl command has no body: add it with -d." };
  const fields = objectOf(body);
  if (fields === undefined) return { kind: "unreadable", message: "The body is no JSON object." };
  const confirmed = words.some((word) => /^x-astrolabe-confirmed:\s*confirm$/i.test(word));
  return { kind: "request", body, protocol: protocolOf(fields, words), confirmed };
}

/** Of those that also have `messages`, the protocol of Anthropic alone has these. */
const messagesOnly = ["system", "thinking", "stop_sequences", "output_config"];

/** By the address of a curl command, else by the fields that only one protocol has. */
function protocolOf(fields: object, words: readonly string[]): Protocol {
  const address = words.find((word) => /^https?:\/\//.test(word)) ?? "";
  if (/\/messages\b/.test(address)) return "messages";
  if (address === "" && "messages" in fields && messagesOnly.some((field) => field in fields)) return "messages";
  if (address.includes("/chat/completions") || "messages" in fields) return "chat-completions";
  return address.includes("/embeddings") ? "embeddings" : "responses";
}

const bodyOptions = new Set(["-d", "--data", "--data-raw", "--data-binary", "--json"]);

function bodyOf(words: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    if (bodyOptions.has(word)) return words[index + 1];
    const inline = /^--(?:data|data-raw|data-binary|json)=(.*)$/s.exec(word);
    if (inline) return inline[1];
  }
  return undefined;
}

function objectOf(text: string): object | undefined {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: true });
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return errors.length === 0 && isObject ? value : undefined;
}

/** The words of a shell command: quotes and backslashes as a shell reads them, lines joined. */
function shellWords(command: string): string[] {
  const text = command.replaceAll(/\\\r?\n/g, " ");
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote === "'" ? character === "'" : quote === '"' && character === '"') quote = "";
    else if (quote === "" && (character === "'" || character === '"')) {
      quote = character;
      word ??= "";
    } else if (character === "\\" && quote !== "'") {
      const next = text.charAt(++at);
      word = (word ?? "") + (quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next);
    } else if (quote === "" && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  return word === undefined ? words : [...words, word];
}
