// A page that could not be shown: the API's own words, or that this page failed.

import type { ErrorComponentProps } from "@tanstack/react-router";
import { asApiError } from "../api/api-error.ts";
import { ButtonAnchor } from "../ui/button.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { basePath } from "../api/base.ts";

export function FailurePage({ error, reset }: ErrorComponentProps) {
  const isStale = error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);
  return (
    <div className="mx-auto max-w-xl p-6">
      <ErrorState
        error={asApiError(error)}
        // The server has a newer console: its files have other names.
        onRetry={isStale ? () => location.reload() : reset}
        action={<ButtonAnchor href={basePath}>Go to the overview</ButtonAnchor>}
      />
    </div>
  );
}
