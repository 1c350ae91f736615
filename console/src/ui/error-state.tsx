// What stands where something could not be fetched: why, what to do, and the id to ask with.

import type { ReactNode } from "react";
import type { ApiError } from "../api/api-error.ts";
import { Button } from "./button.tsx";
import { Id } from "./id.tsx";

export type ErrorStateProps = {
  readonly error: ApiError;
  readonly onRetry?: () => void;
  readonly action?: ReactNode;
};

export function ErrorState({ error, onRetry, action }: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-4 py-12 text-center">
      <p className="text-base font-medium">{error.message}</p>
      {error.hint !== undefined && <p className="max-w-[60ch] text-base text-muted">{error.hint}</p>}
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
        {action}
      </div>
      {error.requestId !== undefined && (
        <p className="mt-2 flex items-center gap-2 text-sm text-faint">
          Request <Id id={error.requestId} of="request" full />
        </p>
      )}
    </div>
  );
}
