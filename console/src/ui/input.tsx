// One line of text.

import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class-names.ts";
import { useControlProps } from "./field.tsx";

export const controlClass = cx(
  "w-full min-w-0 rounded-md border border-line-strong bg-surface text-ink transition-colors",
  "hover:border-faint aria-invalid:border-bad disabled:cursor-not-allowed disabled:bg-sunken disabled:text-faint",
  // A phone zooms into smaller text.
  "text-base max-md:text-lg",
);

export type InputProps = ComponentProps<"input"> & {
  /** Before the text, such as `$`. */
  readonly lead?: ReactNode;
  /** Money, ids and numbers are set in figures. */
  readonly figures?: boolean;
};

export function Input({ lead, figures = false, className, ...rest }: InputProps) {
  const control = useControlProps();
  const text = cx(controlClass, "h-8 px-2 max-md:h-10", figures && "figures", lead !== undefined && "pl-7", className);
  if (lead === undefined) return <input {...control} {...rest} className={text} />;
  return (
    <span className="relative block">
      <span className="pointer-events-none absolute inset-y-0 left-2 flex items-center text-faint [&_svg]:size-4">
        {lead}
      </span>
      <input {...control} {...rest} className={text} />
    </span>
  );
}
