// What the schema refuses, told to people: one finding for each issue, with what was expected and the way out.

import type { z } from "zod";
import type { DiagnosticCode } from "./diagnostic.ts";
import type { Finding, Findings } from "./findings.ts";
import { adviceFor } from "./misplaced-keys.ts";
import { nearest } from "./nearest.ts";
import { isMapping, valueAt, type Path } from "./raw-values.ts";
import { keysAt } from "./schema-keys.ts";
import { capitalised, dotted, joined, named, oneOf, quoted, typeInWords } from "./words.ts";

type Issue = z.core.$ZodIssue;

/** Reports every issue; `value` is what was checked. Names of agents are told apart by their own rules. */
export function reportIssues(issues: readonly Issue[], value: unknown, findings: Findings): void {
  for (const { path, issue } of issues.flatMap((found) => flattened(found, []))) {
    if (path.length === 1 && path[0] === "name" && issue.code === "invalid_format") continue;
    for (const finding of findingsOf(issue, path, value)) findings.error(finding);
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

function findingsOf(issue: Issue, path: Path, root: unknown): Finding[] {
  const value = valueAt(root, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key));
    case "invalid_type":
      return [value === undefined ? missingKey(path, root) : wrongType(path, value, [issue.expected])];
    case "invalid_union":
      return [value === undefined ? missingKey(path, root) : wrongType(path, value, expectedOf(issue.errors))];
    case "invalid_value":
      return [value === undefined ? missingKey(path, root) : wrongValue(path, value, issue.values.map(String))];
    case "invalid_key":
      return [fromMessage(path, "entry-name", "key", issue.issues[0]?.message ?? "")];
    case "invalid_format":
    case "custom":
      return [fromMessage(path, formatCode(path), "value", issue.message)];
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

function missingKey(path: Path, root: unknown): Finding {
  const parent = path.slice(0, -1);
  const key = String(path.at(-1) ?? "");
  const siblings = valueAt(root, parent);
  const written = isMapping(siblings)
    ? Object.keys(siblings).find((other) => nearest(other, [key]) === key)
    : undefined;
  return {
    code: "missing-key",
    path,
    message: `${capitalised(named(parent))} needs ${quoted(key)}.`,
    hint: written === undefined ? exampleOf(path) : `${capitalised(quoted(written))} may be meant for it.`,
    aim: "key",
  };
}

const examples: Readonly<Record<string, string>> = {
  spec: "`spec: blueprint/v1`",
  name: "`name: my-agent`",
  agent: "`agent: { image: my-agent:latest }`",
  context: "`context: .`",
  dockerfile: "`dockerfile: Dockerfile`",
  datatype: "`datatype: string`",
  scope: "`scope: [models]`",
  variables: "`variables: [{ name: API_KEY, datatype: string, secret: true }]`",
  trigger: "`trigger: { type: manual }`",
  type: "`type: manual`",
  container: "`container: { image: my-job:latest }`",
  toolchain: "`toolchain: auto`",
  reason: "`reason: Reads your issues.`",
  provider: "`provider: github`",
  id: "`id: npm-token`",
};

function exampleOf(path: Path): string | undefined {
  const key = String(path.at(-1) ?? "");
  const inInput = path.length > 1 && (path.includes("inputs") || path.includes("variables"));
  const example = inInput && key === "name" ? "`name: API_TOKEN`" : examples[key];
  return example === undefined ? undefined : `Add a line such as ${example}.`;
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

function wrongType(path: Path, value: unknown, expected: readonly string[]): Finding {
  const names = [...new Set(expected.filter((type) => type !== "null").map((type) => typeNames[type] ?? type))];
  return {
    code: "wrong-type",
    path,
    message: `${capitalised(named(path))} must be ${joined(names, "or")}, and is ${typeInWords(value)}.`,
    hint: typeHint(path, value, expected),
    aim: "value",
  };
}

function typeHint(path: Path, value: unknown, expected: readonly string[]): string | undefined {
  const wants = (type: string) => expected.includes(type);
  const key = String(path.at(-1) ?? "");
  if (value === null)
    return wants("string")
      ? 'Write a value, `""` for an empty text, or remove the line.'
      : "Write its value, or remove the line.";
  if (wants("boolean") && typeof value === "string") return booleanHint(value);
  if (wants("array") && isMapping(value))
    return key === "inputs" ? "Inputs are a list here: begin each with `- name: ...`." : "Begin each entry with `- `.";
  if (wants("array")) return `Write it as a list: \`${key}: [...]\`.`;
  if ((wants("record") || wants("object")) && Array.isArray(value)) return listHint(path, key);
  if (wants("object") && typeof value === "string")
    return path.includes("build") ? "Write `build: { context: ., dockerfile: Dockerfile }`." : undefined;
  if ((wants("number") || wants("int")) && typeof value === "string") return "Write the number without quotes.";
  if (wants("string") && (typeof value === "number" || typeof value === "boolean"))
    return `Put it in quotes, such as \`${key}: "..."\`.`;
  return undefined;
}

function listHint(path: Path, key: string): string {
  if (path.length === 1 && key === "inputs") {
    return "At the top of the file inputs have names: `API_TOKEN: { name: API_TOKEN, datatype: string }`. A list stands under `agent.inputs`.";
  }
  return "Give each entry a name of its own, and no `- ` before it.";
}

function booleanHint(value: string): string | undefined {
  const word = value.trim().toLowerCase();
  if (["yes", "on", "y", "true", "1"].includes(word)) return "Write `true`, without quotes.";
  return ["no", "off", "n", "false", "0"].includes(word) ? "Write `false`, without quotes." : undefined;
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
function fromMessage(path: Path, code: DiagnosticCode, aim: Finding["aim"], text: string): Finding {
  const [message = "", hint] = text.split("\n");
  const subject = aim === "key" ? `The name ${quoted(String(path.at(-1) ?? ""))}` : capitalised(named(path));
  return { code, path, message: `${subject} ${message}.`, hint, aim };
}
