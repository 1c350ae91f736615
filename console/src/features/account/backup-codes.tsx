// Backup codes, shown this once.

import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Notice } from "../../ui/notice.tsx";

export function BackupCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const [kept, setKept] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="brass">Each opens your account once when the app is lost. They are shown this once.</Notice>
      <ul className="figures grid grid-cols-2 gap-x-4 gap-y-1 rounded-md border border-line-strong bg-sunken p-3 text-sm select-all">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div>
        <CopyButton text={codes.join("\n")} label="Copy the codes" words />
      </div>
      <Checkbox label="I have stored the codes" checked={kept} onChange={setKept} />
      <div className="flex justify-end">
        <Button look="primary" disabled={!kept} onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}
