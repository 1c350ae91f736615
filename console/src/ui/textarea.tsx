// Several lines of text.

import type { ComponentProps } from "react";
import { cx } from "./class-names.ts";
import { useControlProps } from "./field.tsx";
import { controlClass } from "./input.tsx";

export function Textarea({ className, rows = 4, ...rest }: ComponentProps<"textarea">) {
  return <textarea {...useControlProps()} rows={rows} {...rest} className={cx(controlClass, "px-2 py-1", className)} />;
}
