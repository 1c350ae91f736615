// An address at which there is nothing.

import { EmptyState } from "../ui/empty-state.tsx";
import { ButtonLink } from "../ui/button.tsx";

export function NotFoundPage() {
  return (
    <div className="mx-auto max-w-xl p-6">
      <EmptyState title="There is no page at this address" action={<ButtonLink to="/">Go to the overview</ButtonLink>}>
        Check the address, or go back to where you came from.
      </EmptyState>
    </div>
  );
}
