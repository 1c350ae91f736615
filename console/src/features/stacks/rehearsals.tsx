// Below a stack: what would happen to a request under it, and what would have happened to those of the past.

import { Section } from "../../ui/section.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { DryRunPanel } from "./dry-run-panel.tsx";
import type { Tried } from "./tried.ts";
import { WhatIfPanel } from "./what-if-panel.tsx";

export type RehearsalsProps = Tried & {
  readonly shown: "dry-run" | "what-if";
  readonly onShown: (shown: "dry-run" | "what-if") => void;
};

export function Rehearsals({ shown, onShown, ...tried }: RehearsalsProps) {
  return (
    <Section>
      <Tabs
        label="Try the policy"
        value={shown}
        onValue={onShown}
        tabs={[
          { value: "dry-run", label: "What would happen", content: <DryRunPanel {...tried} /> },
          { value: "what-if", label: "What would have happened", content: <WhatIfPanel {...tried} /> },
        ]}
      />
    </Section>
  );
}
