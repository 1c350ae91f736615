// Joins class names, leaving out those that do not apply.

export type ClassName = string | false | undefined | null;

export function cx(...names: readonly ClassName[]): string {
  return names.filter((name) => typeof name === "string" && name !== "").join(" ");
}
