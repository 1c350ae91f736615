// A part of a form that is folded away until it is wanted; a word beside its title says what is in it.

import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

export type FoldProps = {
  readonly title: string;
  /** What it holds now, in a word or two; absent: nothing. */
  readonly summary?: ReactNode;
  readonly open?: boolean;
  readonly children: ReactNode;
};

export function Fold({ title, summary, open, children }: FoldProps) {
  return (
    <details open={open} className="group border-t border-line first:border-t-0">
      <summary className="flex list-none items-center gap-2 px-4 py-2 text-base font-medium select-none hover:bg-sunken max-md:py-3 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 text-faint transition-transform group-open:rotate-90" />
        {title}
        <span className="ml-auto truncate text-sm font-normal text-faint">{summary}</span>
      </summary>
      <div className="flex flex-col gap-3 px-4 pt-1 pb-4">{children}</div>
    </details>
  );
}
