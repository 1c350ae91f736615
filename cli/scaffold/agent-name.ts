// What an agent may be called, said in words.

const pattern = /^[a-z][a-z0-9-]*[a-z0-9]$/;
const reserved: readonly string[] = ["astro", "agent", "model", "integration"];

/** What is wrong with a name; undefined when it is a good one. */
export function agentNameProblem(name: string): string | undefined {
  if (name.startsWith("@")) return "Leave the account out: it is chosen when you push.";
  if (name.length < 2 || name.length > 63) return "A name has 2 to 63 characters.";
  if (!pattern.test(name)) {
    return "A name has lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen.";
  }
  return reserved.includes(name) ? `"${name}" is the platform's own word. Choose another name.` : undefined;
}
