// What a model can do, as words in frames.

import { Badge } from "../../ui/status.tsx";
import type { CatalogueModel } from "../../api/catalogue.ts";
import { capabilityNames } from "./catalogue.ts";

/** What readers look for first comes first. @param most shown; the rest is counted. */
export function CapabilityBadges({ model, most }: { readonly model: CatalogueModel; readonly most?: number }) {
  const sorted = Object.keys(capabilityNames).flatMap((name) => model.capabilities.find((one) => one === name) ?? []);
  const shown = sorted.slice(0, most);
  const rest = sorted.slice(shown.length);
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {shown.map((one) => (
        <Badge key={one}>{capabilityNames[one]}</Badge>
      ))}
      {rest.length > 0 && (
        <span className="text-xs text-muted" title={rest.map((one) => capabilityNames[one]).join(", ")}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
