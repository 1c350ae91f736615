// A managed stack: what it does in plain words, its settings as text, where it is used, and a clone to make one's own.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useWorkspace } from "../../api/workspace.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Section } from "../../ui/section.tsx";
import { Badge } from "../../ui/status.tsx";
import { AssignDialog } from "./assign-dialog.tsx";
import { Explanation } from "./explanation.tsx";
import { withoutDefaults, type PolicySchema } from "./policy-schema.ts";
import { writeText } from "./policy-text.ts";
import { Rehearsals } from "./rehearsals.tsx";
import { StackTrail } from "./stack-trail.tsx";
import { StackUsesSection } from "./stack-uses-section.tsx";
import type { Stack } from "./stacks-api.ts";

export function ManagedStack({ stack, schema }: { readonly stack: Stack; readonly schema: PolicySchema }) {
  const { id, may } = useWorkspace();
  const { try: tried } = useSearch({ from: "/signed-in/w/$workspaceId/stacks/$stack" });
  const navigate = useNavigate({ from: "/w/$workspaceId/stacks/$stack" });
  const [assigning, setAssigning] = useState(false);
  return (
    <>
      <PageHeader
        trail={<StackTrail />}
        title={stack.name}
        mark={<Badge>{`Managed, version ${stack.active_version}`}</Badge>}
        description={stack.description}
        actions={
          may("build") && (
            <>
              <Button onClick={() => setAssigning(true)}>Assign</Button>
              <ButtonLink
                look="primary"
                to="/w/$workspaceId/stacks"
                params={{ workspaceId: id }}
                search={{ dialog: "new", from: stack.slug }}
              >
                Clone to edit
              </ButtonLink>
            </>
          )
        }
      />
      <div className="flex flex-col gap-4">
        <Section title="What it does">
          <Explanation sentences={stack.explanation} />
        </Section>
        <Section title="Settings" description="What it says beyond the defaults.">
          <CodeBlock
            label={`Policy of ${stack.name}`}
            samples={[{ language: "JSON", code: writeText(withoutDefaults(stack.policy, schema)).trimEnd() }]}
          />
        </Section>
        <StackUsesSection slug={stack.slug} />
        <Rehearsals
          slug={stack.slug}
          policy={undefined}
          version="active"
          shown={tried ?? "dry-run"}
          onShown={(next) =>
            void navigate({
              search: (before) => ({ ...before, try: next === "dry-run" ? undefined : next }),
              replace: true,
            })
          }
        />
      </div>
      {assigning && <AssignDialog slug={stack.slug} name={stack.name} onClose={() => setAssigning(false)} />}
    </>
  );
}
