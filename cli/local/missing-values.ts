// Says which values an agent lacks, before anything is built.

import type { RequestedValue, ResolvedEnvironment } from "../../blueprint/environment-request.ts";
import { Problem } from "../problem.ts";
import type { LocalProject } from "./local-project.ts";

/** @throws Problem usage when something is missing or cannot be used */
export function checkValues({ missing, problems }: ResolvedEnvironment, { blueprint }: LocalProject): void {
  if (missing.length === 0 && problems.length === 0) return;
  const lines = [...missing.map(describe), ...problems.map(({ message }) => message)];
  throw new Problem("usage", `${blueprint.name} cannot start: ${countOf(missing.length, problems.length)}.`, {
    code: "missing_values",
    lines,
    hint: "Give them by `ast project configure`, or write them into .env beside astropods.yml.",
  });
}

function describe({ name, description, from }: RequestedValue): string {
  const place = from.entry === undefined ? from.section : `${from.section}.${from.entry}`;
  return `${name} (${place})${description === undefined ? "" : `: ${description}`}`;
}

function countOf(missing: number, problems: number): string {
  const counted = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  return [
    ...counted(missing, "value is missing", "values are missing"),
    ...counted(problems, "value cannot be used", "values cannot be used"),
  ].join(", ");
}
