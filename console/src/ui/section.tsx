// A framed part of a page, with its title and what can be done with it.

import { useId, type ReactNode } from "react";
import { cx } from "./class-names.ts";

export type SectionProps = {
  readonly title?: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The content meets the frame, as a table does. */
  readonly flush?: boolean;
  readonly className?: string;
};

export function Section({ title, description, actions, children, flush = false, className }: SectionProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={cx("min-w-0 rounded-lg border border-line bg-surface", flush && "overflow-hidden", className)}
    >
      {title !== undefined && (
        <header className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3">
          <div className="min-w-0">
            <h2 id={id} className="text-base font-semibold">
              {title}
            </h2>
            {description !== undefined && <p className="text-sm text-muted">{description}</p>}
          </div>
          {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? "pt-3" : "p-4"}>{children}</div>
    </section>
  );
}

/** A frame without a heading of its own. */
export function Card({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return <div className={cx("min-w-0 rounded-lg border border-line bg-surface p-4", className)}>{children}</div>;
}
