// Questions to the person at the terminal. Where there is none a command never hangs: it says which option answers instead.

import type * as clack from "@clack/prompts";
import type { Option } from "@clack/prompts";
import { usageProblem, Problem } from "../problem.ts";

export type Question = {
  readonly message: string;
  /** What to type instead where nobody can be asked: `--yes`. */
  readonly instead: string;
};

export type Choice<Value extends string = string> = {
  readonly value: Value;
  readonly label?: string;
  readonly hint?: string;
};

export type Prompts = {
  /** Whether somebody can be asked. */
  readonly available: boolean;
  /** @throws Problem usage without a terminal, interrupted when it is left */
  readonly confirm: (question: Question) => Promise<boolean>;
  /** @param check gives what is wrong with an answer. */
  readonly text: (
    question: Question & { readonly placeholder?: string; readonly initial?: string },
    check?: (answer: string) => string | undefined,
  ) => Promise<string>;
  /** Shows nothing of what is typed. */
  readonly secret: (question: Question, check?: (answer: string) => string | undefined) => Promise<string>;
  readonly select: <Value extends string>(
    question: Question & { readonly initial?: NoInfer<Value> },
    choices: readonly Choice<Value>[],
  ) => Promise<Value>;
};

/** @param available standard input and standard error are a terminal, and the answer is not wanted as JSON. */
export function openPrompts(available: boolean): Prompts {
  const ask = async <Answer>(
    question: Question,
    put: (clack: Clack) => Promise<Answer>,
  ): Promise<Exclude<Answer, symbol>> => {
    if (!available) throw usageProblem(`This asks: ${question.message}`, `Answer with ${question.instead}.`);
    const answer = await put(await import("@clack/prompts"));
    if (!isGiven(answer)) throw new Problem("interrupted", "Cancelled; nothing was changed.");
    return answer;
  };
  const output = process.stderr;
  return {
    available,
    confirm: (question) =>
      ask(question, ({ confirm }) => confirm({ message: question.message, initialValue: false, output })),
    text: (question, check) =>
      ask(question, ({ text }) =>
        text({
          message: question.message,
          output,
          ...(question.placeholder !== undefined && { placeholder: question.placeholder }),
          ...(question.initial !== undefined && { initialValue: question.initial }),
          validate: (answer) => check?.(answer ?? ""),
        }),
      ),
    secret: (question, check) =>
      ask(question, ({ password }) =>
        password({ message: question.message, output, validate: (answer) => check?.(answer ?? "") }),
      ),
    select: async (question, choices) => {
      const options: Option<string>[] = choices.map(({ value, label = value, hint }) => ({
        value,
        label,
        ...(hint !== undefined && { hint }),
      }));
      const picked = await ask(question, ({ select }) =>
        select({
          message: question.message,
          output,
          options,
          ...(question.initial !== undefined && { initialValue: question.initial }),
        }),
      );
      const choice = choices.find(({ value }) => value === picked);
      if (choice === undefined) throw new Problem("failed", `There is no choice ${picked}.`);
      return choice.value;
    },
  };
}

/** Whether it was not left by Ctrl-C. */
function isGiven<Answer>(answer: Answer): answer is Exclude<Answer, symbol> {
  return typeof answer !== "symbol";
}

type Clack = typeof clack;

/**
 * For what cannot be taken back.
 * @param isConfirmed by an option, already.
 * @throws Problem interrupted when the answer is no
 */
export async function requireYes(prompts: Prompts, isConfirmed: boolean, question: Question): Promise<void> {
  if (isConfirmed) return;
  if (!(await prompts.confirm(question))) throw new Problem("interrupted", "Cancelled; nothing was changed.");
}
