// Opens the playground again after its key was revoked.

import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import type { ApiKey } from "./key.ts";

export function RenewPlaygroundDialog({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { path } = useWorkspace();
  const renew = useChange(
    () => fetchApi<ApiKey>("POST", `${path}/playground-key`, { body: { mode: apiKey.mode } }),
    [`${path}/keys`],
    () => {
      toast.done("The playground is open again.");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Open the playground again?"
      verb="Renew the key"
      danger={false}
      onConfirm={() => renew.mutate(undefined)}
      pending={renew.isPending}
      problem={renew.problem}
    >
      <p>A new {apiKey.mode} key is made for it. Owners, admins and developers can run requests there again.</p>
    </ConfirmDialog>
  );
}
