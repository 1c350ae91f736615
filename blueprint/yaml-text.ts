// The text of a blueprint as plain values with their places. Reads one YAML document of bounded size and depth; anchors
// and merge keys are followed within a bound, so that a short text cannot become a huge value.

import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Alias,
  type Document,
  type ParsedNode,
  type Pair,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { DiagnosticCode } from "./diagnostic.ts";
import type { Findings } from "./findings.ts";
import type { Place, Span } from "./place.ts";
import { quoted } from "./words.ts";
import { openedBefore } from "./yaml-openings.ts";
import { syntaxSentences } from "./yaml-sentences.ts";

export const mostCharacters = 256 * 1024;
const mostDepth = 40;
/** Values that a file may come to, anchors followed. */
const mostValues = 20_000;
const mostSyntaxErrors = 10;

export type ReadText = { readonly value: Readonly<Record<string, unknown>>; readonly place: Place };

/** Undefined when the text cannot be read; then `findings` says why. */
export function readYaml(source: string, findings: Findings): ReadText | undefined {
  if (source.length > mostCharacters) {
    findings.errorAt(
      { start: 0, end: 1 },
      "file-size",
      `The file is longer than ${mostCharacters / 1024} KiB.`,
      "A blueprint needs a few hundred lines at most: move data to files of the image.",
    );
    return undefined;
  }
  if (copiedLineNumbers(source)) {
    findings.errorAt(
      { start: 0, end: 1 },
      "yaml-line-numbers",
      "Every line begins with its number: the numbers were copied along with the text.",
      "Remove the number at the beginning of each line.",
    );
    return undefined;
  }
  const document = oneDocument(source, findings);
  return document === undefined ? undefined : new YamlReader(findings).read(document);
}

/** As pages that show line numbers give them when text is marked there. */
function copiedLineNumbers(source: string): boolean {
  const lines = source.trimEnd().split("\n");
  return lines.length > 1 && lines.every((line, index) => new RegExp(`^\\s*${index + 1}(?!\\d)`).test(line));
}

function oneDocument(source: string, findings: Findings): Document.Parsed | undefined {
  const documents = parsed(source);
  if (documents === undefined) {
    findings.errorAt({ start: 0, end: 1 }, "file-size", "Values are nested too deeply to be read.");
    return undefined;
  }
  const [document, second] = documents;
  if (document === undefined || (document.contents === null && second === undefined && document.errors.length === 0)) {
    const hint = "Begin with `spec: blueprint/v1`, `name:` and `agent:`, or write a new agent with `ast create`.";
    findings.errorAt({ start: 0, end: 1 }, "file-empty", "The file is empty.", hint);
    return undefined;
  }
  if (documents.some(({ errors, warnings }) => errors.length + warnings.length > 0)) {
    reportSyntax(documents, source, findings);
    return undefined;
  }
  if (second !== undefined) {
    const at = second.range[0];
    const hint = "Keep one agent in a file: remove the line `---` and what follows it.";
    findings.errorAt(
      { start: Math.max(0, source.lastIndexOf("---", at + 3)), end: at + 3 },
      "yaml-documents",
      "The file holds more than one document.",
      hint,
    );
    return undefined;
  }
  return document;
}

/** Undefined when the nesting is too deep for the reader. */
function parsed(source: string): Document.Parsed[] | undefined {
  try {
    const documents = parseAllDocuments(source, { uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
    return Array.isArray(documents) ? documents : [];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function reportSyntax(documents: readonly Document.Parsed[], source: string, findings: Findings): void {
  const seen = new Set<number>();
  const problems = documents.flatMap((document) =>
    [...document.errors, ...document.warnings].map((error) => {
      const opened = openedBefore(document, error);
      return { code: error.code, message: error.message, pos: opened ?? error.pos, opened: opened !== undefined };
    }),
  );
  for (const problem of problems.toSorted((one, other) => one.pos[0] - other.pos[0])) {
    const [start, end] = problem.pos;
    const line = source.slice(0, start).split("\n").length;
    if (seen.has(line)) continue;
    seen.add(line);
    if (seen.size > mostSyntaxErrors) return;
    const { code, message, hint } = syntaxSentences(problem, source);
    findings.errorAt({ start, end }, code, message, hint);
  }
}

type Read = { readonly value: unknown; readonly place: Place };

class YamlReader {
  readonly #findings: Findings;
  /** By name, the latest one: an alias means the anchor before it. */
  readonly #anchors = new Map<string, unknown>();
  #aliasesOpen = 0;
  /** Set when a value could not be made out, so that checking what was read would only repeat it. */
  #incomplete = false;
  #values = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  read({ contents }: Document.Parsed): ReadText | undefined {
    if (!isMap(contents)) {
      const hint = "A blueprint is made of lines like `name: my-agent`.";
      const what = isSeq(contents) ? "a list" : "text";
      this.#findings.errorAt(
        spanOf(contents),
        "file-shape",
        `The file is ${what}, not a mapping of keys to values.`,
        hint,
      );
      return undefined;
    }
    const { value, place } = this.#map(contents, undefined, 0);
    return this.#incomplete ? undefined : { value, place };
  }

  /** Nothing more is read once a bound is crossed; the finding is made once. */
  #node(node: unknown, key: Span | undefined, depth: number): Read {
    const span = spanOf(node);
    this.#values += 1;
    if (this.#values > mostValues || depth > mostDepth) {
      this.#tooMuch(span, depth > mostDepth);
      return { value: null, place: leaf(span, key) };
    }
    if (isAlias(node)) return this.#alias(node, span, key, depth);
    if (isNode(node) && node.anchor !== undefined && this.#aliasesOpen === 0) this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#map(node, key, depth);
    if (isSeq(node)) return this.#list(node.items, span, key, depth);
    return isScalar(node) ? this.#scalar(node, span, key) : { value: null, place: leaf(span, key) };
  }

  #unreadable(span: Span, code: DiagnosticCode, message: string, hint: string): void {
    this.#incomplete = true;
    this.#findings.errorAt(span, code, message, hint);
  }

  #tooMuch(span: Span, deep: boolean): void {
    if (this.#incomplete) return;
    const message = deep
      ? `Values are nested more than ${mostDepth} deep.`
      : `Anchors and aliases make more than ${mostValues} values of this file.`;
    this.#unreadable(span, deep ? "file-size" : "yaml-alias", message, "Write the values out, and fewer of them.");
  }

  #alias(node: Alias, span: Span, key: Span | undefined, depth: number): Read {
    const target = this.#anchors.get(node.source);
    if (target === undefined) {
      this.#unreadable(
        span,
        "yaml-alias",
        `Nothing before this line has the anchor ${quoted(`&${node.source}`)}.`,
        `Put ${quoted(`&${node.source}`)} before the value that is meant, or put the text in quotes if it only begins with \`*\`.`,
      );
      return { value: null, place: leaf(span, key) };
    }
    this.#aliasesOpen += 1;
    const read = this.#node(target, key, depth + 1);
    this.#aliasesOpen -= 1;
    return { value: read.value, place: { ...read.place, key, value: span } };
  }

  #list(items: readonly unknown[], span: Span, key: Span | undefined, depth: number): Read {
    const read = items.map((item) => this.#node(item, undefined, depth + 1));
    const children = new Map(read.map(({ place }, index) => [String(index), place]));
    return { value: read.map(({ value }) => value), place: { value: span, key, text: undefined, children } };
  }

  #map(map: YAMLMap, key: Span | undefined, depth: number): Read & ReadText {
    const value: Record<string, unknown> = {};
    const children = new Map<string, Place>();
    const merged: Read[] = [];
    for (const pair of map.items) {
      const name = this.#keyOf(pair);
      if (name === undefined) continue;
      const at = spanOf(pair.key);
      const read = this.#node(pair.value, at, depth + 1);
      if (name === "<<") {
        merged.push(...this.#mergedFrom(read, at));
        continue;
      }
      if (children.has(name)) this.#duplicate(name, at);
      value[name] = read.value;
      children.set(name, read.place);
    }
    for (const { value: other, place } of merged) addMissing(value, children, other, place);
    return { value, place: { value: spanOf(map), key, text: undefined, children } };
  }

  #duplicate(name: string, at: Span): void {
    const hint = "Remove one of them, or put what both hold under one.";
    this.#findings.errorAt(at, "yaml-duplicate-key", `${quoted(name)} stands here for the second time.`, hint);
  }

  /** Undefined for a key that is no plain text, which is a finding. */
  #keyOf({ key }: Pair): string | undefined {
    const name = isScalar(key) && key.value !== null ? textOf(key) : undefined;
    if (name !== undefined && name !== "__proto__") return name;
    const hint = "Write `key: value`. Text in braces after a colon belongs in quotes.";
    this.#unreadable(spanOf(key), "yaml-key", "This key is not a plain word.", hint);
    return undefined;
  }

  #mergedFrom(read: Read, at: Span): Read[] {
    const sources = Array.isArray(read.value)
      ? read.value.map((value: unknown, index) => ({
          value,
          place: read.place.children.get(String(index)) ?? read.place,
        }))
      : [read];
    if (sources.every(({ value }) => typeof value === "object" && value !== null && !Array.isArray(value)))
      return sources;
    this.#unreadable(
      at,
      "yaml-alias",
      "`<<` can only take in mappings.",
      "Write `<<: *anchor`, where the anchor marks a mapping.",
    );
    return [];
  }

  #scalar(node: Scalar, span: Span, key: Span | undefined): Read {
    const { value } = node;
    const text = textOf(node);
    if (value !== null && text === undefined) {
      this.#unreadable(
        span,
        "yaml-tag",
        "This value has a type that a blueprint does not know.",
        "Remove the tag, the word that begins with `!`.",
      );
      return { value: null, place: leaf(span, key) };
    }
    return { value, place: { value: span, key, text, children: new Map() } };
  }
}

function addMissing(value: Record<string, unknown>, children: Map<string, Place>, other: unknown, place: Place): void {
  if (typeof other !== "object" || other === null) return;
  for (const [name, entry] of Object.entries(other)) {
    const child = place.children.get(name);
    if (children.has(name) || child === undefined) continue;
    value[name] = entry;
    children.set(name, child);
  }
}

/** As it is written; undefined for nothing, and for what only a tag can make. */
function textOf({ value, source }: Scalar): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? (source ?? String(value)) : undefined;
}

function leaf(value: Span, key: Span | undefined): Place {
  return { value, key, text: undefined, children: new Map() };
}

function spanOf(node: unknown): Span {
  const range = hasRange(node) ? node.range : undefined;
  return range ? { start: range[0], end: range[1] } : { start: 0, end: 0 };
}

function isNode(node: unknown): node is { readonly anchor?: string } {
  return isMap(node) || isSeq(node) || isScalar(node);
}

function hasRange(node: unknown): node is ParsedNode {
  return typeof node === "object" && node !== null && "range" in node;
}
