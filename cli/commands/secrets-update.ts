// `ast secrets update`: replaces a value in the vault, or what it is called to be for.

import { getVariable, updateVariable } from "../api/variables.ts";
import { command } from "../command.ts";
import { secretValue, valueOption } from "../session/secret-value.ts";

export const secretsUpdateCommand = command({
  path: ["secrets", "update"],
  summary: "Replace a value of the vault",
  description: "Agents that use it get the new value at their next deployment: ast redeploy <agent>",
  arguments: [{ name: "name", summary: "Its name" }],
  options: {
    value: valueOption,
    plain: { kind: "flag", summary: "Make it a variable that can be read; needs a new value" },
    description: { kind: "text", short: "d", placeholder: "<text>", summary: "What it is for" },
  },
  async run(call) {
    const { api, output } = call;
    const name = call.argument("name");
    const { value: known } = await getVariable(api, name);
    const description = call.text("description");
    const isPlain = call.flag("plain");
    const wantsValue = call.text("value") !== undefined || isPlain || description === undefined;
    const value = wantsValue ? await secretValue(call, call.text("value"), name, known.secret && !isPlain) : undefined;
    const document = await updateVariable(api, name, {
      ...(value !== undefined && { value }),
      ...(isPlain && { secret: false }),
      ...(description !== undefined && { description }),
    });
    output.answer(document, () => {
      output.done(`${name} is changed.`);
      const users = known.used_by.map((user) => user.name);
      if (value !== undefined && users.length > 0) {
        output.note(`  Used by ${users.join(", ")}: they get it at their next deployment (ast redeploy).`);
      }
    });
  },
});
