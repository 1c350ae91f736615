// Creates a stack: a clone of another, or one with nothing but the defaults.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import type { Stack, StackHeadline } from "./stacks-api.ts";

export type CreateStackDialogProps = {
  /** Slug of the stack to clone. */
  readonly from: string | undefined;
  readonly stacks: readonly StackHeadline[];
  readonly onClose: () => void;
};

export function CreateStackDialog({ from, stacks, onClose }: CreateStackDialogProps) {
  const { path, id } = useWorkspace();
  const navigate = useNavigate();
  const [source, setSource] = useState(from);
  const original = stacks.find(({ slug }) => slug === source);
  const [typedName, setName] = useState<string>();
  const [typedSlug, setSlug] = useState<string>();
  const name = typedName ?? (original === undefined ? "" : `Our ${original.name.toLowerCase()}`);
  const slug = typedSlug ?? slugOf(name);
  const create = useChange(
    () => fetchApi<Stack>("POST", `${path}/stacks`, { body: { name, slug, ...(source && { clone_from: source }) } }),
    [`${path}/stacks`],
    (stack) => void navigate({ to: "/w/$workspaceId/stacks/$stack", params: { workspaceId: id, stack: stack.slug } }),
  );
  return (
    <Dialog open onClose={onClose} title="Create a stack" description="It starts as a draft: no request uses it yet.">
      <Form
        problem={create.problem}
        onSubmit={() => create.mutate(undefined)}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" pending={create.isPending}>
              Create the stack
            </Button>
          </>
        }
      >
        <Field label="Start from" name="clone_from" hint={original?.description}>
          <Combobox
            value={source}
            none="The defaults"
            placeholder="Find a stack"
            choices={stacks.map((stack) => ({ value: stack.slug, label: stack.name, detail: stack.slug }))}
            onValue={setSource}
          />
        </Field>
        <Field label="Name" name="name" required>
          <Input value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" />
        </Field>
        <Field label="Slug" name="slug" required hint="What requests call it. It stays as it is.">
          <Input figures value={slug} onChange={(event) => setSlug(event.target.value)} autoComplete="off" />
        </Field>
      </Form>
    </Dialog>
  );
}

/** Lower-case letters, digits and inner hyphens. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 63);
}
