// Reads the variables that the platform sets.

/** @throws Error that says which variable is missing and who sets it. */
export function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set. "ast dev" and "ast deploy" set it; README.md says how to run without them.`);
}
