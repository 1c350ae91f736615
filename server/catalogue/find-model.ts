// Finds a model by what clients in the wild call it: the catalogue's own names first, then Claude's names as clouds and
// dated releases write them.

import type { Catalogue, CatalogueModel } from "./catalogue.ts";

/** Who is named in front of Claude's name: other gateways, Amazon's regions, vendors. */
const namedInFront = /^(?:bedrock\/|vertex(?:_ai)?\/|anthropic\/|(?:(?:us|eu|apac|jp|au|global)\.)?anthropic\.)+/;
/** The day of a release, and Amazon's own version behind it. The catalogue's name means the same model. */
const releaseBehind = /(?:[-@]20\d{6})?(?:-v\d+(?::\d+)?)?$/;

/** By id and alias, else by the plain name of Claude's that the id comes down to; undefined when there is none. */
export function findModel(catalogue: Pick<Catalogue, "find">, id: string): CatalogueModel | undefined {
  const known = catalogue.find(id);
  if (known !== undefined || !id.includes("claude-")) return known;
  const plain = id.replace(namedInFront, "").replace(releaseBehind, "");
  if (plain === id || !plain.startsWith("claude-")) return undefined;
  return catalogue.find(plain) ?? catalogue.find(`anthropic/${plain}`) ?? catalogue.find(dotted(plain));
}

/** `claude-sonnet-4-6` as the roster writes it: `anthropic/claude-sonnet-4.6`. */
function dotted(plain: string): string {
  return `anthropic/${plain.replace(/-(\d+)-(\d+)$/, "-$1.$2")}`;
}
