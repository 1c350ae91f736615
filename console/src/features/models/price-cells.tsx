// Prices as tables and figures show them.

import { Money } from "../../ui/money.tsx";

/** Per million tokens; a dash where the unit is not sold apart. */
export function Price({ usd }: { readonly usd: string | null | undefined }) {
  return <Money usd={usd} exact />;
}
