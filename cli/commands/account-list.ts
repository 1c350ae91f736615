// `ast account list`: the accounts of the person, with the active one marked.

import { command } from "../command.ts";

export const accountListCommand = command({
  path: ["account", "list"],
  summary: "List the accounts that you belong to",
  async run({ api, output }) {
    const accounts = await api.accounts();
    const active = await api.account().catch(() => undefined);
    const document = {
      accounts: accounts.map(({ id, name, displayName, role, status }) => ({
        id,
        name,
        display_name: displayName,
        role,
        status,
        active: name === active,
      })),
    };
    output.answer(document, () => {
      output.table(
        [
          { title: " ", value: ({ name }) => (name === active ? "✓" : "") },
          { title: "Name", value: ({ name }) => name, paint: output.style.cyan },
          { title: "Role", value: ({ role }) => role },
          { title: "State", value: ({ status }) => (status === "active" ? "" : status.replaceAll("_", " ")) },
          { title: "Called", value: ({ displayName }) => displayName },
        ],
        accounts,
      );
    });
  },
});
