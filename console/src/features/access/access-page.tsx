// Access review from the side of a workspace: the request, how it stands, and what the operator said.

import { useState } from "react";
import type { ShownAccessRequest, ShownWorkspaceAccess } from "../../../../server/contracts/control-members.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange, useItem } from "../../api/item.ts";
import { useMe } from "../../api/me.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { KeyValue } from "../../ui/key-value.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Card, Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { Time } from "../../ui/time.tsx";

const watchMs = 15_000;

export function AccessPage() {
  const { path, id } = useWorkspace();
  const { item, error, retry } = useItem<ShownWorkspaceAccess>(`${path}/access`, {}, { refreshMs: watchMs });
  return (
    <>
      <PageHeader
        title="Access"
        description="Operators of this server look at new workspaces before their keys work."
      />
      <div className="flex max-w-2xl flex-col gap-6">
        {error !== undefined && item === undefined ? (
          <ErrorState error={error} onRetry={retry} />
        ) : item === undefined ? (
          <Skeleton className="h-48 w-full" />
        ) : item.pending ? (
          <Waiting request={item.request} />
        ) : (
          <Card>
            <EmptyState
              title="This workspace is open"
              action={
                <ButtonLink to="/w/$workspaceId" params={{ workspaceId: id }} look="primary">
                  Go to the overview
                </ButtonLink>
              }
            >
              {item.request?.note}
            </EmptyState>
          </Card>
        )}
      </div>
    </>
  );
}

function Waiting({ request }: { readonly request: ShownAccessRequest | null }) {
  const { may } = useWorkspace();
  if (request?.status === "pending") return <Pending request={request} />;
  return (
    <>
      {request?.status === "declined" && (
        <Notice tone="bad" title="The last request was declined">
          {request.note === "" ? "You can send another one." : request.note}
        </Notice>
      )}
      {may("own") ? (
        <RequestForm last={request} />
      ) : (
        <Card>
          <EmptyState title="An owner asks for access">
            Ask an owner of this workspace to complete the access request.
          </EmptyState>
        </Card>
      )}
    </>
  );
}

function Pending({ request }: { readonly request: ShownAccessRequest }) {
  return (
    <>
      <Notice tone="brass" title="Your request is with the operators">
        This page shows their answer as soon as there is one. Where mail is set up, {request.email} is told too.
      </Notice>
      <Section title="What you sent">
        <KeyValue
          facts={[
            { name: "Name", value: request.name },
            { name: "Company", value: request.company },
            { name: "Use", value: <span className="whitespace-pre-wrap">{request.use}</span> },
            { name: "Expected monthly volume", value: request.expected_monthly_volume },
            { name: "Sent", value: <Time at={request.created_at} /> },
          ]}
        />
      </Section>
    </>
  );
}

/** @param last what was sent before, to begin with. */
function RequestForm({ last }: { readonly last: ShownAccessRequest | null }) {
  const { path } = useWorkspace();
  const me = useMe();
  const [name, setName] = useState(last?.name ?? me.name);
  const [company, setCompany] = useState(last?.company ?? "");
  const [use, setUse] = useState(last?.use ?? "");
  const [volume, setVolume] = useState(last?.expected_monthly_volume ?? "");
  const send = useChange(() => {
    const body = { name, company, use, expected_monthly_volume: volume };
    return fetchApi<ShownAccessRequest>("POST", `${path}/access`, { body });
  }, [`${path}/access`]);
  const complete = [name, company, use, volume].every((text) => text.trim() !== "");
  return (
    <Section title="Request access" description="Four answers; somebody reads them.">
      <Form
        problem={send.problem}
        onSubmit={() => send.mutate(undefined)}
        actions={
          <Button type="submit" look="primary" pending={send.isPending} disabled={!complete}>
            Send the request
          </Button>
        }
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Your name" name="name" required>
            <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label="Company" name="company" required>
            <Input value={company} maxLength={200} onChange={(event) => setCompany(event.target.value)} />
          </Field>
        </div>
        <Field label="What do you want to use the models for?" name="use" required>
          <Textarea value={use} maxLength={2000} onChange={(event) => setUse(event.target.value)} />
        </Field>
        <Field
          label="Expected monthly volume"
          name="expected_monthly_volume"
          required
          hint="In requests, tokens or money, as you know it."
        >
          <Input value={volume} maxLength={200} onChange={(event) => setVolume(event.target.value)} />
        </Field>
      </Form>
    </Section>
  );
}
