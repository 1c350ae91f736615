// The part of an address after `?`: plain words, read and written without JSON, and checked by each route.

/** What a route is given to check: text, or a list where a name came twice. */
export type RawSearch = Readonly<Record<string, unknown>>;

export function parseSearch(text: string): Record<string, string | string[]> {
  const words = new URLSearchParams(text);
  const search: Record<string, string | string[]> = {};
  for (const name of new Set(words.keys())) {
    const values = words.getAll(name);
    search[name] = values.length > 1 ? values : (values[0] ?? "");
  }
  return search;
}

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === "string" || typeof one === "number" || typeof one === "boolean")
        words.append(name, String(one));
    }
  }
  return words.size === 0 ? "" : `?${words}`;
}

/** The text at `name`; undefined when it is absent or empty. */
export function textAt(search: RawSearch, name: string): string | undefined {
  const value = search[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** One of a few words; undefined when it is none of them. */
export function choiceAt<Word extends string>(
  search: RawSearch,
  name: string,
  words: readonly Word[],
): Word | undefined {
  return words.find((word) => word === search[name]);
}

/** A whole number from 0; undefined otherwise. */
export function numberAt(search: RawSearch, name: string): number | undefined {
  const value = search[name];
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** Every text at `name`, whether it came once or often. */
export function textsAt(search: RawSearch, name: string): string[] {
  const value = search[name];
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === "string" && one !== "");
}

/** Without the names that hold nothing, so that the address stays short. */
export function compact<Search extends object>(search: Search): Partial<Search> {
  const kept: Partial<Search> = { ...search };
  for (const name of Object.keys(kept)) {
    const value: unknown = Reflect.get(kept, name);
    if (value === undefined || (Array.isArray(value) && value.length === 0)) Reflect.deleteProperty(kept, name);
  }
  return kept;
}
