// A few sentences set apart from the page: something to know, something done, something wrong.

import type { ReactNode } from "react";
import { cx } from "./class-names.ts";

export type NoticeTone = "plain" | "brass" | "good" | "bad";

const tones: Readonly<Record<NoticeTone, string>> = {
  plain: "border-line bg-sunken",
  brass: "border-brass-strong/40 bg-brass-soft",
  good: "border-good/40 bg-good-soft",
  bad: "border-bad/40 bg-bad-soft",
};

export type NoticeProps = {
  readonly tone?: NoticeTone;
  readonly title?: ReactNode;
  readonly role?: "alert" | "status";
  readonly action?: ReactNode;
  readonly children?: ReactNode;
};

export function Notice({ tone = "plain", title, role, action, children }: NoticeProps) {
  return (
    <div role={role} className={cx("flex flex-wrap items-center gap-3 rounded-md border px-3 py-2", tones[tone])}>
      <div className="min-w-0 flex-1 text-base text-ink">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children}
      </div>
      {action}
    </div>
  );
}
