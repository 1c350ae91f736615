// Writes down what a rollout does while it goes on, in order and a few steps at a time. What is tried again is told again
// only where it says something new.

import type { DeploymentId } from "../contracts/ids.ts";
import type { RecordedStep } from "./deployment.ts";
import type { DeploymentRecords, DeploymentWork } from "./deployment-records.ts";

const longestMessage = 500;
const writtenAtOnce = 50;

export type JournalServices = {
  readonly work: Pick<DeploymentWork, "addSteps">;
  readonly records: Pick<DeploymentRecords, "steps">;
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
};

export class RolloutJournal {
  readonly #waiting: RecordedStep[] = [];
  #writing: Promise<void> | undefined;
  readonly #write: (steps: readonly RecordedStep[]) => Promise<void>;
  readonly #now: () => number;
  /** What was noted last, also by an earlier attempt. */
  #last: RecordedStep | undefined;
  /** The beginning of an attempt after the first, until something follows it. */
  #beginning: RecordedStep | undefined;

  private constructor(services: JournalServices, id: DeploymentId, revision: number, last: RecordedStep | undefined) {
    const { work, now, reportFault } = services;
    this.#now = now;
    this.#last = last;
    this.#write = (steps) =>
      work.addSteps(id, revision, steps).catch((error: unknown) => reportFault(`steps of ${id}`, error));
  }

  /** Goes on behind what earlier attempts noted. */
  static async open(services: JournalServices, id: DeploymentId, revision: number): Promise<RolloutJournal> {
    const before = await services.records.steps(id, revision);
    return new RolloutJournal(services, id, revision, before.at(-1));
  }

  /** An attempt begins; one after the first is told once it does something. */
  begin(message: string): void {
    if (this.#last === undefined) this.note("preparing", message);
    else this.#beginning = this.#step("preparing", `${message}, once more`);
  }

  /** Does not wait. */
  note(kind: string, message: string, workload?: string): void {
    if (this.#beginning !== undefined) this.#add(this.#beginning);
    this.#beginning = undefined;
    this.#add(this.#step(kind, message, workload));
  }

  /** Why the attempt came to nothing, and another one follows. */
  noteWaiting(reason: string): void {
    this.#beginning = undefined;
    this.#add(this.#step("waiting", reason));
  }

  /** Resolves when everything noted is written. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  #step(kind: string, message: string, workload?: string): RecordedStep {
    return { at: this.#now(), kind, workload, message: message.slice(0, longestMessage) };
  }

  #add(step: RecordedStep): void {
    if (this.#last !== undefined && isSame(this.#last, step)) return;
    this.#last = step;
    this.#waiting.push(step);
    this.#writing ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // What comes within the same turn is written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0, writtenAtOnce));
    this.#writing = undefined;
  }
}

function isSame(one: RecordedStep, other: RecordedStep): boolean {
  return one.kind === other.kind && one.workload === other.workload && one.message === other.message;
}
