// Rules about inputs and the variables of custom providers: choices, defaults, secrets, names that stand twice.

import type { Findings } from "../findings.ts";
import { builtInProvider, providerNames } from "../providers.ts";
import { entriesAt, isMapping, listAt, mappingAt, textAt, valueAt, type Path, type RawMapping } from "../raw-values.ts";
import { allOf, named, quoted } from "../words.ts";
import { datatypeProblem } from "../datatypes.ts";
import { datatypes } from "../blueprint.ts";
import { componentSections } from "./component-rules.ts";

export function checkInputs(root: unknown, findings: Findings): void {
  for (const { path, value } of entriesAt(root, ["inputs"])) checkInput(value, path, findings);
  checkTwice(entriesAt(root, ["inputs"]), findings);
  checkList(root, ["agent", "inputs"], findings);
  for (const section of [...componentSections, "ingestion"]) {
    for (const { path } of entriesAt(root, [section])) checkList(root, [...path, "inputs"], findings);
  }
  for (const { name, path } of entriesAt(root, ["providers"])) {
    checkList(root, [...path, "variables"], findings);
    checkCustomProvider(root, name, path, findings);
  }
}

function checkList(root: unknown, path: Path, findings: Findings): void {
  const list = listAt(root, path).map((value, index) => ({ path: [...path, index], value }));
  for (const { path: at, value } of list) checkInput(value, at, findings);
  checkTwice(list, findings);
}

function checkTwice(list: readonly { path: Path; value: unknown }[], findings: Findings): void {
  const seen = new Set<string>();
  for (const { path, value } of list) {
    const name = textAt(value, ["name"]);
    if (name === undefined) continue;
    if (seen.has(name)) {
      findings.error({
        code: "input-twice",
        path: [...path, "name"],
        message: `${quoted(name)} is declared twice here.`,
        hint: "Remove one of them, or give it a name of its own.",
        aim: "value",
      });
    }
    seen.add(name);
  }
}

function checkInput(value: unknown, path: Path, findings: Findings): void {
  if (!isMapping(value)) return;
  const preset = scalarAsText(value["default"]);
  const options = listAt(value, ["options"]).flatMap((option) => scalarAsText(option) ?? []);
  if (value["display-as"] === "select") checkSelect(value, { path, preset, options }, findings);
  if (preset === undefined) return;
  if (value["secret"] === true && preset !== "") {
    findings.warning({
      code: "secret-default",
      path: [...path, "default"],
      message: `${named(path)} is a secret with a default: whoever reads this file knows it.`,
      hint: "Remove the default. `ast push` leaves it out of what it publishes.",
      aim: "key",
    });
    return;
  }
  const datatype = datatypes.find((known) => known === value["datatype"]);
  const problem = datatype === undefined || preset === "" ? undefined : datatypeProblem(datatype, preset);
  if (problem !== undefined) {
    findings.warning({
      code: "default-datatype",
      path: [...path, "default"],
      message: `The default of ${named(path)} ${problem}.`,
      hint: "Change the default or the `datatype`.",
      aim: "value",
    });
  }
}

type Select = { readonly path: Path; readonly preset: string | undefined; readonly options: readonly string[] };

function checkSelect(input: RawMapping, { path, preset, options }: Select, findings: Findings): void {
  if (options.length === 0 && !(Array.isArray(input["options"]) && input["options"].length > 0)) {
    findings.error({
      code: "select-options",
      path,
      message: `${named(path)} is shown as a choice, and has no \`options\`.`,
      hint: "Add `options: [one, two]`, or remove `display-as: select`.",
      aim: "key",
    });
  } else if (preset !== undefined && preset !== "" && !options.includes(preset)) {
    findings.error({
      code: "select-default",
      path: [...path, "default"],
      message: `The default of ${named(path)} is not among its \`options\`.`,
      hint: `Choose one of ${allOf(options.slice(0, 10))}.`,
      aim: "value",
    });
  }
}

function scalarAsText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

function checkCustomProvider(root: unknown, name: string, path: Path, findings: Findings): void {
  const sections = componentSections.filter(
    (section) =>
      builtInProvider(section, name) !== undefined ||
      providerNames(section).some((known) => known === name.toLowerCase()),
  );
  if (sections.length > 0) {
    findings.error({
      code: "provider-shadows",
      path,
      message: `${quoted(name)} is the name of a built-in provider of ${allOf(sections)}.`,
      hint: `Give yours a name of its own, such as ${quoted(`my-${name.toLowerCase()}`)}.`,
      aim: "key",
    });
    return;
  }
  const used = componentSections.some((section) =>
    entriesAt(root, [section]).some(({ value }) => textAt(value, ["provider"]) === name),
  );
  if (used || mappingAt(root, path) === undefined || valueAt(root, path) === null) return;
  findings.warning({
    code: "provider-unused",
    path,
    message: `No entry uses the provider ${quoted(name)}: its variables are not asked for.`,
    hint: `Add an entry with \`provider: ${name}\`, or remove it.`,
    aim: "key",
  });
}
