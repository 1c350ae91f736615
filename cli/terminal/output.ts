// Everything that `ast` prints: results on standard output, progress and problems on standard error. With --json there is
// one document and nothing else on standard output.

import type { Json } from "../../server/contracts/json.ts";
import type { Problem } from "../problem.ts";
import { printable } from "./printable.ts";
import { Progress } from "./progress.ts";
import { styleOf, type Style } from "./style.ts";
import { tableLines, type Column } from "./table.ts";

export type Stream = {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly colourful: boolean;
};

export type OutputModes = { readonly json: boolean; readonly quiet: boolean; readonly verbose: boolean };

export class Output {
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  /** Colours for standard output. */
  readonly style: Style;
  readonly #errorStyle: Style;
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  readonly #quiet: boolean;
  #progress: Progress | undefined;

  constructor(stdout: Stream, stderr: Stream, modes: OutputModes) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.isJson = modes.json;
    this.isVerbose = modes.verbose;
    this.#quiet = modes.quiet;
    this.style = styleOf(stdout.colourful);
    this.#errorStyle = styleOf(stderr.colourful);
  }

  /** Whether somebody watches: progress may redraw its line. */
  get isTerminal(): boolean {
    return this.#stdout.isTerminal;
  }

  /** The result: the document with --json, else what `human` prints. */
  answer(document: Json, human: () => void): void {
    if (this.isJson) this.#stdout.write(`${JSON.stringify(document, undefined, this.isTerminal ? 2 : undefined)}\n`);
    else human();
  }

  /** A line of a result, as it stands. Nothing with --json. */
  line(text = ""): void {
    if (this.isJson) return;
    this.#clear();
    this.#stdout.write(`${text}\n`);
  }

  /** What a program reads: exactly this text, also with --json. */
  raw(text: string): void {
    this.#clear();
    this.#stdout.write(text);
  }

  /** Something was done. */
  done(text: string): void {
    if (!this.#quiet) this.line(`${this.style.green("✓")} ${printable(text)}`);
  }

  /** What will happen, or what to do next. */
  note(text: string): void {
    if (!this.#quiet) this.line(this.style.dim(printable(text)));
  }

  /** Something is being done; on standard error, also with --json when somebody watches. */
  step(text: string): void {
    if (this.#quiet || (this.isJson && !this.#stderr.isTerminal)) return;
    this.#error(`${this.#errorStyle.cyan("→")} ${printable(text)}`);
  }

  warn(text: string): void {
    this.#error(`${this.#errorStyle.yellow("Warning:")} ${printable(text)}`);
  }

  /** Only with --verbose. */
  detail(text: string): void {
    if (this.isVerbose) this.#error(this.#errorStyle.dim(printable(text)));
  }

  /** Instructions that must be read while the command waits: on standard error, so that results stay clean. */
  tell(text: string): void {
    this.#error(printable(text));
  }

  /** A title line and one line per row. */
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
    for (const line of tableLines(columns, rows, this.style.dim)) this.line(line);
  }

  /** Names and values below each other; those without a value are left out. */
  fields(fields: readonly (readonly [string, string | number | undefined])[]): void {
    const shown = fields.flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[name, String(value)] as const],
    );
    const width = Math.max(0, ...shown.map(([name]) => name.length));
    for (const [name, value] of shown) this.line(`  ${this.style.dim(name.padEnd(width))}  ${printable(value)}`);
  }

  /** A line that changes while something is waited for. */
  progress(text: string): Progress {
    this.#clear();
    const isShown = !this.#quiet && (!this.isJson || this.#stderr.isTerminal);
    this.#progress = new Progress(this.#stderr, this.#errorStyle, isShown, text);
    return this.#progress;
  }

  problem(problem: Problem): void {
    this.#clear();
    if (this.isJson) {
      const { message, hint, code, exitCode, requestId, lines } = problem;
      const error = {
        code,
        message,
        ...(lines.length > 0 && { details: [...lines] }),
        ...(hint !== undefined && { hint }),
        ...(requestId !== undefined && { request_id: requestId }),
        exit_code: exitCode,
      };
      this.#stderr.write(`${JSON.stringify({ error })}\n`);
      return;
    }
    const style = this.#errorStyle;
    this.#error(`${style.red("✗")} ${printable(problem.message)}`);
    for (const line of problem.lines) this.#error(`  ${printable(line)}`);
    if (problem.hint !== undefined) this.#error(`  ${printable(problem.hint)}`);
    if (problem.requestId !== undefined) this.#error(style.dim(`  Request ${printable(problem.requestId)}`));
  }

  /** Takes an unfinished progress line away. */
  end(): void {
    this.#clear();
  }

  #error(text: string): void {
    this.#clear();
    this.#stderr.write(`${text}\n`);
  }

  #clear(): void {
    this.#progress?.pause();
  }
}
