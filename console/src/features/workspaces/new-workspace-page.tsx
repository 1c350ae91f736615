// Makes a workspace, of which its maker is the owner.

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { meQuery } from "../../api/me.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Card } from "../../ui/section.tsx";

export function NewWorkspacePage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const create = useChange(
    () => fetchApi<{ readonly id: string }>("POST", "/api/workspaces", { body: { name: name.trim() } }),
    [],
    ({ id }) => {
      void client
        .invalidateQueries(meQuery)
        .then(() => navigate({ to: "/w/$workspaceId", params: { workspaceId: id } }));
    },
  );
  return (
    <>
      <PageHeader
        title="New workspace"
        description="With its own keys, stacks, credits and members. You are its owner."
      />
      <Card className="max-w-md">
        <Form
          problem={create.problem}
          onSubmit={() => create.mutate(undefined)}
          actions={
            <Button type="submit" look="primary" pending={create.isPending} disabled={name.trim() === ""}>
              Create the workspace
            </Button>
          }
        >
          <Field label="Name" name="name" required>
            <Input value={name} maxLength={100} autoFocus onChange={(event) => setName(event.target.value)} />
          </Field>
        </Form>
      </Card>
    </>
  );
}
