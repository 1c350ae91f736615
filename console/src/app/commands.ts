// What the command palette can do and which keys do it. Pages add their own for as long as they are shown.

import { useEffect, useRef, useSyncExternalStore } from "react";

export type Command = {
  /** A verb phrase, such as `Create a key`. */
  readonly title: string;
  /** The heading that it stands under. */
  readonly group: string;
  readonly run: () => void;
  /** One key, or two pressed one after the other such as `g k`. */
  readonly keys?: string;
};

let commands: readonly Command[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Command[]): void {
  commands = next;
  for (const tell of listeners) tell();
}

/** All commands of the pages on display. */
export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => commands,
  );
}

export function currentCommands(): readonly Command[] {
  return commands;
}

/** Adds commands while the calling component is shown. What they run is always the newest that was given. */
export function useCommands(given: readonly Command[]): void {
  const newest = useRef(given);
  useEffect(() => {
    newest.current = given;
  });
  const words = given.map(({ title, group, keys }) => [title, group, keys ?? ""].join("\0")).join("\n");
  useEffect(() => {
    const mine = newest.current.map((command, at) => ({ ...command, run: () => newest.current[at]?.run() }));
    change([...commands, ...mine]);
    return () => change(commands.filter((command) => !mine.includes(command)));
  }, [words]);
}
