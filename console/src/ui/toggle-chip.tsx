// One of several words that can each be on or off, as filters are.

import type { ReactNode } from "react";
import { cx } from "./class-names.ts";

export type ToggleChipProps = {
  readonly pressed: boolean;
  readonly onPress: (pressed: boolean) => void;
  readonly children: ReactNode;
};

export function ToggleChip({ pressed, onPress, children }: ToggleChipProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={() => onPress(!pressed)}
      className={cx(
        "inline-flex h-7 items-center rounded-full border px-3 text-sm whitespace-nowrap transition-colors max-md:h-9",
        pressed
          ? "border-brass-strong bg-brass-soft text-ink"
          : "border-line-strong bg-surface text-muted hover:bg-raised hover:text-ink",
      )}
    >
      {children}
    </button>
  );
}
