// `ast secrets delete`: takes a name out of the vault.

import { deleteVariable, getVariable } from "../api/variables.ts";
import { command } from "../command.ts";
import { requireYes } from "../terminal/prompts.ts";

export const secretsDeleteCommand = command({
  path: ["secrets", "delete"],
  summary: "Delete a secret or variable",
  arguments: [{ name: "name", summary: "Its name" }],
  options: { yes: { kind: "flag", short: "y", summary: "Do not ask" } },
  async run(call) {
    const { api, output } = call;
    const name = call.argument("name");
    const { value } = await getVariable(api, name);
    const users = value.used_by.map((user) => user.name);
    const use = users.length === 0 ? "" : ` ${users.join(", ")} cannot be deployed anew without it.`;
    await requireYes(call.prompts, call.flag("yes"), { message: `Delete ${name}?${use}`, instead: "--yes" });
    const document = await deleteVariable(api, name);
    output.answer(document, () => {
      output.done(`${name} is deleted.`);
      if (use !== "") output.note(` ${use}`);
    });
  },
});
