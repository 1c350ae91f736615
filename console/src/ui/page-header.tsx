// The top of every page: what it is, a sentence about it, and its main acts. Also names the browser's tab.

import { useEffect, type ReactNode } from "react";

export type PageHeaderProps = {
  readonly title: string;
  readonly description?: ReactNode;
  /** Before the title: the way back, as links. */
  readonly trail?: ReactNode;
  /** Beside the title: a status or a badge. */
  readonly mark?: ReactNode;
  readonly actions?: ReactNode;
};

export function PageHeader({ title, description, trail, mark, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Astrolabe`;
  }, [title]);
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {trail !== undefined && <div className="mb-1 text-sm text-muted">{trail}</div>}
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="text-xl font-semibold tracking-tight text-balance break-words">{title}</h1>
          {mark}
        </div>
        {description !== undefined && <p className="mt-1 max-w-[70ch] text-base text-muted">{description}</p>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
