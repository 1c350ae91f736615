// The files of a new agent: those of every agent, of its language and of its framework, filled in.

import { modelWords } from "./model-words.ts";
import { readTemplateFiles } from "./template-files.ts";
import { devCommands, modelSources, templates, type ModelSource, type TemplateName } from "./templates.ts";

export type ScaffoldRequest = {
  /** The agent's name, valid as `name` in astropods.yml. */
  readonly name: string;
  readonly template: TemplateName;
  readonly model: ModelSource;
};

/** Path below the agent's folder, with forward slashes, to its text; in the order of the paths. */
export type ScaffoldFiles = ReadonlyMap<string, string>;

let templateFiles: Promise<Readonly<Record<string, string>>> | undefined;

/**
 * A later folder wins over an earlier one. Of `x.gateway.y`, `x.anthropic.y` and `x.openai.y` the one of the model's
 * source becomes `x.y` and wins over a plain `x.y`. `_gitignore` becomes `.gitignore`, which npm leaves out of packages.
 */
export async function scaffoldFiles(request: ScaffoldRequest): Promise<ScaffoldFiles> {
  templateFiles ??= import("./embedded-templates.ts").then(
    ({ embeddedTemplates }) => embeddedTemplates,
    () => readTemplateFiles(),
  );
  const known = Object.entries(await templateFiles);
  const files = new Map<string, { text: string; forSource: boolean }>();
  for (const folder of ["every", templates[request.template].language, request.template]) {
    for (const [path, text] of known) {
      if (!path.startsWith(`${folder}/`)) continue;
      const { target, source } = readVariant(path.slice(folder.length + 1));
      if (source !== undefined && source !== request.model) continue;
      if (source === undefined && files.get(target)?.forSource) continue;
      files.set(target, { text, forSource: source !== undefined });
    }
  }
  return new Map(
    [...files]
      .map(([path, { text }]): [string, string] => [path, filledIn(text, request)])
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** `agent/model.ts` and `gateway` for `agent/model.gateway.ts`; no source for a file that does not depend on it. */
function readVariant(path: string): { target: string; source: ModelSource | undefined } {
  const source = modelSources.find((name) => path.includes(`.${name}.`));
  const target = source === undefined ? path : path.replace(`.${source}.`, ".");
  return { target: target === "_gitignore" ? ".gitignore" : target, source };
}

function filledIn(text: string, { name, template, model }: ScaffoldRequest): string {
  const values: Readonly<Record<string, string>> = {
    name,
    framework: templates[template].title,
    devCommand: devCommands[templates[template].language],
    ...modelWords[model],
  };
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, key: string) => values[key] ?? whole);
}
