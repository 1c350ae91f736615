// What operators decide for the whole server while it runs, and what its environment says.

import type { ShownInstanceSettings } from "../../../../server/contracts/control-operator.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange, useItem } from "../../api/item.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { KeyValue } from "../../ui/key-value.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Section } from "../../ui/section.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { Switch } from "../../ui/switch.tsx";
import { toast } from "../../ui/toast.tsx";

const path = "/api/operator/settings";
type Changes = Partial<Pick<ShownInstanceSettings, "access_review" | "workspace_creation">>;

export function InstanceSettingsPage() {
  const { item, error, retry } = useItem<ShownInstanceSettings>(path);
  const save = useChange(
    (body: Changes) => fetchApi<ShownInstanceSettings>("PATCH", path, { body }),
    [path],
    () => toast.done("The setting is saved."),
  );
  if (item === undefined && error !== undefined) return <ErrorState error={error} onRetry={retry} />;
  if (item === undefined) return <PageSkeleton />;
  return (
    <>
      <PageHeader title="Instance settings" description="For the whole server, from the next step on." />
      <div className="flex max-w-3xl flex-col gap-6">
        {save.problem !== undefined && (
          <Notice tone="bad" role="alert">
            {save.problem.message}
          </Notice>
        )}
        <Section title="Workspaces">
          <div className="flex flex-col gap-3">
            <Switch
              label="Review access"
              hint="Workspaces that people make wait for an operator's approval before their keys work. Those that wait now go on waiting when you turn it off."
              checked={item.access_review}
              disabled={save.isPending}
              onChange={(on) => save.mutate({ access_review: on })}
            />
            <Switch
              label="Anyone makes workspaces"
              hint="Off: only operators do, and people join by invitation."
              checked={item.workspace_creation === "anyone"}
              disabled={save.isPending}
              onChange={(on) => save.mutate({ workspace_creation: on ? "anyone" : "operators" })}
            />
          </div>
        </Section>
        <Section title="From the environment" description="Change these where the server is started.">
          <KeyValue
            facts={[
              { name: "Public address", value: <span className="figures">{item.public_url}</span> },
              { name: "Sign-up", value: item.sign_up },
              { name: "Mail", value: item.mail ? "Sent by SMTP" : "Not set up: links are shown, not sent" },
            ]}
          />
        </Section>
      </div>
    </>
  );
}
