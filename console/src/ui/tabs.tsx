// Views of one thing, of which one is shown. The page keeps the chosen one in the address.

import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

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
  return (
    <Radix.Root value={value} onValueChange={choose}>
      <Radix.List aria-label={label} className="flex gap-4 relative overflow-x-auto border-b border-line">
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
