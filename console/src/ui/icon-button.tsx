// A button that is only an icon: its label is spoken, and shown on hover.

import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class-names.ts";
import { Tooltip } from "./tooltip.tsx";

export type IconButtonProps = Omit<ComponentProps<"button">, "aria-label" | "title"> & {
  readonly label: string;
  readonly icon: ReactNode;
  readonly size?: "small" | "medium";
};

export function IconButton({ label, icon, size = "medium", className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={cx(
          "inline-flex shrink-0 items-center justify-center rounded-md border border-transparent text-muted",
          "transition-colors hover:bg-raised hover:text-ink disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4",
          size === "small" ? "size-6 max-md:size-9" : "size-8 max-md:size-10",
          className,
        )}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
