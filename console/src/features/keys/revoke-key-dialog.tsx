// Revokes a key, for good and at once.

import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import type { ApiKey } from "./key.ts";

export function RevokeKeyDialog({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { path } = useWorkspace();
  const revoke = useChange(
    () => fetchApi<ApiKey>("POST", `${path}/keys/${apiKey.id}/revoke`, { body: {} }),
    [`${path}/keys`],
    () => {
      toast.done(`“${apiKey.name}” is revoked.`);
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Revoke “${apiKey.name}”?`}
      verb="Revoke the key"
      onConfirm={() => revoke.mutate(undefined)}
      pending={revoke.isPending}
      problem={revoke.problem}
    >
      <p>
        Requests with <code className="text-sm">{apiKey.prefix}…</code> are refused with 401 from now on. This cannot be
        taken back.
      </p>
      {apiKey.purpose === "deployment" && (
        <p>
          The agent goes on running and gets no answers any more, until it is deployed again: then it gets another key.
        </p>
      )}
      {apiKey.purpose === "development" && (
        <p>
          {apiKey.managed?.user ?? "Its person"} gets another key with the next <code>ast dev</code>.
        </p>
      )}
    </ConfirmDialog>
  );
}
