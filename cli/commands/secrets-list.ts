// `ast secrets list`: the names in the account's vault.

import { listVariables, type Variable } from "../api/variables.ts";
import { command } from "../command.ts";
import { ageOf } from "../terminal/age.ts";

export const secretsListCommand = command({
  path: ["secrets", "list"],
  summary: "List the secrets and variables of the account",
  options: { values: { kind: "flag", summary: "The values of plain variables too; secrets are never shown" } },
  async run({ api, output, now, flag }) {
    const { value, document } = await listVariables(api);
    const account = await api.account();
    output.answer(document, () => {
      if (value.length === 0) {
        output.note(`There is no secret in ${account} at ${api.server}. Make one: ast secrets create <name>`);
        return;
      }
      output.table<Variable>(
        [
          { title: "Name", value: ({ name }) => name, paint: output.style.cyan },
          { title: "Kind", value: ({ secret }) => (secret ? "secret" : "variable") },
          ...(flag("values")
            ? [{ title: "Value", value: ({ secret, value: text }: Variable) => (secret ? "******" : text) }]
            : []),
          { title: "Changed", value: ({ updated_at }) => ageOf(updated_at, now()) },
          { title: "Used by", value: ({ used_by }) => used_by.map(({ name }) => name).join(", ") },
          { title: "Description", value: ({ description }) => description },
        ],
        value,
      );
    });
  },
});
