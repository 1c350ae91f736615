// Gives a key a new secret, shown once, while the old one goes on working for as long as its programs need.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SecretOnce } from "../../ui/secret-once.tsx";
import { Select } from "../../ui/select.tsx";
import { Time } from "../../ui/time.tsx";
import type { ApiKey, CreatedApiKey } from "./key.ts";

const overlaps = [
  { value: "0", label: "Not at all: it ends now" },
  { value: "60", label: "For an hour" },
  { value: "1440", label: "For a day" },
  { value: "10080", label: "For a week" },
  { value: "43200", label: "For 30 days" },
] as const;

type Overlap = (typeof overlaps)[number]["value"];

/** Mount it anew for each key. */
export function RotateKeyDialog({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { path } = useWorkspace();
  const [overlap, setOverlap] = useState<Overlap>("1440");
  const rotate = useChange(
    () =>
      fetchApi<CreatedApiKey>("POST", `${path}/keys/${apiKey.id}/rotate`, {
        body: { overlap_minutes: Number(overlap) },
      }),
    [`${path}/keys`],
  );
  const rotated = rotate.data;
  if (rotated !== undefined) {
    return (
      <Dialog open keepOpen onClose={onClose} title={`Store the new secret of “${apiKey.name}”`}>
        <div className="flex flex-col gap-4">
          <SecretOnce secret={rotated.secret} kind="key" onDone={onClose} />
          {rotated.previous !== null && (
            <p className="text-base text-muted">
              <span className="figures text-sm">{rotated.previous.prefix}…</span> goes on working until{" "}
              <Time at={rotated.previous.ends_at} exact />.
            </p>
          )}
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={`Rotate “${apiKey.name}”`} width="small">
      <Form
        problem={rotate.problem}
        onSubmit={() => rotate.mutate(undefined)}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" pending={rotate.isPending}>
              Make the new secret
            </Button>
          </>
        }
      >
        <p className="text-base text-muted">
          The key keeps its id, its limits and what it has spent. Only its secret is another.
        </p>
        {apiKey.previous !== null && (
          <Notice tone="brass">
            <span className="figures text-sm">{apiKey.previous.prefix}…</span>, from the rotation before, still works.
            It ends now.
          </Notice>
        )}
        <Field label="The old secret goes on working" name="overlap_minutes">
          <Select value={overlap} choices={overlaps} onValue={setOverlap} />
        </Field>
      </Form>
    </Dialog>
  );
}
