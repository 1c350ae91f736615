// Creates an access token, then shows its secret once.

import { useState } from "react";
import type { z } from "zod";
import type {
  createAccessTokenSchema,
  createdAccessTokenSchema,
} from "../../../../server/contracts/control-access-tokens.ts";
import type { ApiError } from "../../api/api-error.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useMe } from "../../api/me.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { SecretOnce } from "../../ui/secret-once.tsx";
import { Select } from "../../ui/select.tsx";
import { accountPaths, useOwnChange } from "./own-change.ts";

type Created = z.output<typeof createdAccessTokenSchema>;
type Wanted = z.input<typeof createAccessTokenSchema>;

const spans = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
] as const;
const everywhere = "";

export function CreateTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const create = useOwnChange((body: Wanted) => fetchApi<Created>("POST", accountPaths.tokens, { body }));
  if (create.data !== undefined) {
    return (
      <Dialog open onClose={onClose} keepOpen title={`Store the token “${create.data.name}”`}>
        <SecretOnce secret={create.data.secret} kind="token" onDone={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create an access token"
      description="It may do what you may do at the time, but nothing for operators, and nothing to your account."
    >
      <TokenForm problem={create.problem} pending={create.isPending} onCreate={create.mutate} onCancel={onClose} />
    </Dialog>
  );
}

type TokenFormProps = {
  readonly problem: ApiError | undefined;
  readonly pending: boolean;
  readonly onCreate: (wanted: Wanted) => void;
  readonly onCancel: () => void;
};

function TokenForm({ problem, pending, onCreate, onCancel }: TokenFormProps) {
  const { workspaces } = useMe();
  const [name, setName] = useState("");
  const [days, setDays] = useState<(typeof spans)[number]["value"]>("90");
  const [workspace, setWorkspace] = useState(everywhere);
  const [readOnly, setReadOnly] = useState(false);
  const wanted = {
    name: name.trim(),
    expires_in_days: Number(days),
    workspace: workspace === everywhere ? null : workspace,
    read_only: readOnly,
  };
  return (
    <Form
      problem={problem}
      onSubmit={() => onCreate(wanted)}
      actions={
        <>
          <Button onClick={onCancel}>Cancel</Button>
          <Button type="submit" look="primary" pending={pending} disabled={wanted.name === ""}>
            Create the token
          </Button>
        </>
      }
    >
      <Field label="Name" name="name" required hint="What uses it, such as a workflow or a script.">
        <Input maxLength={60} value={name} onChange={(event) => setName(event.target.value)} autoFocus />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Ends after" name="expires_in_days">
          <Select value={days} choices={spans} onValue={setDays} />
        </Field>
        <Field label="Counts in" name="workspace">
          <Select
            value={workspace}
            choices={[
              { value: everywhere, label: "All your workspaces" },
              ...workspaces.map(({ id, name: label }) => ({ value: id, label })),
            ]}
            onValue={setWorkspace}
          />
        </Field>
      </div>
      <Checkbox
        label="Only reads"
        hint="It can look at everything that you can, and change nothing."
        checked={readOnly}
        onChange={setReadOnly}
      />
    </Form>
  );
}
