// What a model can do, as words in frames.

import { Badge } from "../../ui/status.tsx";
import { capabilityNames, type CatalogueModel } from "./catalogue.ts";

/** @param most shown; the rest is counted. */
export function CapabilityBadges({ model, most }: { readonly model: CatalogueModel; readonly most?: number }) {
  const shown = model.capabilities.slice(0, most);
  const rest = model.capabilities.slice(shown.length);
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {shown.map((one) => (
        <Badge key={one}>{capabilityNames[one]}</Badge>
      ))}
      {rest.length > 0 && (
        <span className="text-xs text-faint" title={rest.map((one) => capabilityNames[one]).join(", ")}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
