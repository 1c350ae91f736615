// Everything by typing: go somewhere, switch the workspace, do what the page offers. Opens on Ctrl+K or Cmd+K.

import { Command } from "cmdk";
import { Dialog as Radix } from "radix-ui";
import { useAllCommands } from "./commands.ts";
import { Keys } from "./keys.tsx";

export type CommandPaletteProps = { readonly open: boolean; readonly onClose: () => void };

export function CommandPalette({ open, onClose }: CommandPaletteProps) {
  const commands = useAllCommands();
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Radix.Root open={open} onOpenChange={(next) => void (!next && onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="appear fixed inset-x-4 top-[12vh] z-40 mx-auto max-w-xl overflow-hidden rounded-lg border border-line-strong bg-surface shadow-panel outline-none"
        >
          <Radix.Title className="sr-only">Commands</Radix.Title>
          <Command label="Commands" loop>
            <Command.Input
              autoFocus
              placeholder="Go to, switch, do"
              className="h-12 w-full border-b border-line bg-transparent px-4 text-lg outline-none"
            />
            <Command.List className="max-h-[50vh] overflow-y-auto p-2">
              <Command.Empty className="px-2 py-6 text-center text-base text-muted">Nothing matches.</Command.Empty>
              {groups.map((group) => (
                <Command.Group
                  key={group}
                  heading={group}
                  className="[&_[cmdk-group-heading]]:eyebrow [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1"
                >
                  {commands
                    .filter((command) => command.group === group)
                    .map((command) => (
                      <Command.Item
                        key={command.title}
                        value={`${group} ${command.title}`}
                        onSelect={() => {
                          onClose();
                          command.run();
                        }}
                        className="flex items-center justify-between gap-4 rounded-sm px-2 py-1.5 text-base data-[selected=true]:bg-raised"
                      >
                        {command.title}
                        {command.keys !== undefined && <Keys keys={command.keys} />}
                      </Command.Item>
                    ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
