// What a workspace's requests may cost, how much of that is spent, and the balance below which it is told.

import { useWorkspace } from "../../api/workspace.ts";
import { AlertSection } from "./alert-section.tsx";
import { BudgetForm } from "./budget-form.tsx";
import { BudgetUse } from "./budget-use.tsx";
import type { Workspace } from "./workspace-facts.ts";

export function BudgetTab({ workspace }: { readonly workspace: Workspace }) {
  const { may } = useWorkspace();
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <BudgetUse />
      <BudgetForm workspace={workspace} editable={may("administer")} />
      <AlertSection editable={may("pay")} />
    </div>
  );
}
