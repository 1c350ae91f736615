// Around every page of somebody who is signed in: the rail, on a phone behind a button, the palette and the keys.

import { Outlet, useNavigate } from "@tanstack/react-router";
import { Menu as MenuIcon, Search } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { Suspense, useEffect, useState } from "react";
import { getApi } from "../api/fetch-api.ts";
import { useMe } from "../api/me.ts";
import { useWorkspaceOf } from "../api/workspace.ts";
import { IconButton } from "../ui/icon-button.tsx";
import { PageSkeleton } from "../ui/skeleton.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { useCommands, type Command } from "./commands.ts";
import { Mark } from "./mark.tsx";
import { usePlaces, useWorkspaceId } from "./places.ts";
import { Rail } from "./rail.tsx";
import { ShortcutList } from "./shortcut-list.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { SkipLink } from "./skip-link.tsx";
import { chooseTheme } from "./theme.ts";
import { WorkspaceNotice } from "./workspace-notice.tsx";

type Panel = "rail" | "palette" | "shortcuts";

export function Shell() {
  const [panel, setPanel] = useState<Panel>();
  const close = (): void => setPanel(undefined);
  const openPalette = (): void => setPanel("palette");
  useShortcuts();
  useProlongedSession();
  useShellCommands(setPanel);
  usePaletteKey(openPalette);
  return (
    <div className="min-h-dvh md:pl-56">
      <SkipLink />
      <aside className="fixed inset-y-0 left-0 hidden w-56 border-r border-line bg-paper md:block">
        <Rail onPalette={openPalette} />
      </aside>
      <PhoneBar onRail={() => setPanel("rail")} onPalette={openPalette} />
      <PhoneRail open={panel === "rail"} onClose={close} onPalette={openPalette} />
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[88rem] px-4 py-6 outline-none md:px-8 md:py-8">
        <WorkspaceNotice />
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      <CommandPalette open={panel === "palette"} onClose={close} />
      <ShortcutList open={panel === "shortcuts"} onClose={close} />
    </div>
  );
}

/** A session that is in use does not end: the server prolongs it, and its cookie, once a day. */
function useProlongedSession(): void {
  useEffect(() => {
    // When it fails the next call says why.
    getApi("/api/auth/get-session").catch(() => undefined);
  }, []);
}

function PhoneBar({ onRail, onPalette }: { readonly onRail: () => void; readonly onPalette: () => void }) {
  const { name } = useWorkspaceOf(useWorkspaceId() ?? "");
  return (
    <div className="sticky top-0 z-20 flex h-12 items-center gap-2 border-b border-line bg-paper px-2 md:hidden">
      <IconButton label="Open the navigation" icon={<MenuIcon aria-hidden />} onClick={onRail} />
      <Mark />
      <span className="min-w-0 flex-1 truncate text-base font-semibold">{name === "" ? "Astrolabe" : name}</span>
      <IconButton label="Search and do" icon={<Search aria-hidden />} onClick={onPalette} />
    </div>
  );
}

type PhoneRailProps = { readonly open: boolean; readonly onClose: () => void; readonly onPalette: () => void };

function PhoneRail({ open, onClose, onPalette }: PhoneRailProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => void (!next && onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="appear fixed inset-y-0 left-0 z-30 w-72 max-w-[85vw] border-r border-line-strong bg-paper outline-none"
        >
          <Radix.Title className="sr-only">Navigation</Radix.Title>
          <Rail onPalette={onPalette} onLeave={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function useShellCommands(open: (panel: Panel) => void): void {
  const navigate = useNavigate();
  const groups = usePlaces();
  const { workspaces } = useMe();
  const goTo: Command[] = groups.flatMap(({ places }) =>
    places.map(({ title, to, params, key }) => ({
      title,
      group: "Go to",
      run: () => void navigate({ to, params }),
      ...(key !== undefined && { keys: `g ${key}` }),
    })),
  );
  const switchTo: Command[] = workspaces.map(({ id, name }) => ({
    title: name,
    group: "Switch workspace",
    run: () => void navigate({ to: "/w/$workspaceId", params: { workspaceId: id } }),
  }));
  useCommands([
    ...goTo,
    ...(workspaces.length > 1 ? switchTo : []),
    { title: "Show all shortcuts", group: "Console", keys: "?", run: () => open("shortcuts") },
    { title: "Use the light theme", group: "Console", run: () => chooseTheme("light") },
    { title: "Use the dark theme", group: "Console", run: () => chooseTheme("dark") },
    { title: "Use the system's theme", group: "Console", run: () => chooseTheme("system") },
  ]);
}

function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      open();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
}
