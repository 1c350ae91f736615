// The whole policy as a form, group by group, drawn from its schema.

import { useMemo, useState } from "react";
import { cx } from "../../ui/class-names.ts";
import { Badge } from "../../ui/status.tsx";
import { groupWords, sentenceCase } from "./field-words.ts";
import { PolicyField, type PolicyFieldProps } from "./policy-field.tsx";
import { PolicyFormContext, usePolicyForm, type FieldSaying } from "./policy-form-context.ts";
import { pathOf, pointerOf, type FieldSchema, type Path, type PolicySchema } from "./policy-schema.ts";
import { RulesField } from "./rules-field.tsx";
import type { PolicyReview } from "./stacks-api.ts";
import type { KnownNames } from "./suggestions.ts";
import { ToolsField } from "./tools-field.tsx";
import type { Draft } from "./use-draft.ts";

export type PolicyFormProps = {
  readonly draft: Draft;
  readonly schema: PolicySchema;
  readonly review: PolicyReview | undefined;
  readonly names: KnownNames;
  readonly disabled: boolean;
};

export function PolicyForm({ draft, schema, review, names, disabled }: PolicyFormProps) {
  const [open, setOpen] = useState<string | undefined>("objective");
  const value = useMemo(
    () => ({
      valueAt: draft.valueAt,
      setAt: draft.setAt,
      saidOf: (path: Path) => sayingOf(path, review),
      names,
      disabled: disabled || draft.policy === undefined,
    }),
    [draft, review, names, disabled],
  );
  return (
    <PolicyFormContext value={value}>
      <div className="flex flex-col">
        {Object.entries(schema.properties).map(([group, { properties = {} }]) => (
          <Group
            key={group}
            group={group}
            fields={properties}
            review={review}
            open={open === group}
            onToggle={() => setOpen(open === group ? undefined : group)}
          />
        ))}
      </div>
    </PolicyFormContext>
  );
}

type GroupProps = Pick<PolicyFormProps, "review"> & {
  readonly group: string;
  readonly fields: Readonly<Record<string, FieldSchema>>;
  readonly open: boolean;
  readonly onToggle: () => void;
};

function Group({ group, fields, review, open, onToggle }: GroupProps) {
  const isOfUse = useFieldsOfUse();
  const chosen = (review?.explanation ?? []).filter((each) => each.group === group && !each.standard).length;
  const problems = (review?.problems ?? []).filter(({ pointer }) => isWithin(pointer, `/${group}`)).length;
  return (
    <section className="border-b border-line last:border-b-0">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          onClick={onToggle}
          className="flex w-full items-center gap-2 px-4 py-2 text-left -outline-offset-2 hover:bg-sunken max-md:py-3"
        >
          <span aria-hidden className={cx("text-faint transition-transform", open && "rotate-90")}>
            ›
          </span>
          <span className="text-base font-medium">{sentenceCase(group)}</span>
          {chosen > 0 && <Badge tone="brass">{`${chosen} set`}</Badge>}
          {problems > 0 && <Badge tone="bad">{problems === 1 ? "1 problem" : `${problems} problems`}</Badge>}
          <span className="ml-auto hidden truncate text-sm text-faint lg:block">{groupWords[group]}</span>
        </button>
      </h3>
      {open && (
        <div className="flex flex-col gap-4 px-4 pt-1 pb-4">
          {Object.entries(fields)
            .filter(([name]) => isOfUse([group, name]))
            .map(([name, field]) => (
              <AnyField key={name} path={[group, name]} schema={field} />
            ))}
        </div>
      )}
    </section>
  );
}

/** The lists that only one objective uses, shown for it and while something is written in them. */
const usedBy: Readonly<Record<string, string>> = { priority: "fixed_priority", rules: "custom_rules" };

function useFieldsOfUse(): (path: Path) => boolean {
  const { valueAt } = usePolicyForm();
  return (path) => {
    const primary = usedBy[String(path.at(-1))];
    const written = valueAt(path);
    return (
      primary === undefined ||
      valueAt(["objective", "primary"]) === primary ||
      (Array.isArray(written) && written.length > 0)
    );
  };
}

function AnyField(props: PolicyFieldProps) {
  const name = props.path.at(-1);
  if (name === "rules") return <RulesField {...props} />;
  return name === "toolCapabilities" ? <ToolsField {...props} /> : <PolicyField {...props} />;
}

function isWithin(pointer: string, of: string): boolean {
  return pointer === of || pointer.startsWith(`${of}/`);
}

function sayingOf(path: Path, review: PolicyReview | undefined): FieldSaying {
  const pointer = pointerOf(path);
  const problem = review?.problems.find((each) => isWithin(each.pointer, pointer));
  const warning = review?.warnings.find((each) => isWithin(each.pointer, pointer));
  const suggestions = warning?.suggestions ?? [];
  return {
    problem: problem?.message,
    warning: warning?.message,
    suggestion: warning && suggestions.length > 0 ? { path: pathOf(warning.pointer), words: suggestions } : undefined,
    sentence: review?.explanation.find((each) => each.pointer === pointer)?.sentence.replaceAll("`", ""),
  };
}
