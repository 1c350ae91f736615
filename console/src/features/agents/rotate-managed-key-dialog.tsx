// Gives an agent's gateway key a new secret, and the agent with it.

import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import type { ManagedKey } from "./blueprint.ts";
import { deploymentsPath } from "./deployment.ts";

export type RotateManagedKeyDialogProps = {
  /** Of the workspace's gateway keys. */
  readonly path: string;
  readonly managed: Pick<ManagedKey, "key_id" | "kind" | "name">;
  readonly onClose: () => void;
};

export function RotateManagedKeyDialog({ path, managed, onClose }: RotateManagedKeyDialogProps) {
  const deployed = managed.kind === "deployment";
  const rotate = useChange(
    () => fetchApi<unknown>("POST", `${path}/${managed.key_id}/rotate`, { body: {} }),
    [path, deploymentsPath],
    () => {
      toast.done(deployed ? "A new revision brings the agent its new key." : "The key is rotated.");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      danger={false}
      title={`Rotate the gateway key of “${managed.name}”?`}
      verb="Rotate the key"
      onConfirm={() => rotate.mutate(undefined)}
      pending={rotate.isPending}
      problem={rotate.problem}
    >
      <p>
        {deployed ? "A new revision is rolled out with the new secret." : "The next ast dev gets the new secret."} The
        old one goes on working for an hour.
      </p>
    </ConfirmDialog>
  );
}
