// A secret that is shown this once: select it, copy it, and say that it is kept before it goes.

import { useState } from "react";
import { Button } from "./button.tsx";
import { Checkbox } from "./checkbox.tsx";
import { useCopy } from "./copy-button.tsx";
import { Notice } from "./notice.tsx";

export type SecretOnceProps = {
  readonly secret: string;
  /** What it is, as in `key`. */
  readonly kind: string;
  /** When the reader is done with it. */
  readonly onDone: () => void;
  readonly doneLabel?: string;
};

export function SecretOnce({ secret, kind, onDone, doneLabel = "Done" }: SecretOnceProps) {
  const { copied, copy } = useCopy(secret);
  const [kept, setKept] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="brass">
        This {kind} is shown once. Store it where your secrets live; it cannot be read again.
      </Notice>
      <div className="flex items-stretch gap-2">
        <code
          data-secret
          className="figures min-w-0 flex-1 rounded-md border border-line-strong bg-sunken px-3 py-2 text-sm break-all select-all"
        >
          {secret}
        </code>
        <Button
          look="primary"
          className="h-auto"
          onClick={() => {
            copy();
            setKept(true);
          }}
        >
          {copied ? "Copied" : "Copy"}
        </Button>
      </div>
      <Checkbox label={`I have stored the ${kind}`} checked={kept} onChange={setKept} />
      <div className="flex justify-end">
        <Button look="primary" disabled={!kept} onClick={onDone}>
          {doneLabel}
        </Button>
      </div>
    </div>
  );
}
