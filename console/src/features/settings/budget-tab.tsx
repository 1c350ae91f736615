// What a workspace's requests may cost, and how much of that is spent.

import { useWorkspace } from "../../api/workspace.ts";
import { BudgetForm } from "./budget-form.tsx";
import { BudgetUse } from "./budget-use.tsx";
import type { Workspace } from "./workspace-facts.ts";

export function BudgetTab({ workspace }: { readonly workspace: Workspace }) {
  const { may } = useWorkspace();
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <BudgetUse />
      <BudgetForm workspace={workspace} editable={may("administer")} />
    </div>
  );
}
