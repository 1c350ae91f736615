// The rail: which workspace, where to go, who is signed in.

import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { AccountMenu } from "./account-menu.tsx";
import { Keys } from "./keys.tsx";
import { usePlaces } from "./places.ts";
import { ThemeMenu } from "./theme-menu.tsx";
import { WorkspaceSwitcher } from "./workspace-switcher.tsx";

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

export type RailProps = {
  readonly onPalette: () => void;
  /** Called when a place was chosen, so that the sheet on a phone can close. */
  readonly onLeave?: () => void;
};

export function Rail({ onPalette, onLeave }: RailProps) {
  const groups = usePlaces();
  return (
    <div className="flex h-full flex-col gap-3 p-3">
      <WorkspaceSwitcher onLeave={onLeave} />
      <button
        type="button"
        onClick={onPalette}
        className="flex h-8 items-center gap-2 rounded-md border border-line bg-surface px-2 text-sm text-muted hover:border-line-strong hover:text-ink max-md:h-10"
      >
        <Search aria-hidden className="size-4" />
        <span className="flex-1 text-left">Search</span>
        <span className="max-md:hidden">
          <Keys keys={isApple ? "⌘ K" : "Ctrl K"} />
        </span>
      </button>
      <nav aria-label="Main" className="-mx-1 min-h-0 flex-1 overflow-y-auto px-1">
        {groups.map((group, at) => (
          <div key={group.places[0]?.to} className={at === 0 ? "" : "mt-3 border-t border-line pt-3"}>
            {group.title !== undefined && <p className="eyebrow px-2 pb-1">{group.title}</p>}
            <ul>
              {group.places.map(({ title, to, params, icon: Icon, exact = false }) => (
                <li key={to}>
                  <Link
                    to={to}
                    params={params}
                    activeOptions={{ exact, includeSearch: false }}
                    onClick={onLeave}
                    className="relative flex h-8 items-center gap-2 rounded-md px-2 text-base text-muted transition-colors hover:bg-raised hover:text-ink max-md:h-11 data-[status=active]:bg-raised data-[status=active]:font-medium data-[status=active]:text-ink data-[status=active]:before:absolute data-[status=active]:before:inset-y-2 data-[status=active]:before:left-0 data-[status=active]:before:w-0.5 data-[status=active]:before:bg-brass-strong"
                  >
                    <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
                    {title}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="flex items-center gap-1 border-t border-line pt-3">
        <AccountMenu onLeave={onLeave} />
        <ThemeMenu />
      </div>
    </div>
  );
}
