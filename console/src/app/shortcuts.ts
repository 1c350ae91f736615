// Listens for the keys of commands: single ones, and pairs such as `g k`. Never while somebody writes.

import { useEffect } from "react";
import { currentCommands } from "./commands.ts";

/** How long the first key of a pair waits for the second. */
const pairMs = 1_200;

export function useShortcuts(): void {
  useEffect(() => {
    let first: { readonly key: string; readonly atMs: number } | undefined;
    const listen = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isWriting(event.target)) return;
      const isPair = first !== undefined && event.timeStamp - first.atMs < pairMs;
      const pressed = [isPair ? `${first?.key} ${event.key}` : event.key, event.key];
      const command = currentCommands().find(({ keys }) => keys !== undefined && pressed.includes(keys));
      first = { key: event.key, atMs: event.timeStamp };
      if (command === undefined) return;
      first = undefined;
      event.preventDefault();
      command.run();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

/** In a field, an editor or a dialog keys mean something else. */
function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=menu]") !== null)
  );
}
