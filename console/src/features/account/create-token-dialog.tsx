// Creates an access token, then shows its secret once.

import { useState } from "react";
import type { z } from "zod";
import type {
  createAccessTokenSchema,
  createdAccessTokenSchema,
} from "../../../../server/contracts/control-access-tokens.ts";
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

const spans = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
] as const;
const everywhere = "";

export function CreateTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const { workspaces } = useMe();
  const [name, setName] = useState("");
  const [days, setDays] = useState<(typeof spans)[number]["value"]>("90");
  const [workspace, setWorkspace] = useState(everywhere);
  const [readOnly, setReadOnly] = useState(false);
  const create = useOwnChange((body: z.input<typeof createAccessTokenSchema>) =>
    fetchApi<Created>("POST", accountPaths.tokens, { body }),
  );
  const secret = create.data?.secret;
  const submit = (): void =>
    create.mutate({
      name: name.trim(),
      expires_in_days: Number(days),
      workspace: workspace === everywhere ? null : workspace,
      read_only: readOnly,
    });
  if (secret !== undefined) {
    return (
      <Dialog open onClose={onClose} keepOpen title={`Store the token “${create.data?.name ?? ""}”`}>
        <SecretOnce secret={secret} kind="token" onDone={onClose} />
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
      <Form
        problem={create.problem}
        onSubmit={submit}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" pending={create.isPending} disabled={name.trim() === ""}>
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
    </Dialog>
  );
}
