// What a build writes, as steps and lines: the words of Docker, Podman and BuildKit made one.

import { RuntimeError } from "../runtime.ts";

export type BuildStep =
  | { readonly kind: "step"; readonly number: number; readonly total: number; readonly text: string }
  | { readonly kind: "line"; readonly text: string };

const mostKept = 30;

/** `[1/2] STEP 4/5: RUN x` of Podman, `Step 4/5 : RUN x` of Docker, `#7 [build 4/5] RUN x` of BuildKit. */
const patterns = [
  /^(?:\[\d+\/\d+\] )?STEP (?<number>\d+)\/(?<total>\d+): (?<text>.*)$/,
  /^Step (?<number>\d+)\/(?<total>\d+) : (?<text>.*)$/,
  /^#\d+ \[(?:[^\]]* )?(?<number>\d+)\/(?<total>\d+)\] (?<text>.*)$/,
];
/** What only the engine needs: ids of layers, and the bookkeeping of BuildKit. */
const noise =
  /^(?:-{2,3}> |#\d+ (?:sha256:|DONE|CACHED|extracting|transferring|naming|exporting|writing|resolve)|#\d+ \[internal\])/;

/** Takes text as it comes, at any split. */
export class BuildOutput {
  /** The last lines, oldest first. */
  readonly last: string[] = [];
  readonly #report: (step: BuildStep) => void;
  #rest = "";

  constructor(report: (step: BuildStep) => void) {
    this.#report = report;
  }

  take(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  end(): void {
    this.#line(this.#rest);
    this.#rest = "";
  }

  #line(line: string): void {
    const text = line.trimEnd();
    if (text.trim() === "" || noise.test(text.trim())) return;
    const step = readStep(text);
    this.last.push(step.text);
    if (this.last.length > mostKept) this.last.shift();
    this.#report(step);
  }
}

function readStep(text: string): BuildStep {
  for (const pattern of patterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    return {
      kind: "step",
      number: Number(groups["number"]),
      total: Number(groups["total"]),
      text: groups["text"] ?? "",
    };
  }
  return { kind: "line", text: text.replace(/^#\d+ (?:\d+\.\d+ )?/, "") };
}

export function buildFailure(name: string, reason: string, last: readonly string[]): RuntimeError {
  const unsupported = /requires BuildKit|unknown flag: mount/i.test(reason);
  return new RuntimeError("failed", `The image of ${name} cannot be built: ${reason.trim().replace(/\.$/, "")}.`, {
    hint: unsupported
      ? "This Dockerfile needs BuildKit: install the `docker` program with its buildx plugin, or use Podman."
      : "The lines above are the build's last ones.",
    lastLines: last.slice(-20),
  });
}
