// The JSON Schema that editors check astropods.yml by: types, names and sets of values; not what depends on several of them.

import type { RawMapping } from "./raw-values.ts";
import { plainJsonSchema } from "./schema-keys.ts";

export function blueprintJsonSchema(): RawMapping {
  const { $schema, ...rest } = plainJsonSchema();
  return { $schema, title: "astropods.yml", ...rest };
}
