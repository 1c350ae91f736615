// A question or a form in front of the page. Escape and the scrim close it; the focus returns to where it was.

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./class-names.ts";

export type DialogProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  readonly width?: "small" | "medium" | "large";
  /** While something in it must not be lost, such as a secret shown once: only its own buttons close it. */
  readonly keepOpen?: boolean;
};

const widths = { small: "sm:max-w-md", medium: "sm:max-w-xl", large: "sm:max-w-3xl" } as const;

export function Dialog(props: DialogProps) {
  const { open, onClose, title, description, children, width = "medium", keepOpen = false } = props;
  const hold = (event: Event): void => {
    if (keepOpen) event.preventDefault();
  };
  return (
    <Radix.Root open={open} onOpenChange={(next) => void (!next && onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(description === undefined && { "aria-describedby": undefined })}
          onOpenAutoFocus={focusFirstField}
          onEscapeKeyDown={hold}
          onInteractOutside={hold}
          className={cx(
            "appear fixed z-40 flex flex-col border-line-strong bg-surface shadow-panel outline-none",
            "inset-x-0 bottom-0 max-h-[92dvh] rounded-t-lg border-t",
            "sm:inset-x-4 sm:top-[8vh] sm:bottom-auto sm:mx-auto sm:max-h-[84vh] sm:rounded-lg sm:border",
            widths[width],
          )}
        >
          <header className="flex items-start justify-between gap-4 px-4 pt-4 sm:px-6 sm:pt-5">
            <div className="min-w-0">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-1 text-base text-muted">{description}</Radix.Description>
              )}
            </div>
            {!keepOpen && (
              <Radix.Close
                aria-label="Close"
                className="-mr-2 flex size-8 items-center justify-center rounded-md text-muted hover:bg-raised hover:text-ink max-md:size-10"
              >
                <X aria-hidden className="size-4" />
              </Radix.Close>
            )}
          </header>
          <div data-body className="min-h-0 overflow-y-auto px-4 pt-4 pb-4 sm:px-6 sm:pb-6">
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The first thing to fill in or to press, rather than the button that closes. */
function focusFirstField(event: Event): void {
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  const first = content.querySelector("[data-body] :is(input, select, textarea, button):not(:disabled)");
  if (!(first instanceof HTMLElement)) return;
  event.preventDefault();
  first.focus();
}
