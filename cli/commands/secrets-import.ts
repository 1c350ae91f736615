// `ast secrets import`: keeps the values of a file such as .env in the vault.

import { parse } from "dotenv";
import { setVariables } from "../api/variables.ts";
import { command } from "../command.ts";
import { readValuesFile } from "../deployments/variables.ts";
import { Problem, usageProblem } from "../problem.ts";

export const secretsImportCommand = command({
  path: ["secrets", "import"],
  summary: "Keep the values of a file such as .env in the vault",
  description:
    "Names without a value are passed over; those that are in the vault already stay as they are, without --overwrite.",
  options: {
    file: {
      kind: "text",
      short: "f",
      placeholder: "<file>",
      summary: "The file; - for standard input (default: .env)",
    },
    plain: { kind: "flag", summary: "Keep all as variables that can be read" },
    "plain-keys": { kind: "text", placeholder: "<NAME,NAME>", summary: "Keep these as variables that can be read" },
    overwrite: { kind: "flag", summary: "Replace those that are there already" },
  },
  async run(call) {
    const { api, output } = call;
    const file = call.text("file") ?? ".env";
    const values = file === "-" ? parse((await call.piped()) ?? "") : readValuesFile(call.cwd, file);
    const plain = new Set((call.text("plain-keys") ?? "").split(",").map((name) => name.trim()));
    const variables = Object.entries(values)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => ({ name, value, secret: !call.flag("plain") && !plain.has(name) }));
    if (variables.length === 0) throw usageProblem(`${file} holds no value.`, "Write lines such as NAME=value.");
    const results = await setVariables(api, variables, call.flag("overwrite"));
    const failed = results.filter(({ status }) => status === "failed");
    output.answer({ results: results.map((result) => ({ ...result })) }, () => {
      for (const { name, status } of results) {
        if (status === "created") output.done(`${name} is kept.`);
        else if (status === "exists") output.note(`  ${name} is there already; --overwrite replaces it.`);
      }
    });
    if (failed.length === 0) return;
    throw new Problem("usage", `${failed.length} of ${results.length} values were not kept.`, {
      code: "invalid_variable",
      lines: failed.map(({ name, error }) => `${name}: ${error ?? "refused"}`),
      hint: "Mend what is named, and repeat.",
    });
  },
});
