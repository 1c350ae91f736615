// `ast project configure`: the values that the agent gets on this machine, kept for this person and folder.

import { localMessaging } from "../../blueprint/messaging.ts";
import { requestedValues } from "../../blueprint/requested-values.ts";
import { command } from "../command.ts";
import { askValues } from "../local/ask-values.ts";
import { buildsOf } from "../local/build-images.ts";
import { readLocalProject } from "../local/local-project.ts";
import {
  readEnvironmentFile,
  readStoredValues,
  variableName,
  writeStoredValues,
  type StoredValues,
} from "../local/project-values.ts";
import { usageProblem } from "../problem.ts";

export const projectConfigureCommand = command({
  path: ["project", "configure"],
  aliases: [["project", "config"], ["dev", "configure"], ["dev", "project", "configure"], ["configure"]],
  summary: "Give the local agent its credentials and inputs",
  description:
    "Asks for every credential and input of the blueprint, those of ingestion jobs too; an empty answer keeps what is " +
    "there. Values are kept in ~/.ast/project-configs.json, readable for you alone, and win over .env. Without a " +
    "terminal, or with --var, --rm-var or --vars-file, nothing is asked.",
  options: {
    file: {
      kind: "text",
      short: "f",
      placeholder: "<path>",
      summary: "The blueprint (default: astropods.yml in this folder)",
    },
    var: { kind: "list", placeholder: "<KEY=value>", summary: "Keep a value" },
    "rm-var": { kind: "list", placeholder: "<KEY>", summary: "Forget a value" },
    "vars-file": { kind: "text", placeholder: "<file>", summary: "Keep the values of a file such as .env" },
    output: {
      kind: "text",
      short: "o",
      placeholder: "<form>",
      choices: ["env", "json"],
      summary: "Print the values, secrets too",
    },
  },
  examples: [
    { does: "Be asked", line: "ast project configure" },
    { does: "In a script", line: "ast project configure --var REGION=eu --vars-file secrets.env" },
    { does: "See what is kept", line: "ast project configure -o env" },
  ],
  async run(call) {
    const { settings, output, prompts } = call;
    const project = readLocalProject(call, { file: call.text("file"), warns: false });
    const stored = readStoredValues(settings, project.folder);
    const form = call.text("output");
    if (form !== undefined) {
      output.raw(form === "json" ? `${JSON.stringify(stored, undefined, 2)}\n` : environmentText(stored));
      return;
    }
    const typed = {
      ...(await readFileValues(call.text("vars-file"), project.folder, call.cwd)),
      ...Object.fromEntries(call.list("var").map(splitValue)),
    };
    const removed = call.list("rm-var");
    const asks = Object.keys(typed).length === 0 && removed.length === 0;
    const { blueprint } = project;
    const messaging = localMessaging(blueprint);
    const requested = requestedValues(blueprint, { place: "local", messaging });
    const secrets = buildsOf(blueprint).flatMap(({ config }) => config.secrets.map(({ id, env = id }) => env));
    if (asks && !prompts.available) {
      throw usageProblem("There is no terminal to ask at.", "Give values by --var KEY=value or --vars-file <file>.");
    }
    const file = asks ? await readEnvironmentFile(project.folder, call.cwd, undefined) : undefined;
    const given = asks ? await askValues(prompts, requested, secrets, { ...file?.values, ...stored }) : typed;
    const kept = Object.entries({ ...stored, ...given }).filter(([name]) => !removed.includes(name));
    writeStoredValues(settings, project.folder, blueprint.name, Object.fromEntries(kept));
    const names = kept.map(([name]) => name).toSorted();
    const missing = requested.filter(
      ({ name, optional, default: preset }) => !optional && preset === undefined && !names.includes(name),
    );
    output.answer({ kept: names, missing: missing.map(({ name }) => name) }, () => {
      output.done(names.length === 0 ? "Nothing is kept." : `Kept for ${blueprint.name}: ${names.join(", ")}`);
      if (missing.length > 0) output.note(`Not given: ${missing.map(({ name }) => name).join(", ")}`);
      if (asks && file !== undefined) output.note(`What is kept here wins over ${file.path}, which may be deleted.`);
    });
  },
});

async function readFileValues(given: string | undefined, folder: string, cwd: string): Promise<StoredValues> {
  const file = given === undefined ? undefined : await readEnvironmentFile(folder, cwd, given);
  return file?.values ?? {};
}

function splitValue(typed: string): readonly [string, string] {
  const at = typed.indexOf("=");
  const name = typed.slice(0, at);
  if (at > 0 && variableName.test(name)) return [name, typed.slice(at + 1)];
  throw usageProblem("--var takes a name and a value.", "Write --var NAME=value; a name has letters, digits and _.");
}

/** Lines that a shell and `.env` readers take alike. */
function environmentText(values: StoredValues): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${/^[\w./:@+-]*$/.test(value) ? value : JSON.stringify(value)}\n`)
    .join("");
}
