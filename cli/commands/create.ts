// `ast create`: writes the files of a new agent into a folder of its name.

import { mkdirSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { Problem, usageProblem } from "../problem.ts";
import { agentNameProblem } from "../scaffold/agent-name.ts";
import {
  modelSources,
  modelSourceSummaries,
  templateNames,
  templates,
  type ModelSource,
  type TemplateName,
} from "../scaffold/templates.ts";
import type { ScaffoldRequest } from "../scaffold/scaffold-files.ts";
import { writeScaffold, type ScaffoldResult } from "../scaffold/write-scaffold.ts";

const mostPathsShown = 10;

export const createCommand = command({
  path: ["create"],
  aliases: [["project", "create"]],
  summary: "Create an agent from a template",
  description: [
    "Templates:",
    ...templateNames.map((name) => `  ${name.padEnd(14)} ${templates[name].summary}`),
    "",
    "Models:",
    ...modelSources.map((name) => `  ${name.padEnd(14)} ${modelSourceSummaries[name]}`),
  ].join("\n"),
  arguments: [{ name: "name", summary: "The agent's name, and its folder's", optional: true }],
  options: {
    template: {
      kind: "text",
      short: "t",
      placeholder: "<template>",
      choices: templateNames,
      summary: "What it is made with (default: mastra)",
    },
    model: {
      kind: "text",
      short: "m",
      placeholder: "<source>",
      choices: modelSources,
      summary: "Whose models it asks (default: gateway)",
    },
    path: { kind: "text", short: "p", placeholder: "<folder>", summary: "Where its folder is made (default: here)" },
    yes: { kind: "flag", short: "y", summary: "Ask nothing, take the defaults" },
    force: { kind: "flag", summary: "Replace an earlier scaffold in its folder, if none of its files was changed" },
  },
  examples: [
    { does: "An agent with Mastra that asks the gateway", line: "ast create my-agent" },
    { does: "One in Python, with your own key", line: "ast create my-agent -t langchain -m anthropic" },
  ],
  async run(call) {
    const { output, prompts, cwd } = call;
    const asks = prompts.available && !call.flag("yes");
    const name = call.optional("name") ?? (await askName(call));
    const problem = agentNameProblem(name);
    if (problem !== undefined) throw usageProblem(`"${name}" cannot be an agent's name. ${problem}`);
    const template = knownTemplate(call.text("template")) ?? (asks ? await askTemplate(call) : "mastra");
    const model = knownSource(call.text("model")) ?? (asks ? await askModel(call) : "gateway");
    const parent = resolve(cwd, call.text("path") ?? ".");
    const folder = join(parent, name);
    const shown = shownPath(cwd, folder);
    const result = await write(parent, folder, { name, template, model }, call.flag("force"));
    if ("refused" in result) throw refusal(result, shown);
    const next = nextSteps(call, shown, model);
    output.answer({ name, template, model, folder, files: [...result.written], next }, () => {
      output.done(`Created ${shown}: ${templates[template].summary}. Models: ${modelSourceSummaries[model]}.`);
      for (const line of ["", "Next:", ...next.map((step) => `  ${step}`), ""]) output.note(line);
      output.note("README.md says the rest; AGENTS.md is for coding agents.");
    });
  },
});

function askName({ prompts }: Context): Promise<string> {
  return prompts.text(
    { message: "What is the agent called?", instead: "its name: ast create <name>", placeholder: "my-agent" },
    agentNameProblem,
  );
}

function askTemplate({ prompts }: Context): Promise<TemplateName> {
  return prompts.select(
    { message: "What is it made with?", instead: "--template", initial: "mastra" },
    templateNames.map((value) => ({ value, hint: templates[value].summary })),
  );
}

function askModel({ prompts }: Context): Promise<ModelSource> {
  return prompts.select(
    { message: "Whose models does it ask?", instead: "--model", initial: "gateway" },
    modelSources.map((value) => ({ value, hint: modelSourceSummaries[value] })),
  );
}

/** What was typed has been checked against the same list. */
function knownTemplate(typed: string | undefined): TemplateName | undefined {
  return templateNames.find((name) => name === typed);
}

function knownSource(typed: string | undefined): ModelSource | undefined {
  return modelSources.find((name) => name === typed);
}

async function write(
  parent: string,
  folder: string,
  request: ScaffoldRequest,
  force: boolean,
): Promise<ScaffoldResult> {
  try {
    mkdirSync(parent, { recursive: true });
    return await writeScaffold(folder, request, force);
  } catch (thrown) {
    throw new Problem("failed", `${folder} cannot be written: ${thrown instanceof Error ? thrown.message : "failed"}`, {
      hint: "Choose another place with --path.",
      cause: thrown,
    });
  }
}

function refusal(result: Extract<ScaffoldResult, { readonly refused: string }>, shown: string): Problem {
  switch (result.refused) {
    case "not-a-folder":
      return new Problem("refused", `${shown} is there already, and is not a folder.`, {
        code: "folder_taken",
        hint: "Choose another name, or another place with --path.",
      });
    case "not-empty":
      return new Problem("refused", `${shown} is not empty.`, {
        code: "folder_taken",
        hint: "Choose another name or place (--path), or replace an unchanged scaffold with --force.",
      });
    case "not-ours": {
      const { paths } = result;
      const more = paths.length - mostPathsShown;
      return new Problem("refused", `${shown} holds files that are not as \`ast create\` wrote them:`, {
        code: "folder_taken",
        lines: [...paths.slice(0, mostPathsShown), ...(more > 0 ? [`and ${more} more`] : [])],
        hint: "Nothing was changed. Move them away, or choose another name or place (--path).",
      });
    }
  }
}

function nextSteps({ profiles, hasGivenToken }: Context, shown: string, model: ModelSource): string[] {
  const isSignedIn = hasGivenToken || profiles.list().length > 0;
  const prepare = model === "gateway" ? (isSignedIn ? [] : ["ast login"]) : ["ast configure"];
  return [`cd ${quoted(shown)}`, ...prepare, "ast dev"];
}

/** From the working directory when it is below it. */
function shownPath(cwd: string, folder: string): string {
  const path = relative(cwd, folder);
  return path.startsWith("..") || isAbsolute(path) ? folder : path;
}

/** A path as a shell reads it. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
