// Which prefixes the variables of an entry have when several entries use one provider.

import { sameProvider } from "./blueprint.ts";
import { variablePart } from "./names.ts";

/**
 * For each entry, the one prefix or the two that its variables have, the more exact one first. One entry has the
 * provider's name alone. Of several, each has its own name added; the one named like the provider has the bare prefix
 * instead, and when there is none the first in the alphabet has the bare prefix as well.
 */
export function prefixesOf(provider: string, entries: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const bare = variablePart(provider);
  const names = [...new Set(entries)].toSorted((one, other) => (one < other ? -1 : 1));
  if (names.length < 2) return new Map(names.map((name) => [name, [bare]]));
  const named = names.some((name) => sameProvider(name, provider));
  return new Map(
    names.map((name, index) => {
      if (sameProvider(name, provider)) return [name, [bare]];
      const exact = `${bare}_${variablePart(name)}`;
      return [name, !named && index === 0 ? [exact, bare] : [exact]];
    }),
  );
}
