// The slug of a workspace: its name in paths and image names, unique in the installation. Agents know it as the account's
// name.

/** Names that stand for something else in addresses. */
const reserved: ReadonlySet<string> = new Set(
  (
    "admin agents api auth check deploy deployments dev health hire login logout me new onboarding operator register " +
    "settings status support system www"
  ).split(" "),
);

const longest = 39;
const fallback = "workspace";

/** What is wrong with a slug that somebody chose; undefined when nothing is. */
export function slugProblem(slug: string): string | undefined {
  if (slug.length < 2) return "A name has at least 2 characters.";
  if (slug.length > longest) return `A name has at most ${longest} characters.`;
  if (!/^[a-z0-9-]*$/.test(slug)) return "A name has lower-case letters, digits and hyphens only.";
  if (!/^[a-z]/.test(slug)) return "A name begins with a letter.";
  if (slug.endsWith("-") || slug.includes("--")) return "Hyphens stand alone, and not at the end.";
  return reserved.has(slug) ? `The name ${slug} is reserved.` : undefined;
}

/** A slug made from a name: `Ada's workspace` gives `adas-workspace`. */
export function slugFromName(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/[\p{M}'’]/gu, "");
  const words = plain.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const trimmed = cut(words.replace(/^[^a-z]+/, ""), longest);
  return slugProblem(trimmed) === undefined ? trimmed : cut(`${fallback}-${trimmed}`, longest);
}

/** The slug itself, or the first of `slug-2`, `slug-3`, ... that is not taken. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  for (let number = 2; ; number++) {
    const end = `-${number}`;
    const numbered = cut(slug, longest - end.length) + end;
    if (!taken.has(numbered)) return numbered;
  }
}

function cut(slug: string, length: number): string {
  return slug.slice(0, length).replace(/-+$/, "");
}
