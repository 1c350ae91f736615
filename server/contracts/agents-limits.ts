// Names and sizes of what the agents part takes, for its schemas and its domain alike.

/** A blueprint's name without its account. */
export const blueprintNamePattern = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
export const blueprintNameRule =
  "2 to 63 lower-case letters, digits and inner hyphens, beginning with a letter, without a scope";

/** What an environment variable may be called. */
export const variableNamePattern = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;

/** Most bytes of a variable's value, as UTF-8. */
export const longestValueBytes = 32_768;
export const mostVariablesAtOnce = 200;

export const longestSpecBytes = 262_144;
export const longestReadmeBytes = 262_144;
export const mostReadmeImages = 20;
export const largestReadmeImageBytes = 10 * 1_048_576;

/** Something that a check of astropods.yml found. */
export type ShownDiagnostic = {
  readonly severity: "error" | "warning";
  /** Stable, for programs. */
  readonly code: string;
  /** With dots: `models.x.provider`. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** From 1, like the column. */
  readonly line: number;
  readonly column: number;
};
