// What is done with a webhook endpoint: rotate its secret, try it out, delete it.

import type { z } from "zod";
import type { webhookWithSecretSchema } from "../../../../server/contracts/control-webhooks.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SecretOnce } from "../../ui/secret-once.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Webhook } from "./webhook-columns.tsx";

export type WebhookWithSecret = z.output<typeof webhookWithSecretSchema>;
type ActProps = { readonly webhook: Webhook; readonly onClose: () => void };

export function RotateSecretDialog({ webhook, onClose }: ActProps) {
  const { path } = useWorkspace();
  const rotate = useChange(
    () => fetchApi<WebhookWithSecret>("POST", `${path}/webhooks/${webhook.id}/rotate-secret`, { body: {} }),
    [`${path}/webhooks`],
  );
  if (rotate.data !== undefined) {
    return (
      <Dialog open keepOpen onClose={onClose} title="Store the new secret">
        <SecretOnce secret={rotate.data.secret} kind="secret" onDone={onClose} />
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Rotate the signing secret?"
      verb="Rotate the secret"
      danger={false}
      onConfirm={() => rotate.mutate(undefined)}
      pending={rotate.isPending}
      problem={rotate.problem}
    >
      <p>You get a new one. For a day the old one signs too, so that the receiver can change over.</p>
    </ConfirmDialog>
  );
}

export function TestWebhookDialog({ webhook, onClose }: ActProps) {
  const { path } = useWorkspace();
  const send = useChange(
    () => fetchApi("POST", `${path}/webhooks/${webhook.id}/test`, { body: {} }),
    [`${path}/webhooks`],
    () => {
      toast.done("The test event is on its way. Its delivery shows what came of it.");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Send a test event?"
      verb="Send it"
      danger={false}
      onConfirm={() => send.mutate(undefined)}
      pending={send.isPending}
      problem={send.problem}
    >
      <p>
        A <code className="figures">webhook.test</code> event is sent to{" "}
        <span className="break-all">{webhook.url}</span>.
      </p>
    </ConfirmDialog>
  );
}

export function DeleteWebhookDialog({ webhook, onClose }: ActProps) {
  const { path } = useWorkspace();
  const remove = useChange(
    () => fetchApi("DELETE", `${path}/webhooks/${webhook.id}`, { body: {} }),
    [`${path}/webhooks`],
    () => {
      toast.done("The endpoint is deleted.");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Delete this endpoint?"
      verb="Delete the endpoint"
      onConfirm={() => remove.mutate(undefined)}
      pending={remove.isPending}
      problem={remove.problem}
    >
      <p>
        Nothing is sent to <span className="break-all">{webhook.url}</span> any more, and its deliveries go with it.
      </p>
    </ConfirmDialog>
  );
}
