// Short notices at the edge of the page: that something was done, or why it was not.

import { toast as sonner, Toaster as SonnerToaster } from "sonner";
import { asApiError } from "../api/api-error.ts";

export const toast = {
  done: (text: string): void => void sonner.success(text),
  problem: (text: string): void => void sonner.error(text),
  /** For failures that have no form to be shown in. */
  failure: (thrown: unknown): void => {
    const error = asApiError(thrown);
    void sonner.error(error.message, { description: error.hint });
  },
};

export function Toaster() {
  return (
    <SonnerToaster
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-start gap-2 rounded-md border border-line-strong bg-surface px-3 py-2 text-base text-ink shadow-panel",
          description: "text-sm text-muted",
          icon: "mt-1 shrink-0",
          success: "[&_[data-icon]]:text-good",
          error: "[&_[data-icon]]:text-bad",
        },
      }}
    />
  );
}
