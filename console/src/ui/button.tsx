// Buttons: one primary act per view, the rest secondary or quiet; danger for what cannot be taken back.

import { createLink } from "@tanstack/react-router";
import type { ComponentProps, ReactNode, Ref } from "react";
import { cx } from "./class-names.ts";

export type ButtonLook = "primary" | "secondary" | "quiet" | "danger";

const looks: Readonly<Record<ButtonLook, string>> = {
  primary: "border-act bg-act text-on-act hover:bg-act-hover hover:border-act-hover",
  secondary: "border-line-strong bg-surface text-ink hover:bg-raised",
  quiet: "border-transparent bg-transparent text-muted hover:bg-raised hover:text-ink",
  danger: "border-bad bg-transparent text-bad hover:bg-bad-soft",
};

const sizes = {
  small: "h-7 px-2 text-sm gap-1 max-md:h-9",
  medium: "h-8 px-3 text-sm gap-2 max-md:h-10",
} as const;

type Look = { readonly look?: ButtonLook; readonly size?: keyof typeof sizes; readonly icon?: ReactNode };

function buttonClass({ look = "secondary", size = "medium" }: Look, more?: string): string {
  return cx(
    "inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap select-none",
    "transition-colors disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0 no-underline",
    looks[look],
    sizes[size],
    more,
  );
}

export type ButtonProps = ComponentProps<"button"> &
  Look & {
    /** While its work runs: not pressable, and said to be busy. */
    readonly pending?: boolean;
  };

export function Button({ look, size, icon, pending = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass({ ...(look && { look }), ...(size && { size }) }, className)}
      disabled={disabled === true || pending}
      aria-busy={pending || undefined}
    >
      {icon}
      <span className={cx("inline-flex items-center gap-2", pending && "breathe")}>{children}</span>
    </button>
  );
}

type AnchorProps = ComponentProps<"a"> & Look & { readonly ref?: Ref<HTMLAnchorElement> };

function ButtonAnchor({ look, size, icon, className, children, ...rest }: AnchorProps) {
  return (
    <a {...rest} className={buttonClass({ ...(look && { look }), ...(size && { size }) }, className)}>
      {icon}
      {children}
    </a>
  );
}

/** A link inside the console that looks like a button. */
export const ButtonLink = createLink(ButtonAnchor);
/** A link to elsewhere, or to a download, that looks like a button. */
export { ButtonAnchor };
