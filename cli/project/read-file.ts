// Reads the blueprint of a folder for commands, and shows what is wrong with it. The reader is loaded at its first use, so
// that commands without a blueprint start without it.

import { readFileSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import type { Blueprint } from "../../blueprint/blueprint.ts";
import type { Diagnostic } from "../../blueprint/diagnostic.ts";
import { formatDiagnostics } from "../../blueprint/format-diagnostics.ts";
import { Problem } from "../problem.ts";
import type { Style } from "../terminal/style.ts";
import { blueprintFile } from "./blueprint-file.ts";

export type BlueprintText = {
  /** Absolute; `-` for what was piped in. */
  readonly path: string;
  /** From where the command runs. */
  readonly shown: string;
  readonly source: string;
};

export type ReadFile = BlueprintText & {
  /** Undefined when there is an error among the diagnostics. */
  readonly blueprint: Blueprint | undefined;
  readonly diagnostics: readonly Diagnostic[];
};

/** @param given by `--file`. @throws Problem usage when there is no such file, failed when it cannot be read */
export function openBlueprintText(cwd: string, given: string | undefined): BlueprintText {
  const path = blueprintFile(cwd, given);
  const shown = relative(cwd, path) || basename(path);
  try {
    return { path, shown, source: readFileSync(path, "utf8") };
  } catch (cause) {
    throw new Problem("failed", `${shown} cannot be read.`, { hint: "Look at its permissions.", cause });
  }
}

/** A file that does not say its name is called after its folder. */
export async function readText(text: BlueprintText, folder = dirname(text.path)): Promise<ReadFile> {
  const { readBlueprint } = await import("../../blueprint/read-blueprint.ts");
  return { ...text, ...readBlueprint(text.source, { fallbackName: basename(folder) }) };
}

/** In the colours of a terminal, where it has any. */
export function shownFindings({ source, shown, diagnostics }: ReadFile, style: Style): string {
  const paints = { error: style.red, warning: style.yellow, quiet: style.dim, strong: style.bold };
  return formatDiagnostics(source, shown, diagnostics, { paint: (text, part) => paints[part](text) });
}

/** For commands that need a blueprint that is right. @throws Problem usage with every finding */
export function requireBlueprint(file: ReadFile): Blueprint {
  if (file.blueprint !== undefined) return file.blueprint;
  throw new Problem("usage", `${file.shown} has errors.`, {
    code: "blueprint_invalid",
    lines: formatDiagnostics(file.source, file.shown, file.diagnostics).split("\n"),
    hint: "Mend them, then try again.",
  });
}
