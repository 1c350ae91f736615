// Something that is on or off and changes at once.

import { Switch as Radix } from "radix-ui";
import { Choice, type ChoiceControl, type ChoiceProps } from "./choice.tsx";

export function Switch(props: ChoiceProps) {
  return <Choice {...props} side="after" control={Slider} />;
}

function Slider(props: ChoiceControl) {
  return (
    <Radix.Root
      {...props}
      className="mt-1 inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-line-strong bg-sunken p-px transition-colors data-[state=checked]:border-act data-[state=checked]:bg-act disabled:opacity-50"
    >
      <Radix.Thumb className="size-4 rounded-full bg-muted transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-on-act" />
    </Radix.Root>
  );
}
