// The shape of what is still being fetched.

import { cx } from "./class-names.ts";

/** One bar; give it width and height by class. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <span aria-hidden data-loading className={cx("breathe block rounded-sm bg-raised", className ?? "h-4 w-full")} />
  );
}

/** A page that is on its way. */
export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Skeleton className="h-7 w-48" />
      <Skeleton className="h-4 w-80 max-w-full" />
      <Skeleton className="mt-4 h-64 w-full" />
    </div>
  );
}
