// `ast spec validate`: everything that is wrong with an astropods.yml, or will surprise.

import { countInWords } from "../../blueprint/format-diagnostics.ts";
import { command } from "../command.ts";
import { exitCodes, usageProblem } from "../problem.ts";
import { openBlueprintText, readText, shownFindings, type ReadFile } from "../project/read-file.ts";

export const specValidateCommand = command({
  path: ["spec", "validate"],
  aliases: [["blueprint", "validate"]],
  summary: "Check an astropods.yml",
  description: [
    "Shows every error and every warning with its line and what to do about it. Nothing is sent anywhere.",
    "Exit code 1 says that there are errors.",
  ].join("\n"),
  options: {
    file: {
      kind: "text",
      short: "f",
      placeholder: "<file>",
      summary: "The file, `-` for standard input (default: here)",
    },
    strict: { kind: "flag", summary: "Take warnings for errors" },
  },
  examples: [
    { does: "The agent of this folder", line: "ast spec validate" },
    { does: "In a pipeline, for a program", line: "ast spec validate --file - --json < astropods.yml" },
  ],
  async run(call) {
    const { output, cwd } = call;
    const given = call.text("file");
    const file =
      given === "-" ? await readPiped(await call.piped(), cwd) : await readText(openBlueprintText(cwd, given));
    const { shown, blueprint, diagnostics } = file;
    const valid = blueprint !== undefined && (!call.flag("strict") || diagnostics.length === 0);
    const document = {
      file: shown,
      valid,
      name: blueprint?.name ?? null,
      findings: diagnostics.map((one) => ({ ...one })),
    };
    output.answer(document, () => {
      if (diagnostics.length > 0) output.line(`${shownFindings(file, output.style)}\n`);
      if (!valid) output.line(`${output.style.red("✗")} ${shown}: ${countInWords(diagnostics)}`);
      else output.done(`${shown} is valid${diagnostics.length === 0 ? "" : `, with ${countInWords(diagnostics)}`}`);
    });
    return valid ? exitCodes.done.code : exitCodes.failed.code;
  },
});

function readPiped(source: string | undefined, cwd: string): Promise<ReadFile> {
  if (source === undefined) throw usageProblem("Nothing was piped in.", "ast spec validate --file - < astropods.yml");
  return readText({ path: "-", shown: "standard input", source }, cwd);
}
