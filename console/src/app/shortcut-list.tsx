// The list of keys that do something here, opened by `?`.

import { Dialog } from "../ui/dialog.tsx";
import { useAllCommands } from "./commands.ts";
import { Keys } from "./keys.tsx";

export function ShortcutList({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const commands = useAllCommands().filter(({ keys }) => keys !== undefined);
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts">
      <div className="grid gap-6 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="eyebrow mb-1">{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map(({ title, keys = "" }) => (
                  <div key={title + keys} className="flex items-center justify-between gap-4 py-1">
                    <dt className="text-base">{title}</dt>
                    <dd>
                      <Keys keys={keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
