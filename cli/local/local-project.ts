// The agent in a folder: its blueprint, read and checked, and what its containers on this machine are called.

import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import type { Blueprint } from "../../blueprint/blueprint.ts";
import { countInWords, formatDiagnostics } from "../../blueprint/format-diagnostics.ts";
import { readBlueprint } from "../../blueprint/read-blueprint.ts";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";
import { blueprintFile } from "../project/blueprint-file.ts";

export type LocalProject = {
  /** Absolute, without symbolic links. */
  readonly folder: string;
  readonly file: string;
  readonly source: string;
  readonly blueprint: Blueprint;
  /** Names everything of it in the container engine; another folder has another one, also for an agent of the same name. */
  readonly project: string;
};

export type ReadLocalOptions = {
  /** By --file. */
  readonly file?: string | undefined;
  /** Whether a file without a name is called after its folder. Default true. */
  readonly mayLackName?: boolean;
  /** Whether warnings are printed. Default true. */
  readonly warns?: boolean;
};

/** @throws Problem usage with every error of the file at its place */
export function readLocalProject(
  context: Pick<Context, "cwd" | "output">,
  options: ReadLocalOptions = {},
): LocalProject {
  const file = realpathSync(blueprintFile(context.cwd, options.file));
  const folder = dirname(file);
  const source = readFileSync(file, "utf8");
  const fallback = (options.mayLackName ?? true) ? { fallbackName: basename(folder) } : {};
  const { blueprint, diagnostics } = readBlueprint(source, fallback);
  const shown = relative(context.cwd, file) || file;
  if (blueprint === undefined) {
    throw new Problem("usage", `${shown} has ${countInWords(diagnostics)}.`, {
      code: "invalid_blueprint",
      lines: formatDiagnostics(source, shown, diagnostics).split("\n"),
      hint: "What a key means is told by: ast spec explain <key>",
    });
  }
  if ((options.warns ?? true) && diagnostics.length > 0) {
    context.output.tell(formatDiagnostics(source, shown, diagnostics));
  }
  return { folder, file, source, blueprint, project: projectName(blueprint.name, folder) };
}

const longestName = 28;

/** `my-agent-dev-1a2b3c`: a DNS label of at most 40 characters. */
function projectName(name: string, folder: string): string {
  const digest = createHash("sha256").update(folder).digest("hex").slice(0, 6);
  return `${name.slice(0, longestName).replace(/-+$/, "")}-dev-${digest}`;
}
