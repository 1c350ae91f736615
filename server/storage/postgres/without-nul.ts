// Clients may name a model or a stack with any characters; Postgres' texts hold all but one.

/** A text with U+FFFD in place of U+0000, so that nothing is found under it; any other value as it is. */
export function withoutNul<Value>(value: Value): Value | string {
  return typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value;
}
