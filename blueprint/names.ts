// What may be a name in a blueprint, and what names become: variables, workloads, databases.

/** Names that the platform uses itself. */
export const reservedNames = ["astro", "agent", "model", "integration"] as const;
export const nameLength = { least: 2, most: 63 } as const;

export const agentNamePattern = /^[a-z][a-z0-9-]*[a-z0-9]$/;
/** An agent's name, alone or as `@account/name`. */
export const scopedNamePattern = /^(?:@[a-z][a-z0-9-]{0,37}[a-z0-9]\/)?[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
export const accountPattern = /^[a-z][a-z0-9-]{0,37}[a-z0-9]$/;
export const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Entries of models, knowledge, integrations, providers, inputs and ingestion. */
export const entryNamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,48}[A-Za-z0-9])?$/;

/** `@account/name` in its parts; a text without them is all name. */
export function splitName(text: string): { readonly scope: string | undefined; readonly name: string } {
  const match = /^@([^/]*)\/(.*)$/s.exec(text);
  return match ? { scope: match[1] ?? "", name: match[2] ?? "" } : { scope: undefined, name: text };
}

export function isReserved(name: string): boolean {
  return reservedNames.some((reserved) => reserved === name);
}

/** The nearest thing to `text` that is a good name for an agent, such as for a folder's; `my-agent` when nothing is left. */
export function nameLike(text: string): string {
  const words = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, nameLength.most)
    .replace(/-+$/, "");
  if (words === "") return "my-agent";
  return words.length < nameLength.least || isReserved(words) ? `my-${words}` : words;
}

/** `fast-lane` becomes `FAST_LANE`: the part of a variable's name that comes from an entry or a provider. */
export function variablePart(name: string): string {
  return databaseName(name).toUpperCase();
}

/** `my.agent` becomes `my_agent`. */
export function databaseName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[-_.]/g, "_")
    .replaceAll(/[^a-z0-9_]/g, "")
    .replaceAll(/_+/g, "_")
    .replaceAll(/^_|_$/g, "");
}

/** `model` and `fast_lane` become `model-fast-lane`, a DNS label. */
export function workloadName(component: string, entry: string): string {
  const label = entry
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return `${component}-${label}`;
}
