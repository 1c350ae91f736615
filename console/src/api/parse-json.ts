// Reads JSON without throwing. The only place of the console that calls JSON.parse.

/** The value as the type that the caller expects of its source; undefined when the text is not JSON. */
export function parseJson<Value>(text: string): Value | undefined {
  try {
    const value: Value = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
