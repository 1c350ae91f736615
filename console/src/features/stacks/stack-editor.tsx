// The editor of one's own stack: the policy as a form and as text, its versions, and what it would do.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useWorkspace } from "../../api/workspace.ts";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Section } from "../../ui/section.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { ConflictNotice } from "./conflict-notice.tsx";
import { EditorActions, type StackDialog } from "./editor-actions.tsx";
import { Explanation } from "./explanation.tsx";
import { LeaveGuard } from "./leave-guard.tsx";
import { PolicyEditor } from "./policy-editor.tsx";
import type { PolicySchema } from "./policy-schema.ts";
import { Rehearsals } from "./rehearsals.tsx";
import type { StackSearch } from "./routes.ts";
import { StackDialogs } from "./stack-dialogs.tsx";
import { StackMarks } from "./stack-marks.tsx";
import { StackTrail } from "./stack-trail.tsx";
import { StackUsesSection } from "./stack-uses-section.tsx";
import { useReview, type PolicyReview, type Stack } from "./stacks-api.ts";
import { useDraft, type Draft } from "./use-draft.ts";
import { useSave } from "./use-save.ts";
import { VersionsTab } from "./versions-tab.tsx";

export function StackEditor({ stack, schema }: { readonly stack: Stack; readonly schema: PolicySchema }) {
  const { may } = useWorkspace();
  const search = useSearch({ from: "/signed-in/w/$workspaceId/stacks/$stack" });
  const navigate = useNavigate({ from: "/w/$workspaceId/stacks/$stack" });
  const change = (next: StackSearch): void =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const [dialog, setDialog] = useState<StackDialog>();
  const mayEdit = may("build") && stack.status === "active";
  const save = useSave(stack);
  const draft = useDraft(save.saved.policy, schema);
  const review = useReview(draft.policy);
  const saveNow = (): void => save.run(draft.policy);
  return (
    <>
      <PageHeader
        trail={<StackTrail />}
        title={stack.name}
        mark={<StackMarks stack={stack} unsaved={mayEdit && draft.unsaved} />}
        description={stack.description === "" ? undefined : stack.description}
        actions={
          may("build") ? (
            <EditorActions {...{ stack, draft, save, review }} onSave={saveNow} onDialog={setDialog} />
          ) : undefined
        }
      />
      <div className="flex flex-col gap-4">
        {stack.status === "archived" && (
          <Notice title="This stack is archived">
            Requests that name it fail. Restore it to change it or to use it again.
          </Notice>
        )}
        <ConflictNotice save={save} draft={draft} />
        <StackTabs {...{ stack, draft, schema, review, search, mayEdit }} onSearch={change} />
        {(search.tab ?? "policy") === "policy" && (
          <Rehearsals
            slug={stack.slug}
            policy={draft.policy}
            version="draft"
            shown={search.try ?? "dry-run"}
            onShown={(next) => change({ try: next === "dry-run" ? undefined : next })}
          />
        )}
      </div>
      <StackDialogs {...{ stack, dialog }} revision={save.saved.revision} onClose={() => setDialog(undefined)} />
      <LeaveGuard unsaved={mayEdit && draft.unsaved} />
    </>
  );
}

type StackTabsProps = {
  readonly stack: Stack;
  readonly draft: Draft;
  readonly schema: PolicySchema;
  readonly review: PolicyReview | undefined;
  readonly search: StackSearch;
  readonly onSearch: (search: StackSearch) => void;
  readonly mayEdit: boolean;
};

function StackTabs({ stack, draft, schema, review, search, onSearch, mayEdit }: StackTabsProps) {
  return (
    <Tabs
      label="Views of the stack"
      value={search.tab ?? "policy"}
      onValue={(tab) => onSearch({ tab: tab === "policy" ? undefined : tab })}
      tabs={[
        {
          value: "policy",
          label: "Policy",
          content: <PolicyEditor {...{ draft, schema, review }} readOnly={!mayEdit} />,
        },
        {
          value: "words",
          label: "In plain words",
          content: (
            <Section>
              <Explanation sentences={review?.explanation ?? stack.explanation} />
            </Section>
          ),
        },
        {
          value: "versions",
          label: "Versions",
          content: <VersionsTab {...{ stack, search, mayEdit }} onSearch={onSearch} />,
        },
        { value: "uses", label: "Used by", content: <StackUsesSection slug={stack.slug} /> },
      ]}
    />
  );
}
