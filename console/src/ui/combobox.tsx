// One of many, found by typing.

import { Command } from "cmdk";
import { Check, ChevronsUpDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { cx } from "./class-names.ts";
import { useControlProps } from "./field.tsx";
import { controlClass } from "./input.tsx";

export type ComboboxChoice = {
  readonly value: string;
  readonly label: string;
  /** A word more about it, at its right. */
  readonly detail?: string;
};

export type ComboboxProps = {
  /** Undefined: nothing chosen. */
  readonly value: string | undefined;
  readonly choices: readonly ComboboxChoice[];
  readonly onValue: (value: string | undefined) => void;
  readonly placeholder: string;
  /** A first line that chooses nothing, such as `The workspace's stack`. */
  readonly none?: string;
  readonly disabled?: boolean;
};

export function Combobox({ value, choices, onValue, placeholder, none, disabled = false }: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const chosen = choices.find((choice) => choice.value === value);
  const choose = (next: string | undefined): void => {
    onValue(next);
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button
          type="button"
          {...useControlProps()}
          disabled={disabled}
          aria-haspopup="listbox"
          aria-expanded={open}
          className={cx(controlClass, "flex h-8 items-center justify-between gap-2 px-2 text-left max-md:h-10")}
        >
          <span className={cx("truncate", chosen === undefined && value === undefined && "text-faint")}>
            {chosen?.label ?? value ?? none ?? placeholder}
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-faint" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          className="appear z-50 w-(--radix-popover-trigger-width) min-w-64 rounded-md border border-line-strong bg-surface shadow-panel"
        >
          <Command label={placeholder} loop>
            <Command.Input
              autoFocus
              placeholder={placeholder}
              className="h-9 w-full border-b border-line bg-transparent px-3 text-base outline-none max-md:text-lg"
            />
            <Command.List className="max-h-64 overflow-y-auto p-1">
              <Command.Empty className="px-2 py-3 text-sm text-faint">Nothing matches.</Command.Empty>
              {none !== undefined && (
                <Line label={none} selected={value === undefined} onSelect={() => choose(undefined)} />
              )}
              {choices.map((choice) => (
                <Line
                  key={choice.value}
                  label={choice.label}
                  detail={choice.detail}
                  selected={choice.value === value}
                  onSelect={() => choose(choice.value)}
                />
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

type LineProps = {
  readonly label: string;
  readonly detail?: string | undefined;
  readonly selected: boolean;
  readonly onSelect: () => void;
};

function Line({ label, detail, selected, onSelect }: LineProps) {
  return (
    <Command.Item
      value={detail === undefined ? label : `${label} ${detail}`}
      onSelect={onSelect}
      className="flex items-center gap-2 rounded-sm px-2 py-1 text-base data-[selected=true]:bg-raised"
    >
      <Check aria-hidden className={cx("size-4 shrink-0 text-brass", !selected && "invisible")} />
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {detail !== undefined && <span className="figures shrink-0 text-xs text-faint">{detail}</span>}
    </Command.Item>
  );
}
