// A value without the parts that are wrong: keys that should not be there, entries that cannot be used.

import { isMapping, type Path, type RawMapping } from "./raw-values.ts";

type Wrong = {
  readonly path: Path;
  /** Whether taking away the key alone mends it. */
  readonly extra: boolean;
};

/** A file that is wrong in more places than this is wrong as a whole. */
const mostWrong = 100;

/** Sections lose the entry that a wrong path leads into; what must be there is taken from the placeholder. */
export function withoutPaths(root: unknown, wrong: readonly Wrong[], placeholder: RawMapping): unknown {
  if (wrong.length > mostWrong) return placeholder;
  let value: unknown = root;
  for (const { path, extra } of wrong.toSorted((one, other) => other.path.length - one.path.length)) {
    value = without(value, extra ? path : entryOf(path));
  }
  return { ...placeholder, ...(isMapping(value) ? value : {}) };
}

/** The section's entry, or the key at the top, that a path leads into. */
function entryOf(path: Path): Path {
  const [first] = path;
  const single = first === "agent" || first === "sandbox" || first === "dev" || first === "meta";
  return path.slice(0, single ? 1 : 2);
}

function without(value: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (key === undefined || !isMapping(value) || !Object.hasOwn(value, key)) {
    return Array.isArray(value) && typeof key === "number" ? value.filter((_, index) => index !== key) : value;
  }
  if (rest.length > 0) return { ...value, [key]: without(value[key], rest) };
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== String(key)));
}
