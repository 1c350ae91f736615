// `ast blueprint list`: the blueprints of the account.

import { listBlueprints } from "../api/blueprints.ts";
import { command } from "../command.ts";
import { ageOf } from "../terminal/age.ts";

export const blueprintListCommand = command({
  path: ["blueprint", "list"],
  summary: "List the blueprints of the account",
  options: { archived: { kind: "flag", summary: "Archived ones too" } },
  async run({ api, output, now, flag }) {
    const { value, document } = await listBlueprints(api, flag("archived"));
    const account = await api.account();
    output.answer(document, () => {
      if (value.length === 0) {
        output.note(`There is no blueprint in ${account} at ${api.server}. Push the one of a folder: ast push`);
        return;
      }
      output.table(
        [
          { title: "Name", value: ({ name }) => name, paint: output.style.cyan },
          { title: "Newest build", value: ({ versions: [newest] }) => newest?.build_id ?? "none yet" },
          { title: "Pushed", value: ({ versions: [newest] }) => ageOf(newest?.published_at, now()) },
          { title: "Visible to", value: ({ visibility }) => (visibility === "public" ? "everybody" : "members") },
          { title: "Agents", value: ({ metrics }) => metrics?.deploy_count, align: "right" },
          { title: "Archived", value: ({ archived_at }) => ageOf(archived_at, now()) },
        ],
        value,
      );
    });
  },
});
