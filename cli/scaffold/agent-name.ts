// What an agent may be called, said in words.

import { agentNamePattern, isReserved, nameLength } from "../../blueprint/names.ts";

/** What is wrong with a name; undefined when it is a good one. */
export function agentNameProblem(name: string): string | undefined {
  const { least, most } = nameLength;
  if (name.startsWith("@")) return "Leave the account out: it is chosen when you push.";
  if (name.length < least || name.length > most) return `A name has ${least} to ${most} characters.`;
  if (!agentNamePattern.test(name)) {
    return "A name has lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen.";
  }
  return isReserved(name) ? `"${name}" is the platform's own word. Choose another name.` : undefined;
}
