// Looking into values that have not been checked yet: what is not of the expected kind is as if it were not there.

export type RawMapping = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

export function isMapping(value: unknown): value is RawMapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Undefined where the path leads nowhere; only own keys count. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Object.getOwnPropertyDescriptor(current, key)?.value;
  }
  return current;
}

export function mappingAt(value: unknown, path: Path): RawMapping | undefined {
  const found = valueAt(value, path);
  return isMapping(found) ? found : undefined;
}

export function textAt(value: unknown, path: Path): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" ? found : undefined;
}

export function listAt(value: unknown, path: Path): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** The entries of a mapping, each with its path; none when there is no mapping. */
export function entriesAt(value: unknown, path: Path): { name: string; path: Path; value: unknown }[] {
  return Object.entries(mappingAt(value, path) ?? {}).map(([name, entry]) => ({
    name,
    path: [...path, name],
    value: entry,
  }));
}
