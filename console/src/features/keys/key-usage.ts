// What keys have used, read beside the list so that the list never waits for it.

import { useMemo } from "react";
import type { z } from "zod";
import type { keyUsageSchema } from "../../../../server/contracts/control-keys.ts";
import { useItem } from "../../api/item.ts";

export type KeyUsage = z.output<typeof keyUsageSchema>;

/** By key id; undefined until it is there. Keys that were not used are missing. */
export function useKeyUsage(workspacePath: string): ReadonlyMap<string, KeyUsage> | undefined {
  const { item } = useItem<{ readonly data: readonly KeyUsage[] }>(`${workspacePath}/key-usage`);
  return useMemo(() => item && new Map(item.data.map((usage) => [usage.key, usage])), [item]);
}
