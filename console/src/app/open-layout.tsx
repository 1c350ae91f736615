// Around pages that anyone may see: the name at the top, the page in the middle.

import { Link, Outlet } from "@tanstack/react-router";
import { Mark } from "./mark.tsx";
import { SkipLink } from "./skip-link.tsx";
import { ThemeMenu } from "./theme-menu.tsx";

export function OpenLayout() {
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="flex h-14 items-center justify-between border-b border-line px-4 sm:px-6">
        <Link to="/" className="flex items-center gap-2 text-base font-semibold">
          <Mark />
          Astrolabe
        </Link>
        <ThemeMenu />
      </header>
      <main id="content" tabIndex={-1} className="w-full flex-1 px-4 py-8 outline-none sm:px-6">
        <Outlet />
      </main>
    </div>
  );
}
