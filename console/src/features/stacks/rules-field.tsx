// The rules of a policy in the form: each with its conditions and the models it names.

import { Plus, Trash2 } from "lucide-react";
import type { Json } from "../../../../server/contracts/json.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { PolicyField, type PolicyFieldProps } from "./policy-field.tsx";
import { usePolicyForm } from "./policy-form-context.ts";
import { Said } from "./said.tsx";

export function RulesField({ path, schema }: PolicyFieldProps) {
  const { valueAt, setAt, saidOf, disabled } = usePolicyForm();
  const said = saidOf(path);
  const value = valueAt(path);
  const rules: readonly Json[] = Array.isArray(value) ? value : [];
  const rule = schema.items?.properties ?? {};
  const conditions = Object.entries(rule["when"]?.properties ?? {});
  const { use } = rule;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium">Rules</p>
      <p className="text-sm text-faint">The first rule whose conditions all hold names the models.</p>
      <Said said={said} />
      {rules.map((_, index) => (
        // Rules have no names: their place is what they are.
        <fieldset key={index} className="flex flex-col gap-3 rounded-md border border-line p-3">
          <legend className="px-1 text-sm font-medium">Rule {index + 1}</legend>
          {conditions.map(([name, field]) => (
            <PolicyField key={name} path={[...path, index, "when", name]} schema={field} />
          ))}
          {use !== undefined && <PolicyField path={[...path, index, "use"]} schema={use} />}
          {!disabled && (
            <span>
              <IconButton
                label={`Remove rule ${index + 1}`}
                icon={<Trash2 aria-hidden />}
                onClick={() => setAt(path, rules.toSpliced(index, 1))}
              />
            </span>
          )}
        </fieldset>
      ))}
      {!disabled && (
        <span>
          <Button
            size="small"
            icon={<Plus aria-hidden />}
            onClick={() => setAt(path, [...rules, { when: {}, use: [] }])}
          >
            Add a rule
          </Button>
        </span>
      )}
    </div>
  );
}
