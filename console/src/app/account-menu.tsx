// Who is signed in, the way to their account, and out.

import { useNavigate, useRouter } from "@tanstack/react-router";
import { LogOut, UserRound } from "lucide-react";
import { basePath } from "../api/base.ts";
import { fetchApi } from "../api/fetch-api.ts";
import { useMe } from "../api/me.ts";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { toast } from "../ui/toast.tsx";

export function AccountMenu({ onLeave }: { readonly onLeave: (() => void) | undefined }) {
  const { name, email } = useMe();
  const navigate = useNavigate();
  const { routesByPath } = useRouter();
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left text-sm hover:bg-raised max-md:h-11"
        >
          <UserRound aria-hidden className="size-4 shrink-0 text-faint" />
          <span className="min-w-0 flex-1 truncate">
            <span className="sr-only">Account: </span>
            {name || email}
          </span>
        </button>
      }
    >
      <MenuLabel>{email}</MenuLabel>
      {Object.hasOwn(routesByPath, "/account") && (
        <MenuItem
          icon={<UserRound aria-hidden />}
          onSelect={() => {
            onLeave?.();
            void navigate({ href: "/account" });
          }}
        >
          Your account
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}

/** Loads the page anew, so that nothing of the session stays in memory. */
async function signOut(): Promise<void> {
  try {
    await fetchApi("POST", "/api/auth/sign-out", { body: {} });
    location.assign(`${basePath}sign-in`);
  } catch (error) {
    toast.failure(error);
  }
}
