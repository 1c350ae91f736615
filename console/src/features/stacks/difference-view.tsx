// What one version says otherwise than another: in words, field by field, and as text.

import type { PolicyDifference } from "./stacks-api.ts";
import { useState } from "react";
import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Marked } from "../../ui/marked.tsx";
import { pointerWords } from "./field-words.ts";
import { TextDifference } from "./text-difference.tsx";

export type DifferenceViewProps = {
  readonly slug: string;
  /** A number, `active` or `draft`. */
  readonly from: string;
  readonly to: string;
};

export function DifferenceView({ slug, from, to }: DifferenceViewProps) {
  const { path } = useWorkspace();
  const [asText, setAsText] = useState(false);
  const { item, error, retry } = useItem<PolicyDifference>(`${path}/stacks/${slug}/difference`, { from, to });
  if (error !== undefined) return <ErrorState error={error} onRetry={retry} />;
  if (item === undefined) return <Skeleton className="h-24 w-full" />;
  if (item.changes.length === 0) return <p className="text-base text-muted">They say the same.</p>;
  return (
    <div className="flex flex-col gap-2">
      <Checkbox label="As text" checked={asText} onChange={setAsText} />
      {asText ? <TextDifference before={item.before} after={item.after} /> : <Changes changes={item.changes} />}
    </div>
  );
}

function Changes({ changes }: { readonly changes: PolicyDifference["changes"] }) {
  return (
    <ul className="flex flex-col gap-2">
      {changes.map(({ pointer, before, after, words_before: wordsBefore, words_after: wordsAfter }) => (
        <li key={pointer} className="rounded-md border border-line p-3">
          <p className="text-sm font-medium">{pointerWords(pointer)}</p>
          <Side sign="-" value={before} words={wordsBefore} />
          <Side sign="+" value={after} words={wordsAfter} />
        </li>
      ))}
    </ul>
  );
}

type SideProps = { readonly sign: "+" | "-"; readonly value: unknown; readonly words: string | null };

function Side({ sign, value, words }: SideProps) {
  return (
    <div className="mt-1 flex gap-2 text-sm">
      <span className={sign === "+" ? "figures text-good" : "figures text-bad"}>
        <span aria-hidden>{sign}</span>
        <span className="sr-only">{sign === "+" ? "After" : "Before"}</span>
      </span>
      <div className="min-w-0">
        <code className="break-words">{value === null ? "not set" : JSON.stringify(value)}</code>
        {words !== null && (
          <p className="text-muted">
            <Marked text={words} />
          </p>
        )}
      </div>
    </div>
  );
}
