// A policy as text: read with its mistakes in place, changed field by field without touching the rest of it.

import {
  applyEdits,
  findNodeAtLocation,
  modify,
  parse,
  parseTree,
  printParseErrorCode,
  type ParseError,
} from "jsonc-parser";
import type { Json, JsonObject } from "../../../../server/contracts/json.ts";
import { pathOf, type Path } from "./policy-schema.ts";

export type TextRange = { readonly from: number; readonly to: number };
export type TextFault = TextRange & { readonly message: string };

export type ReadText = {
  /** Undefined while the text is no JSON object. */
  readonly policy: JsonObject | undefined;
  readonly faults: readonly TextFault[];
};

const strict = { allowTrailingComma: false, disallowComments: true } as const;
const format = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: "\n" } } as const;

/** What the parser's codes mean, in words. */
const faultWords: Readonly<Record<string, string>> = {
  InvalidSymbol: "This is no JSON: text needs quotation marks.",
  PropertyNameExpected: "A name in quotation marks is missing here.",
  ValueExpected: "A value is missing here.",
  ColonExpected: "A colon is missing here.",
  CommaExpected: "A comma is missing here.",
  CloseBraceExpected: "A closing brace is missing.",
  CloseBracketExpected: "A closing bracket is missing.",
  EndOfFileExpected: "The policy ends before this.",
  InvalidCommentToken: "Comments are not kept: remove this one.",
  UnexpectedEndOfString: "A closing quotation mark is missing.",
};

export function readText(text: string): ReadText {
  const errors: ParseError[] = [];
  const value: Json | undefined = parse(text, errors, strict);
  const faults = errors.map(({ error, offset, length }) => ({
    from: Math.min(offset, text.length),
    to: Math.min(offset + length, text.length),
    message: faultWords[printParseErrorCode(error)] ?? "This is no JSON.",
  }));
  if (faults.length > 0) return { policy: undefined, faults };
  if (isObject(value)) return { policy: value, faults: [] };
  return { policy: undefined, faults: [{ from: 0, to: text.length, message: "A policy is an object: { ... }." }] };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text with one value changed; undefined takes the field out, and its group with the last of its fields. */
export function changeText(text: string, path: Path, value: Json | undefined): string {
  const changed = applyEdits(text, modify(text, [...path], value, format));
  if (value !== undefined || path.length < 2) return changed;
  const parent = path.slice(0, -1);
  const left = valueAt(readText(changed).policy, parent);
  const isEmpty = isObject(left) && Object.keys(left).length === 0;
  return isEmpty && typeof parent.at(-1) === "string" ? changeText(changed, parent, undefined) : changed;
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(policy: JsonObject | undefined, path: Path): Json | undefined {
  let found: Json | undefined = policy;
  for (const part of path) {
    if (typeof part === "number") found = Array.isArray(found) ? found[part] : undefined;
    else found = isObject(found) ? found[part] : undefined;
  }
  return found;
}

/** Where a field stands in the text, its name included; the nearest thing around it when it is not written. */
export function rangeOf(text: string, pointer: string): TextRange {
  const root = parseTree(text, [], strict);
  if (root === undefined) return { from: 0, to: text.length };
  for (let path = pathOf(pointer); path.length > 0; path = path.slice(0, -1)) {
    const node = findNodeAtLocation(root, path);
    if (node === undefined) continue;
    const { offset, length } = node.parent?.type === "property" ? node.parent : node;
    return { from: offset, to: offset + length };
  }
  return { from: root.offset, to: root.offset + Math.min(1, root.length) };
}

export function writeText(policy: JsonObject): string {
  return `${JSON.stringify(policy, null, 2)}\n`;
}
