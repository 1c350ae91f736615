// What was refused, where there is no form to show it in.

import type { ApiError } from "../api/api-error.ts";
import { Notice } from "./notice.tsx";

export function ProblemNotice({ problem }: { readonly problem: ApiError | undefined }) {
  if (problem === undefined) return null;
  return (
    <Notice tone="bad" role="alert">
      <p>{problem.message}</p>
      {problem.hint !== undefined && <p className="text-muted">{problem.hint}</p>}
    </Notice>
  );
}
