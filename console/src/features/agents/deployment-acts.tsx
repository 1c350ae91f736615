// What can be done with a deployment: open it, pause and wake it, start its agent anew, take it away.

import { useNavigate } from "@tanstack/react-router";
import { Ellipsis, ExternalLink } from "lucide-react";
import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button, ButtonAnchor } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { accountPath } from "./blueprint.ts";
import { deploymentPath, deploymentsPath, isThere, type Deployment } from "./deployment.ts";
import { RotateManagedKeyDialog } from "./rotate-managed-key-dialog.tsx";

type Asked = "rotate" | "remove";

export function DeploymentActs({ deployment }: { readonly deployment: Deployment }) {
  const { id: workspaceId, may } = useWorkspace();
  const [asked, setAsked] = useState<Asked>();
  const path = deploymentPath(deployment.id);
  const act = useChange(
    (verb: string) => fetchApi<unknown>("POST", `${path}/${verb}`, { body: {} }),
    [deploymentsPath],
    (_, verb) => toast.done(doneWords[verb] ?? "The agent is being started anew."),
  );
  const run = (verb: string): void => act.mutate(verb, { onError: toast.failure });
  const agent = deployment.workloads.find(({ component }) => component === "agent");
  const address = deployment.external_urls.find(({ type }) => type === "frontend");
  const mayChange = may("build") && isThere(deployment.status);
  return (
    <>
      {address?.ready && (
        <ButtonAnchor href={address.url} target="_blank" rel="noreferrer" icon={<ExternalLink aria-hidden />}>
          Open the agent
        </ButtonAnchor>
      )}
      {mayChange && (deployment.status === "stopped" || deployment.status === "scaled_down") && (
        <Button look="primary" pending={act.isPending} onClick={() => run("wakeup")}>
          Wake it
        </Button>
      )}
      {mayChange && (
        <Menu trigger={<IconButton label={`Acts on ${deployment.display_name}`} icon={<Ellipsis aria-hidden />} />}>
          {deployment.status === "active" && <MenuItem onSelect={() => run("stop")}>Pause</MenuItem>}
          <MenuItem onSelect={() => run("redeploy")}>Redeploy the newest build</MenuItem>
          {agent !== undefined && agent.pod_name !== "" && (
            <MenuItem onSelect={() => run(`pods/${encodeURIComponent(agent.pod_name)}/restart`)}>
              Restart the agent
            </MenuItem>
          )}
          {deployment.gateway_key !== null && (
            <MenuItem onSelect={() => setAsked("rotate")}>Rotate the gateway key</MenuItem>
          )}
          <MenuSeparator />
          <MenuItem danger onSelect={() => setAsked("remove")}>
            Undeploy
          </MenuItem>
        </Menu>
      )}
      {asked === "rotate" && deployment.gateway_key !== null && (
        <RotateManagedKeyDialog
          path={`${accountPath(workspaceId)}/ai-gateway-keys`}
          managed={{ key_id: deployment.gateway_key.id, kind: "deployment", name: deployment.display_name }}
          onClose={() => setAsked(undefined)}
        />
      )}
      {asked === "remove" && <UndeployDialog deployment={deployment} onClose={() => setAsked(undefined)} />}
    </>
  );
}

const doneWords: Readonly<Record<string, string>> = {
  stop: "The agent is paused.",
  wakeup: "The agent is being woken.",
  redeploy: "A new revision is on its way.",
};

type DialogProps = { readonly deployment: Deployment; readonly onClose: () => void };

function UndeployDialog({ deployment, onClose }: DialogProps) {
  const { id: workspaceId } = useWorkspace();
  const navigate = useNavigate();
  const remove = useChange(
    () => fetchApi<unknown>("POST", "/api/v1/undeploy", { body: { deployment_id: deployment.id } }),
    [deploymentsPath],
    () => {
      toast.done(`“${deployment.display_name}” is being removed.`);
      void navigate({ to: "/w/$workspaceId/agents", params: { workspaceId } });
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Undeploy “${deployment.display_name}”?`}
      verb="Undeploy"
      word={deployment.display_name}
      onConfirm={() => remove.mutate(undefined)}
      pending={remove.isPending}
      problem={remove.problem}
    >
      <p>
        Its containers and what they stored are deleted, and its gateway key stops working at once. The blueprint stays.
      </p>
    </ConfirmDialog>
  );
}
