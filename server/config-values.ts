// What reading the environment shares: the error that stops a start, and the checks of single values.

export type Environment = { readonly [name: string]: string | undefined };

/** Undefined for variables that are absent or empty. */
export type ReadText = (name: string) => string | undefined;

/** Something in the environment cannot be used. The message is for the operator's terminal. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export function isHttpAddress(text: string): boolean {
  return /^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text);
}
