// A few words that appear beside what the pointer or the focus is on. Never the only place where something is said.

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

const delayMs = 300;

/** @param children one element that takes a ref. */
export function Tooltip({ text, children }: { readonly text: ReactNode; readonly children: ReactNode }) {
  return (
    <Radix.Root delayDuration={delayMs}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={6}
          collisionPadding={8}
          className="appear z-50 max-w-xs rounded-sm bg-ink px-2 py-1 text-xs text-paper shadow-panel"
        >
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const TooltipProvider = Radix.Provider;
