// Adds an entry to the folder's astropods.yml: refuses what would make it invalid, shows what changed, and says what will
// be asked for because of it.

import { writeFileSync } from "node:fs";
import type { Blueprint } from "../../blueprint/blueprint.ts";
import type { EditableSection } from "../../blueprint/edit.ts";
import { localMessaging } from "../../blueprint/messaging.ts";
import { requestedValues } from "../../blueprint/requested-values.ts";
import type { Json } from "../../server/contracts/json.ts";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";
import type { Output } from "../terminal/output.ts";
import { readText, requireBlueprint, type BlueprintText } from "./read-file.ts";

export type Addition = {
  readonly section: EditableSection;
  readonly name: string;
  /** Keys that are undefined are left out. */
  readonly value: Readonly<Record<string, unknown>>;
};

export type AddOptions = { readonly dryRun: boolean };

/** @throws Problem usage when the file is or would be invalid, refused when the name is taken */
export async function addToBlueprint(
  { output }: Context,
  file: BlueprintText,
  { section, name, value }: Addition,
  { dryRun }: AddOptions,
): Promise<void> {
  const before = requireBlueprint(await readText(file));
  const { addEntry } = await import("../../blueprint/edit.ts");
  const entry = Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
  const result = addEntry(file.source, { section, name, value: entry });
  if (!result.ok) throw new Problem("refused", result.message, { hint: result.hint });
  const changed = { ...file, source: result.text };
  const after = await validOrRefused(changed, name);
  const asked = newlyAsked(before, after);
  if (!dryRun) write(file, result.text);
  const document: Json = { file: file.shown, section, name, written: !dryRun, asked };
  const lines = await changedLines(file.source, result.text);
  output.answer(document, () => {
    for (const line of lines) output.line(painted(line, output));
    output.line();
    if (dryRun) output.note("Nothing was written (--dry-run).");
    else output.done(`Added ${section}.${name} to ${file.shown}.`);
    if (asked.length > 0) output.note(`It asks for ${asked.join(", ")}: ast project configure`);
  });
}

/** The file was right before, so that every error comes from what is added. */
async function validOrRefused(changed: BlueprintText, name: string): Promise<Blueprint> {
  const { blueprint, diagnostics } = await readText(changed);
  if (blueprint !== undefined) return blueprint;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  throw new Problem("usage", `${changed.shown} would be invalid with ${name}; nothing was changed.`, {
    code: "blueprint_invalid",
    lines: errors.flatMap(({ message, hint }) => [message, ...(hint === undefined ? [] : [`  ${hint}`])]),
  });
}

function newlyAsked(before: Blueprint, after: Blueprint): string[] {
  const names = (blueprint: Blueprint) =>
    requestedValues(blueprint, { place: "local", messaging: localMessaging(blueprint) }).map((value) => value.name);
  const known = new Set(names(before));
  return names(after).filter((name) => !known.has(name));
}

function write({ path, shown }: BlueprintText, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new Problem("failed", `${shown} cannot be written.`, { hint: "Look at its permissions.", cause });
  }
}

const linesAround = 2;

/** Lines that were added or taken away, each with its sign, and a few around them. */
async function changedLines(before: string, after: string): Promise<string[]> {
  const { structuredPatch } = await import("diff");
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: linesAround });
  return hunks.flatMap(({ lines }) => lines.filter((line) => !line.startsWith("\\")));
}

function painted(line: string, { style }: Output): string {
  if (line.startsWith("+")) return style.green(line);
  return line.startsWith("-") ? style.red(line) : style.dim(line);
}
