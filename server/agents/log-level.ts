// How grave a line of a log is, by what it says of itself.

import { parseObject, stringAt } from "../contracts/json.ts";

const known = /^[^A-Za-z]{0,40}(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|FATAL|CRITICAL|PANIC)\b/i;
const spoken: Readonly<Record<string, string>> = { WARNING: "WARN", ERR: "ERROR", CRITICAL: "FATAL", PANIC: "FATAL" };

/** `INFO` when it says nothing; `ERROR` for standard error. */
export function levelOf(text: string, stream: "stdout" | "stderr"): string {
  const said = text.startsWith("{") ? levelInJson(text) : known.exec(text)?.[1];
  const word = said?.toUpperCase();
  if (word !== undefined) return Object.hasOwn(spoken, word) ? (spoken[word] ?? word) : word;
  return stream === "stderr" ? "ERROR" : "INFO";
}

function levelInJson(text: string): string | undefined {
  const level = stringAt(parseObject(text) ?? {}, "level");
  return level !== undefined && /^[A-Za-z]{3,10}$/.test(level) ? level : undefined;
}
