// `ast secrets get`: what is known of one name in the vault.

import { getVariable } from "../api/variables.ts";
import { command } from "../command.ts";
import { ageOf } from "../terminal/age.ts";

export const secretsGetCommand = command({
  path: ["secrets", "get"],
  summary: "Show a secret or variable; the value of a secret is never shown",
  arguments: [{ name: "name", summary: "Its name" }],
  async run({ api, output, now, argument }) {
    const { value, document } = await getVariable(api, argument("name"));
    output.answer(document, () => {
      output.line(output.style.bold(value.name));
      output.fields([
        ["Kind", value.secret ? "secret" : "variable"],
        ["Value", value.secret ? "******" : value.value],
        ["Description", value.description],
        ["Used by", value.used_by.map(({ name }) => name).join(", ")],
        ["Made", ageOf(value.created_at, now())],
        ["Changed", ageOf(value.updated_at, now())],
      ]);
    });
  },
});
