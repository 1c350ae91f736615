// The catalogue: models, their prices and who serves them, as every feature that names models reads it.

import type { z } from "zod";
import type { catalogueModelSchema, catalogueSchema } from "../../../server/contracts/control-catalogue.ts";
import { useItem, type ItemState } from "./item.ts";

export type Catalogue = z.output<typeof catalogueSchema>;
export type CatalogueModel = z.output<typeof catalogueModelSchema>;

export function useCatalogue(): ItemState<Catalogue> {
  return useItem<Catalogue>("/api/catalogue");
}
