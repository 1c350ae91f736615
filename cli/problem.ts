// Why a command cannot go on, in words for the person who typed it, and the exit code that programs read.

/** What an exit code of `ast` means; docs/reference/ast.md lists them. */
export const exitCodes = {
  done: { code: 0, meaning: "Done." },
  failed: { code: 1, meaning: "It was tried and did not work, or what was checked is not as it should be." },
  usage: { code: 2, meaning: "Typed wrongly, or what was given is invalid. Nothing was changed." },
  sign_in: { code: 3, meaning: "Nobody is signed in, or the session has ended: `ast login`." },
  not_found: { code: 4, meaning: "There is no such thing, or it is not yours." },
  refused: { code: 5, meaning: "Not allowed: the role, the credits or a conflict forbid it." },
  timed_out: { code: 6, meaning: "The wait ended before what was waited for. It may still come." },
  interrupted: { code: 130, meaning: "Interrupted by Ctrl-C or a signal." },
} as const satisfies Readonly<Record<string, { readonly code: number; readonly meaning: string }>>;

export type ProblemKind = Exclude<keyof typeof exitCodes, "done">;

export type AboutProblem = {
  /** The way out, as a sentence. */
  readonly hint?: string;
  /** For programs; absent: the kind. */
  readonly code?: string;
  /** The server's, to ask its operator about. */
  readonly requestId?: string;
  /** Further lines between the message and the hint, such as one for each invalid field. */
  readonly lines?: readonly string[];
  readonly cause?: unknown;
};

export class Problem extends Error {
  override readonly name = "Problem";
  readonly kind: ProblemKind;
  readonly code: string;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;
  readonly lines: readonly string[];

  /** @param message what is wrong and where, as a sentence. */
  constructor(kind: ProblemKind, message: string, about: AboutProblem = {}) {
    super(message, { cause: about.cause });
    this.kind = kind;
    this.code = about.code ?? kind;
    this.hint = about.hint;
    this.requestId = about.requestId;
    this.lines = about.lines ?? [];
  }

  get exitCode(): number {
    return exitCodes[this.kind].code;
  }
}

/** Typed wrongly: the hint names the help of the command. */
export function usageProblem(message: string, hint?: string): Problem {
  return new Problem("usage", message, hint === undefined ? {} : { hint });
}
