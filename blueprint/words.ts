// How findings speak of keys, values and lists of them.

/** In backticks; what would disturb a terminal is left out, what is long is cut. */
export function quoted(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").replaceAll("`", "'");
  return `\`${clean.length > 60 ? `${clean.slice(0, 57)}...` : clean}\``;
}

/** `a`, `b` or `c`. */
export function oneOf(words: readonly string[]): string {
  return joined(words.map(quoted), "or");
}

/** `a`, `b` and `c`. */
export function allOf(words: readonly string[]): string {
  return joined(words.map(quoted), "and");
}

export function joined(words: readonly string[], last: "and" | "or"): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1) ?? ""}`;
}

/** `agent.inputs[0].name` */
export function dotted(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

/** The path in backticks; `the file` for the empty one. */
export function named(path: readonly (string | number)[]): string {
  return path.length === 0 ? "the file" : quoted(dotted(path));
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A value's type as people call it. */
export function typeInWords(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return "a number";
    case "boolean":
      return value ? "`true`" : "`false`";
    default:
      return "a mapping";
  }
}
