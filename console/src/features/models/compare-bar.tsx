// What is chosen to be compared, at the foot of the list: a way on once there are two.

import { ButtonLink, Button } from "../../ui/button.tsx";
import { useCatalogueHome } from "./home.ts";
import { mostCompared } from "./models-search.ts";

export type CompareBarProps = {
  readonly chosen: readonly string[];
  readonly onChosen: (chosen: readonly string[]) => void;
};

export function CompareBar({ chosen, onChosen }: CompareBarProps) {
  const home = useCatalogueHome();
  if (chosen.length === 0) return null;
  return (
    <div
      role="status"
      className="appear sticky bottom-4 z-20 mt-4 flex flex-wrap items-center gap-3 rounded-lg border border-line-strong bg-surface px-4 py-2 shadow-panel"
    >
      <p className="min-w-0 flex-1 text-base">
        {chosen.length === 1
          ? "One model chosen: choose another to compare it with."
          : `${chosen.length} of at most ${mostCompared} models chosen.`}
      </p>
      <Button look="quiet" onClick={() => onChosen([])}>
        Clear
      </Button>
      {chosen.length > 1 && (
        <ButtonLink look="primary" {...home.compare(chosen)}>
          Compare
        </ButtonLink>
      )}
    </div>
  );
}
