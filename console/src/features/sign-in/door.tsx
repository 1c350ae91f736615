// Around the pages of signing in: one narrow column with its title, and nothing beside it.

import { useEffect, type ReactNode } from "react";

export type DoorProps = {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** Below the frame: where else to go. */
  readonly below?: ReactNode;
};

export function Door({ title, description, children, below }: DoorProps) {
  useEffect(() => {
    document.title = `${title} · Astrolabe`;
  }, [title]);
  return (
    <div className="mx-auto w-full max-w-[26rem] sm:pt-[6vh]">
      <h1 className="text-xl font-semibold tracking-tight text-balance">{title}</h1>
      {description !== undefined && <p className="mt-1 text-base text-muted">{description}</p>}
      <div className="mt-6 flex flex-col gap-4">{children}</div>
      {below !== undefined && <div className="mt-6 flex flex-col gap-1 text-sm text-muted">{below}</div>}
    </div>
  );
}

/** Between ways of which one is enough. */
export function Or() {
  return (
    <div className="flex items-center gap-3 text-sm text-faint">
      <span className="h-px flex-1 bg-line" />
      or
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
