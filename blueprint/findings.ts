// Collects what is wrong with one file, each finding at its place, and gives it out in the order of the file.

import type { Diagnostic, DiagnosticCode } from "./diagnostic.ts";
import { lineReader, placeAt, type Place, type Span } from "./place.ts";
import type { Path } from "./raw-values.ts";
import { dotted } from "./words.ts";

/** Which part of a path is meant: its key, or its value. */
export type Aim = "key" | "value";

export type Finding = {
  readonly code: DiagnosticCode;
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly aim: Aim;
};

const mostFindings = 100;

export class Findings {
  readonly #source: string;
  readonly #positionOf: (offset: number) => { line: number; column: number };
  readonly #found = new Map<string, Diagnostic>();
  #root: Place | undefined;
  #failed = false;

  constructor(source: string) {
    this.#source = source;
    this.#positionOf = lineReader(source);
  }

  /** Has to be known before paths can be told from each other. */
  locate(root: Place): void {
    this.#root = root;
  }

  error(finding: Finding): void {
    this.#add("error", finding.code, this.#spanOf(finding), finding);
  }

  warning(finding: Finding): void {
    this.#add("warning", finding.code, this.#spanOf(finding), finding);
  }

  /** For what has no path, since the text could not be read. */
  errorAt(span: Span, code: DiagnosticCode, message: string, hint?: string): void {
    this.#add("error", code, span, { path: [], message, hint });
  }

  /** The scalar at a path as it is written, without quotes; undefined when there is none. */
  writtenAt(path: Path): string | undefined {
    return this.#root === undefined ? undefined : placeAt(this.#root, path).text;
  }

  /** Sorted by place; at most a hundred. */
  all(): readonly Diagnostic[] {
    const weight = { error: 0, warning: 1 };
    return [...this.#found.values()]
      .toSorted(
        (one, other) =>
          one.line - other.line || one.column - other.column || weight[one.severity] - weight[other.severity],
      )
      .slice(0, mostFindings);
  }

  /** Whether there is an error among them. */
  get failed(): boolean {
    return this.#failed;
  }

  #spanOf({ path, aim }: Finding): Span {
    if (this.#root === undefined) return { start: 0, end: 0 };
    const place = placeAt(this.#root, path);
    const span = aim === "key" ? (place.key ?? place.value) : place.value;
    return span.end > span.start ? span : (place.key ?? span);
  }

  #add(
    severity: Diagnostic["severity"],
    code: DiagnosticCode,
    span: Span,
    { path, message, hint }: Pick<Finding, "path" | "message" | "hint">,
  ): void {
    const { start, end } = this.#firstLineOf(span);
    const from = this.#positionOf(start);
    const to = this.#positionOf(end);
    const place = dotted(path);
    const again = `${code} ${from.line} ${place} ${message}`;
    if (this.#found.has(again)) return;
    this.#failed ||= severity === "error";
    this.#found.set(again, {
      severity,
      code,
      path: place,
      message,
      ...(hint === undefined ? {} : { hint }),
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
    });
  }

  /** What goes over several lines is pointed at by its first one; what is empty by one character. */
  #firstLineOf({ start, end }: Span): Span {
    const bounded = Math.min(start, this.#source.length);
    const lineEnd = this.#source.indexOf("\n", bounded);
    const line = this.#source.slice(bounded, lineEnd < 0 ? undefined : lineEnd).trimEnd();
    return { start: bounded, end: bounded + Math.max(1, Math.min(end - bounded, line.length)) };
  }
}
