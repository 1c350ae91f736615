// The policy as a form at the left and as text at the right, both of the same draft and both live.

import { useMemo, useState } from "react";
import { cx } from "../../ui/class-names.ts";
import { JsonEditor, type LineProblem } from "./json-editor.tsx";
import { PolicyForm } from "./policy-form.tsx";
import type { PolicySchema } from "./policy-schema.ts";
import { rangeOf } from "./policy-text.ts";
import { useKnownNames, type PolicyReview } from "./stacks-api.ts";
import { suggestionsAt } from "./suggestions.ts";
import type { Draft } from "./use-draft.ts";

export type PolicyEditorProps = {
  readonly draft: Draft;
  readonly schema: PolicySchema;
  readonly review: PolicyReview | undefined;
  readonly readOnly: boolean;
};

type Side = "form" | "text";

export function PolicyEditor({ draft, schema, review, readOnly }: PolicyEditorProps) {
  const names = useKnownNames();
  const [side, setSide] = useState<Side>("form");
  const problems = useMemo(() => problemsIn(draft, review), [draft, review]);
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      <SideChoice side={side} onSide={setSide} />
      <div className="grid lg:h-[max(30rem,calc(100dvh-22rem))] lg:grid-cols-2">
        <div
          className={cx(
            "min-w-0 overflow-y-auto lg:block lg:border-r lg:border-line",
            side === "text" && "max-lg:hidden",
          )}
        >
          {draft.policy === undefined && (
            <p role="status" className="border-b border-line bg-bad-soft px-4 py-2 text-sm">
              The text is no JSON at the moment: mend it, and the form follows.
            </p>
          )}
          <PolicyForm {...{ draft, schema, review, names }} disabled={readOnly} />
        </div>
        <div className={cx("flex min-h-0 min-w-0 flex-col max-lg:h-[70dvh]", side === "form" && "max-lg:hidden")}>
          <div className="min-h-0 flex-1">
            <JsonEditor
              label="Policy as text"
              text={draft.text}
              onText={readOnly ? undefined : draft.setText}
              problems={problems}
              suggest={(text, offset) => suggestionsAt(text, offset, schema, names)}
            />
          </div>
          <ProblemList draft={draft} review={review} problems={problems} readOnly={readOnly} />
        </div>
      </div>
    </div>
  );
}

/** On a narrow screen one side is shown at a time. */
function SideChoice({ side, onSide }: { readonly side: Side; readonly onSide: (side: Side) => void }) {
  return (
    <div role="group" aria-label="Form or text" className="flex border-b border-line lg:hidden">
      {(["form", "text"] as const).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={side === each}
          onClick={() => onSide(each)}
          className={cx(
            "h-11 flex-1 text-base -outline-offset-2",
            side === each ? "bg-raised font-medium" : "text-muted",
          )}
        >
          {each === "form" ? "Form" : "Text"}
        </button>
      ))}
    </div>
  );
}

type ProblemListProps = Omit<PolicyEditorProps, "schema"> & { readonly problems: readonly LineProblem[] };

function ProblemList({ draft, problems, readOnly }: ProblemListProps) {
  const lineOf = (from: number): number => draft.text.slice(0, from).split("\n").length;
  return (
    <div
      className="max-h-40 shrink-0 overflow-y-auto border-t border-line bg-sunken px-3 py-2 text-sm"
      aria-live="polite"
    >
      {problems.length === 0 ? (
        <p className="text-faint">
          {readOnly ? "No problems." : "No problems. Ctrl-Space suggests, Ctrl-S saves, Ctrl-Enter tries a request."}
        </p>
      ) : (
        <ul className="flex flex-col gap-1">
          {problems.map(({ from, severity, message }) => (
            <li key={`${from} ${message}`} className={severity === "error" ? "text-bad" : "text-brass"}>
              <span className="figures">Line {lineOf(from)}</span> · {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Faults of the text while there are any; what the review says otherwise, at the lines of the fields. */
function problemsIn({ text, faults, policy }: Draft, review: PolicyReview | undefined): LineProblem[] {
  if (policy === undefined) return faults.map((fault) => ({ ...fault, severity: "error" as const }));
  if (review === undefined) return [];
  const at = (severity: LineProblem["severity"]) =>
    function place({ pointer, message }: { readonly pointer: string; readonly message: string }): LineProblem {
      return { ...rangeOf(text, pointer), severity, message };
    };
  const found = [...review.problems.map(at("error")), ...review.warnings.map(at("warning"))];
  return found.sort((left, right) => left.from - right.from);
}
