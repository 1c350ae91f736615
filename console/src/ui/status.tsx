// A word of state with its colour, and a plain word in a frame. Colour never says it alone.

import type { ReactNode } from "react";
import { cx } from "./class-names.ts";

export type Tone = "good" | "bad" | "brass" | "plain";

const dots: Readonly<Record<Tone, string>> = {
  good: "bg-good",
  bad: "bg-bad",
  brass: "bg-brass-strong",
  plain: "bg-faint",
};

/** A dot and a word: how something is. */
export function Status({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap text-sm">
      <span aria-hidden className={cx("size-2 shrink-0 rounded-full", dots[tone])} />
      {children}
    </span>
  );
}

const frames: Readonly<Record<Tone, string>> = {
  good: "border-good/40 text-good",
  bad: "border-bad/40 text-bad",
  brass: "border-brass-strong/50 text-brass",
  plain: "border-line-strong text-muted",
};

/** A word in a frame: what kind something is. */
export function Badge({ tone = "plain", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span className={cx("inline-flex items-center rounded-sm border px-1 text-xs whitespace-nowrap", frames[tone])}>
      {children}
    </span>
  );
}
