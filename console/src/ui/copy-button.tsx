// Copies a text, and says that it did.

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";
import { toast } from "./toast.tsx";

const shownMs = 1_600;

/** Whether the copy was made a moment ago, and the act. */
export function useCopy(text: string): { readonly copied: boolean; readonly copy: () => void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      toast.problem("The browser did not allow the copy. Select the text and copy it by hand.");
    }
  };
  return { copied, copy: () => void copy() };
}

export type CopyButtonProps = {
  readonly text: string;
  /** What is copied, as in `Copy the request id`. */
  readonly label: string;
  /** A button with words instead of an icon. */
  readonly words?: boolean;
};

export function CopyButton({ text, label, words = false }: CopyButtonProps) {
  const { copied, copy } = useCopy(text);
  const icon = copied ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />;
  if (words) {
    return (
      <Button onClick={copy} icon={icon} size="small">
        {copied ? "Copied" : label}
      </Button>
    );
  }
  return (
    <>
      <IconButton label={label} icon={icon} size="small" onClick={copy} />
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}
