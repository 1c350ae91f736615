// Somebody else saved the stack meanwhile: what they changed, and the two ways on.

import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Time } from "../../ui/time.tsx";
import { TextDifference } from "./text-difference.tsx";
import type { Draft } from "./use-draft.ts";
import type { Save } from "./use-save.ts";

export function ConflictNotice({ save, draft }: { readonly save: Save; readonly draft: Draft }) {
  const { conflict, problem, saved } = save;
  if (problem !== undefined) {
    return (
      <Notice tone="bad" role="alert" title={problem.message}>
        {problem.problems.map(({ param, message }) => (
          <p key={param}>
            <code>{param}</code>: {message}
          </p>
        ))}
        {problem.hint !== undefined && problem.problems.length === 0 && <p className="text-muted">{problem.hint}</p>}
      </Notice>
    );
  }
  if (conflict === undefined) return null;
  const takeTheirs = (): void => {
    draft.replace(conflict.policy);
    save.accept(conflict);
  };
  return (
    <Notice tone="bad" role="alert" title={`${conflict.by ?? "Somebody"} saved this stack meanwhile`}>
      <p className="text-muted">
        They saved <Time at={conflict.at} />, and your change is not saved. This is what they changed:
      </p>
      <div className="my-2">
        <TextDifference before={saved.policy} after={conflict.policy} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={takeTheirs}>
          Take theirs
        </Button>
        <Button size="small" look="danger" onClick={() => save.accept(conflict)}>
          Keep mine and go on
        </Button>
      </div>
    </Notice>
  );
}
