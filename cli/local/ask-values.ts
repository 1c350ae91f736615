// Asks at the terminal for what an agent needs.

import type { RequestedValue } from "../../blueprint/environment-request.ts";
import type { Prompts } from "../terminal/prompts.ts";
import type { StoredValues } from "./project-values.ts";

const instead = "--var NAME=value";

/**
 * Answers by variable; what was left empty is not among them.
 * @param buildSecrets variables that builds read
 * @param known what there is already, which an empty answer keeps
 */
export async function askValues(
  prompts: Prompts,
  requested: readonly RequestedValue[],
  buildSecrets: readonly string[],
  known: StoredValues,
): Promise<StoredValues> {
  const answers: Record<string, string> = {};
  for (const value of requested) {
    const answer = await ask(prompts, value, known[value.name]);
    if (answer !== "") answers[value.name] = answer;
  }
  for (const name of new Set(buildSecrets)) {
    const answer = await prompts.secret({ message: titleOf(name, "for building images", known[name]), instead });
    if (answer !== "") answers[name] = answer;
  }
  return answers;
}

function ask(prompts: Prompts, value: RequestedValue, known: string | undefined): Promise<string> {
  const { name, secret, description, optional, options = [], default: preset } = value;
  const message = titleOf(name, description ?? (optional ? "optional" : undefined), secret ? known : undefined);
  if (value.displayAs === "select" && options.length > 0) {
    const initial = known ?? preset;
    return prompts.select(
      { message, instead, ...(initial !== undefined && options.includes(initial) ? { initial } : {}) },
      options.map((option) => ({ value: option })),
    );
  }
  if (secret) return prompts.secret({ message, instead });
  const initial = known ?? preset;
  return prompts.text({ message, instead, ...(initial === undefined ? {} : { initial }) });
}

/** Secrets are not shown; that there is one is. */
function titleOf(name: string, about: string | undefined, kept: string | undefined): string {
  const state = kept === undefined ? "" : " [kept; empty leaves it]";
  return `${name}${about === undefined ? "" : ` (${about})`}${state}`;
}
