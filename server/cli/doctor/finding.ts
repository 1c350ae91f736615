// What a look at one part of an installation found.

export type Finding = {
  /** What was looked at: `data folder`, `upstream openai`. */
  readonly about: string;
  /** `warning`: it works, and somebody should know; `problem`: it does not. */
  readonly state: "ok" | "warning" | "problem";
  /** One sentence, with the way out where there is one. Never a secret. */
  readonly says: string;
};

export const ok = (about: string, says: string): Finding => ({ about, state: "ok", says });
export const warning = (about: string, says: string): Finding => ({ about, state: "warning", says });
export const problem = (about: string, says: string): Finding => ({ about, state: "problem", says });

export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
