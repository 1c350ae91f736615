// `ast secrets create`: keeps a value in the account's vault.

import { requireKept, setVariables } from "../api/variables.ts";
import { command } from "../command.ts";
import { secretValue, valueOption } from "../session/secret-value.ts";

export const secretsCreateCommand = command({
  path: ["secrets", "create"],
  summary: "Keep a secret in the account's vault",
  description: `Deployments use it by name: ast deploy <blueprint> --var NAME=@
Once it is kept, the value of a secret can be replaced and never read.`,
  arguments: [{ name: "name", summary: "Letters, digits and _, such as OPENAI_API_KEY" }],
  options: {
    value: valueOption,
    plain: { kind: "flag", summary: "A variable that can be read, not a secret" },
    description: { kind: "text", short: "d", placeholder: "<text>", summary: "What it is for" },
    overwrite: { kind: "flag", summary: "Replace it when it is there already" },
  },
  examples: [
    { does: "You are asked for the value", line: "ast secrets create OPENAI_API_KEY" },
    { does: "From another program", line: "pass show openai | ast secrets create OPENAI_API_KEY --value -" },
  ],
  async run(call) {
    const name = call.argument("name");
    const secret = !call.flag("plain");
    const value = await secretValue(call, call.text("value"), name, secret);
    const description = call.text("description");
    const variable = { name, value, secret, ...(description !== undefined && { description }) };
    requireKept(await setVariables(call.api, [variable], call.flag("overwrite")));
    call.output.answer({ name, secret }, () => {
      call.output.done(`${name} is kept${secret ? "" : ", as a variable that can be read"}.`);
    });
  },
});
