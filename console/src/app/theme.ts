// Light, dark, or as the system is. `public/theme.js` puts the choice on the page before it is painted; this keeps it
// there when it changes.

import { useSyncExternalStore } from "react";
import { remembered } from "../ui/remembered.ts";

export type Theme = "system" | "light" | "dark";

const store = remembered("astrolabe.theme");
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const value = useSyncExternalStore(store.listen, store.get);
  return [value === "light" || value === "dark" ? value : "system", chooseTheme];
}

export function chooseTheme(theme: Theme): void {
  store.set(theme === "system" ? undefined : theme);
  show();
}

function show(): void {
  const chosen = store.get();
  const dark = chosen === "dark" || (chosen !== "light" && systemIsDark.matches);
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
}

systemIsDark.addEventListener("change", show);
