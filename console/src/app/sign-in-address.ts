// The way to the sign-in page and back to where the reader was.

import { basePath } from "../api/base.ts";

/** Pages for those who are not signed in: they send nobody away. */
const openSegments = new Set([
  "sign-in",
  "sign-up",
  "reset-password",
  "verify-email",
  "claim",
  "welcome",
  "invitation",
  "catalogue",
  "pricing",
]);

/** The current page as a path of the console, without the base path. */
export function currentPath(): string {
  const below = location.pathname.startsWith(basePath) ? location.pathname.slice(basePath.length - 1) : "/";
  return below + location.search;
}

/** Leaves for the sign-in page, unless the current one is open to all. */
export function leaveForSignIn(): void {
  const path = currentPath();
  if (openSegments.has(path.split(/[/?]/)[1] ?? "")) return;
  const next = path === "/" ? "" : `?next=${encodeURIComponent(path)}`;
  location.replace(`${basePath}sign-in${next}`);
}
