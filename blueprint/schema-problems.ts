// What the schema refuses, told to people: one finding for each issue, with what was expected and the way out.

import type { z } from "zod";
import type { DiagnosticCode } from "./diagnostic.ts";
import type { Finding, Findings } from "./findings.ts";
import { adviceFor } from "./misplaced-keys.ts";
import { nearest } from "./nearest.ts";
import { isMapping, valueAt, type Path } from "./raw-values.ts";
import { keysAt } from "./schema-keys.ts";
import { exampleLine, typeHint, type Mismatch } from "./type-hints.ts";
import { variablePart, variablePattern } from "./names.ts";
import { capitalised, dotted, joined, named, oneOf, quoted, typeInWords } from "./words.ts";

type Issue = z.core.$ZodIssue;

/** Reports every issue; `value` is what was checked. Names of agents are told apart by their own rules. */
export function reportIssues(issues: readonly Issue[], value: unknown, findings: Findings): void {
  for (const { path, issue } of issues.flatMap((found) => flattened(found, []))) {
    if (path.length === 1 && path[0] === "name" && issue.code === "invalid_format") continue;
    for (const finding of findingsOf(issue, path, value, findings)) findings.error(finding);
  }
}

/** The parts of the value that an issue is about, so that the rest can still be looked at. */
export function issuePaths(issues: readonly Issue[]): { path: Path; extra: boolean }[] {
  return issues
    .flatMap((found) => flattened(found, []))
    .flatMap(({ path, issue }) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ path: [...path, key], extra: true }))
        : [{ path, extra: issue.code === "invalid_key" }],
    );
}

type Flat = { readonly path: Path; readonly issue: Issue };

/** Of values that may have several shapes, the issues of the shape that was meant. */
function flattened(issue: Issue, before: Path): Flat[] {
  const path = [...before, ...issue.path.map((key) => (typeof key === "symbol" ? String(key) : key))];
  if (issue.code !== "invalid_union") return [{ path, issue }];
  const meant = issue.errors.find((errors) => !errors.some((inner) => isRootMismatch(inner)));
  return meant === undefined ? [{ path, issue }] : meant.flatMap((inner) => flattened(inner, path));
}

function isRootMismatch(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}

function findingsOf(issue: Issue, path: Path, root: unknown, findings: Findings): Finding[] {
  const value = valueAt(root, path);
  const mismatch = (expected: readonly string[]) =>
    value === undefined
      ? missingKey(path, root)
      : [wrongType({ path, value, written: findings.writtenAt(path), expected })];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key));
    case "invalid_type":
      return mismatch([issue.expected]);
    case "invalid_union":
      return mismatch(expectedOf(issue.errors));
    case "invalid_value":
      return value === undefined ? missingKey(path, root) : [wrongValue(path, value, issue.values.map(String))];
    case "invalid_key":
      return [badName(path, issue.issues[0]?.message ?? "")];
    case "invalid_format":
    case "custom":
      return [wrongFormat(path, issue.message, value)];
    case "too_small":
      return [tooSmall(path, issue)];
    case "too_big":
      return [sized(path, `must be at most ${String(issue.maximum)}`)];
    default:
      return [sized(path, "cannot be used")];
  }
}

function formatCode(path: Path): DiagnosticCode {
  if (path.at(-1) === "name" && (path.includes("inputs") || path.includes("variables"))) return "input-name";
  if (path.at(-1) === "interval" || path.at(-1) === "timeout") return "duration-invalid";
  return path.includes("packages") ? "package-name" : "wrong-format";
}

function unknownKey(parent: Path, key: string): Finding {
  const known = keysAt(parent);
  const close = nearest(key, known);
  const advice = adviceFor(dotted(parent), key);
  const meant = close === undefined ? undefined : `Did you mean ${quoted(close)}?`;
  const listed = known.length === 0 ? undefined : `Its keys are ${joined(known.map(quoted), "and")}.`;
  const home = parent.length === 0 ? "at the top of the file" : `in ${named(parent)}`;
  return {
    code: "unknown-key",
    path: [...parent, key],
    message: `There is no key ${quoted(key)} ${home}.`,
    hint: advice ?? meant ?? belongsToAgent(parent, key) ?? listed,
    aim: "key",
  };
}

function belongsToAgent(parent: Path, key: string): string | undefined {
  return parent.length === 0 && keysAt(["agent"]).includes(key) ? "It goes under `agent`." : undefined;
}

/** None when a key that does not exist is probably meant for it: that one is told already. */
function missingKey(path: Path, root: unknown): Finding[] {
  const parent = path.slice(0, -1);
  const key = String(path.at(-1) ?? "");
  const siblings = valueAt(root, parent);
  const known = keysAt(parent);
  const misspelt = isMapping(siblings)
    ? Object.keys(siblings).some((other) => !known.includes(other) && nearest(other, known) === key)
    : false;
  if (misspelt) return [];
  const example = exampleLine(path);
  const hint = example === undefined ? undefined : `Add a line such as \`${example}\`.`;
  return [
    { code: "missing-key", path, message: `${capitalised(named(parent))} needs ${quoted(key)}.`, hint, aim: "key" },
  ];
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  null: "empty",
};

function expectedOf(branches: readonly (readonly Issue[])[]): string[] {
  return branches.flatMap((errors) =>
    errors.flatMap((issue) => (issue.code === "invalid_type" ? [issue.expected] : [])),
  );
}

function wrongType(mismatch: Mismatch): Finding {
  const { path, value, expected } = mismatch;
  const names = [...new Set(expected.filter((type) => type !== "null").map((type) => typeNames[type] ?? type))];
  const fraction = typeof value === "number" && expected.includes("int");
  return {
    code: "wrong-type",
    path,
    message: `${capitalised(named(path))} must be ${joined(names, "or")}, and is ${fraction ? String(value) : typeInWords(value)}.`,
    hint: typeHint(mismatch),
    aim: "value",
  };
}

function wrongValue(path: Path, value: unknown, allowed: readonly string[]): Finding {
  const written = typeof value === "string" ? quoted(value) : typeInWords(value);
  const close = typeof value === "string" ? (nearest(value, allowed) ?? synonyms[value.toLowerCase()]) : undefined;
  const meant = close !== undefined && allowed.includes(close) ? `Did you mean ${quoted(close)}?` : undefined;
  return {
    code: "wrong-value",
    path,
    message: `${capitalised(named(path))} is ${written}, and must be ${oneOf(allowed)}.`,
    hint: meant,
    aim: "value",
  };
}

/** What other tools call the same thing. */
const synonyms: Readonly<Record<string, string>> = {
  text: "string",
  str: "string",
  bool: "boolean",
  int: "number",
  integer: "number",
  float: "number",
  list: "array",
  map: "object",
  dict: "object",
  json: "object",
  cron: "schedule",
  scheduled: "schedule",
  once: "startup",
  "on-demand": "manual",
  http: "webhook",
  dropdown: "select",
  textarea: "long-text",
  input: "short-text",
  tools: "integrations",
  tool: "integrations",
  chrome: "chromium",
  nvidia: "cuda",
  amd: "rocm",
};

function tooSmall(path: Path, issue: z.core.$ZodIssueTooSmall): Finding {
  if (issue.origin === "string") return sized(path, "must not be empty");
  if (issue.origin === "array") return sized(path, "needs at least one entry");
  return sized(path, `must be at least ${String(issue.minimum)}`);
}

function sized(path: Path, what: string): Finding {
  return { code: "wrong-size", path, message: `${capitalised(named(path))} ${what}.`, aim: "value" };
}

/** The schema's own message: what must be, and on the next line what to do. */
function wrongFormat(path: Path, text: string, value: unknown): Finding {
  const [message = "", hint] = text.split("\n");
  const code = formatCode(path);
  const variable = code === "input-name" && typeof value === "string" ? variablePart(value) : "";
  return {
    code,
    path,
    message: `${capitalised(named(path))} ${message}.`,
    hint: variablePattern.test(variable) ? `Write ${quoted(variable)}, for example.` : hint,
    aim: "value",
  };
}

function badName(path: Path, text: string): Finding {
  const [, hint] = text.split("\n");
  const message = `${quoted(String(path.at(-1) ?? ""))} cannot be a name here.`;
  return { code: "entry-name", path, message, hint, aim: "key" };
}
