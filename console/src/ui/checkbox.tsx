// A choice that is yes or no, with its words beside it.

import { Check } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { Choice, type ChoiceControl, type ChoiceProps } from "./choice.tsx";

export function Checkbox(props: ChoiceProps) {
  return <Choice {...props} side="before" control={Box} />;
}

function Box(props: ChoiceControl) {
  return (
    <Radix.Root
      {...props}
      className="mt-1 flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-surface text-on-act data-[state=checked]:border-act data-[state=checked]:bg-act disabled:opacity-50"
    >
      <Radix.Indicator>
        <Check aria-hidden className="size-3" strokeWidth={3} />
      </Radix.Indicator>
    </Radix.Root>
  );
}
