// Views of one thing, of which one is shown. The page keeps the chosen one in the address.

import { Tabs as Radix } from "radix-ui";
import { useEffect, useRef, type ReactNode } from "react";

export type Tab<Value extends string> = {
  readonly value: Value;
  readonly label: ReactNode;
  readonly content: ReactNode;
};

export type TabsProps<Value extends string> = {
  /** What the tabs are views of, for those who hear the page. */
  readonly label: string;
  readonly value: Value;
  readonly onValue: (value: Value) => void;
  readonly tabs: readonly Tab<Value>[];
};

export function Tabs<Value extends string>({ label, value, onValue, tabs }: TabsProps<Value>) {
  const choose = (next: string): void => {
    const tab = tabs.find((candidate) => candidate.value === next);
    if (tab !== undefined) onValue(tab.value);
  };
  const list = useRef<HTMLDivElement>(null);
  const at = tabs.findIndex((tab) => tab.value === value);
  // On a phone the chosen one may be beyond the edge.
  useEffect(() => {
    const chosen = list.current?.children[at];
    if (list.current !== null && chosen instanceof HTMLElement) list.current.scrollLeft = reach(list.current, chosen);
  }, [at]);
  return (
    <Radix.Root value={value} onValueChange={choose}>
      <Radix.List ref={list} aria-label={label} className="flex gap-4 relative overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px h-9 shrink-0 border-b-2 border-transparent text-base text-muted -outline-offset-2 hover:text-ink data-[state=active]:border-brass-strong data-[state=active]:text-ink max-md:h-11"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="pt-4">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}

/** How far the list is scrolled so that all of a tab is in sight; no further than that. Pixels. */
function reach({ scrollLeft, clientWidth }: HTMLElement, { offsetLeft, offsetWidth }: HTMLElement): number {
  return Math.min(offsetLeft, Math.max(scrollLeft, offsetLeft + offsetWidth - clientWidth));
}
