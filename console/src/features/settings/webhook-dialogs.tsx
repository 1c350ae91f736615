// Adds a webhook endpoint, and changes one.

import { useState } from "react";
import type { EventType } from "../../../../server/contracts/events.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form } from "../../ui/form.tsx";
import { SecretOnce } from "../../ui/secret-once.tsx";
import { Switch } from "../../ui/switch.tsx";
import { toast } from "../../ui/toast.tsx";
import type { WebhookWithSecret } from "./webhook-acts.tsx";
import type { Webhook } from "./webhook-columns.tsx";
import { WebhookFields } from "./webhook-fields.tsx";

export function CreateWebhookDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { path } = useWorkspace();
  const [url, setUrl] = useState("");
  const [types, setTypes] = useState<readonly EventType[]>([]);
  const create = useChange(
    () => fetchApi<WebhookWithSecret>("POST", `${path}/webhooks`, { body: { url: url.trim(), event_types: types } }),
    [`${path}/webhooks`],
  );
  const close = (): void => {
    setUrl("");
    setTypes([]);
    // The secret leaves the page's memory with the dialog.
    create.reset();
    onClose();
  };
  const secret = create.data?.secret;
  return (
    <Dialog
      open={open}
      onClose={close}
      keepOpen={secret !== undefined}
      title={secret === undefined ? "Add an endpoint" : "Store the signing secret"}
    >
      {secret !== undefined ? (
        <SecretOnce secret={secret} kind="secret" onDone={close} />
      ) : (
        <Form
          problem={create.problem}
          onSubmit={() => create.mutate(undefined)}
          actions={
            <>
              <Button onClick={close}>Cancel</Button>
              <Button type="submit" look="primary" pending={create.isPending}>
                Add the endpoint
              </Button>
            </>
          }
        >
          <WebhookFields url={url} onUrl={setUrl} types={types} onTypes={setTypes} />
        </Form>
      )}
    </Dialog>
  );
}

/** Mount it anew for each endpoint. */
export function EditWebhookDialog({ webhook, onClose }: { readonly webhook: Webhook; readonly onClose: () => void }) {
  const { path } = useWorkspace();
  const [url, setUrl] = useState(webhook.url);
  const [types, setTypes] = useState<readonly EventType[]>(webhook.event_types);
  const [enabled, setEnabled] = useState(webhook.status === "enabled");
  const save = useChange(
    () =>
      fetchApi<Webhook>("PATCH", `${path}/webhooks/${webhook.id}`, {
        body: { url: url.trim(), event_types: types, status: enabled ? "enabled" : "disabled" },
      }),
    [`${path}/webhooks`],
    () => {
      toast.done("The endpoint is changed.");
      onClose();
    },
  );
  return (
    <Dialog open onClose={onClose} title="Edit the endpoint">
      <Form
        problem={save.problem}
        onSubmit={() => save.mutate(undefined)}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" pending={save.isPending}>
              Save
            </Button>
          </>
        }
      >
        <WebhookFields url={url} onUrl={setUrl} types={types} onTypes={setTypes} />
        <Switch
          label="Enabled"
          hint="Disabling gives up what is still to be delivered."
          checked={enabled}
          onChange={setEnabled}
        />
      </Form>
    </Dialog>
  );
}
