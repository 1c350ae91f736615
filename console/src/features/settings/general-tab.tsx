// A workspace's name, slug and default stack, its id, and the end of it.

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useList } from "../../api/list.ts";
import { meQuery } from "../../api/me.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Id } from "../../ui/id.tsx";
import { Input } from "../../ui/input.tsx";
import { KeyValue } from "../../ui/key-value.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { changeWorkspace, type Workspace } from "./workspace-facts.ts";

type StackChoice = { readonly slug: string; readonly name: string; readonly status: string };

export function GeneralTab({ workspace }: { readonly workspace: Workspace }) {
  const { may } = useWorkspace();
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <NameAndStack
        key={`${workspace.name} ${workspace.slug} ${workspace.stack}`}
        workspace={workspace}
        editable={may("administer")}
      />
      <Section title="Identity">
        <KeyValue
          facts={[
            { name: "Workspace id", value: <Id id={workspace.id} of="workspace" full /> },
            { name: "Made", value: <Time at={workspace.created_at} exact /> },
          ]}
        />
      </Section>
      {may("own") && workspace.status !== "suspended" && <ArchiveSection workspace={workspace} />}
    </div>
  );
}

type NameAndStackProps = { readonly workspace: Workspace; readonly editable: boolean };

function NameAndStack({ workspace, editable }: NameAndStackProps) {
  const { path } = useWorkspace();
  const client = useQueryClient();
  const [name, setName] = useState(workspace.name);
  const [slug, setSlug] = useState(workspace.slug);
  const [stack, setStack] = useState(workspace.stack ?? undefined);
  const stacks = useList<StackChoice>(`${path}/stacks`, { limit: 200 });
  const newSlug = slug.trim() !== workspace.slug;
  const changed = name.trim() !== workspace.name || newSlug || (stack ?? null) !== workspace.stack;
  const save = useChange(
    () => changeWorkspace(path, { name: name.trim(), ...(newSlug && { slug: slug.trim() }), stack: stack ?? null }),
    [path],
    () => {
      toast.done("The settings are saved.");
      void client.invalidateQueries(meQuery);
    },
  );
  return (
    <Section title="Name and default stack">
      <Form
        problem={save.problem}
        onSubmit={() => save.mutate(undefined)}
        actions={
          editable && (
            <Button type="submit" look="primary" pending={save.isPending} disabled={!changed}>
              Save
            </Button>
          )
        }
      >
        <Field label="Name" name="name" required>
          <Input value={name} maxLength={100} disabled={!editable} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field
          label="Slug"
          name="slug"
          required
          hint="Its name for agents: with ast, in paths and in image names. Whatever uses the old one has to be changed."
        >
          <Input value={slug} maxLength={39} disabled={!editable} onChange={(event) => setSlug(event.target.value)} />
        </Field>
        <Field label="Default stack" name="stack" hint="For requests of keys that name no stack of their own.">
          <Combobox
            value={stack}
            none="default-optimizer, the managed default"
            placeholder="Find a stack"
            disabled={!editable}
            choices={(stacks.items ?? [])
              .filter(({ status }) => status === "active")
              .map((choice) => ({ value: choice.slug, label: choice.name, detail: choice.slug }))}
            onValue={setStack}
          />
        </Field>
      </Form>
    </Section>
  );
}

function ArchiveSection({ workspace }: { readonly workspace: Workspace }) {
  const { path } = useWorkspace();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const archive = useChange(
    () => fetchApi<Workspace>("POST", `${path}/archive`, { body: {} }),
    [path],
    () => {
      toast.done("The workspace is archived.");
      setAsking(false);
      void client.invalidateQueries(meQuery);
    },
  );
  return (
    <Section title="Archive">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-[60ch] text-base text-muted">
          Its keys stop working and its records stay readable. Only an operator of this server can bring it back.
        </p>
        <Button look="danger" onClick={() => setAsking(true)}>
          Archive the workspace
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Archive ${workspace.name}?`}
        verb="Archive the workspace"
        word={workspace.name}
        onConfirm={() => archive.mutate(undefined)}
        pending={archive.isPending}
        problem={archive.problem}
      >
        <p>Requests with its keys are refused with 403 from now on. Its credits stay in its ledger.</p>
      </ConfirmDialog>
    </Section>
  );
}
