// Writes down what a rollout does while it goes on, in order and a few steps at a time.

import type { DeploymentId } from "../contracts/ids.ts";
import type { RecordedStep } from "./deployment.ts";
import type { DeploymentWork } from "./deployment-records.ts";

const longestMessage = 500;
const writtenAtOnce = 50;

export class RolloutJournal {
  readonly #waiting: RecordedStep[] = [];
  #writing: Promise<void> | undefined;
  readonly #write: (steps: readonly RecordedStep[]) => Promise<void>;
  readonly #now: () => number;

  constructor(
    { work, now }: { readonly work: Pick<DeploymentWork, "addSteps">; readonly now: () => number },
    id: DeploymentId,
    revision: number,
    onFailure: (error: unknown) => void,
  ) {
    this.#now = now;
    this.#write = (steps) => work.addSteps(id, revision, steps).catch(onFailure);
  }

  /** Does not wait. */
  note(kind: string, message: string, workload?: string): void {
    this.#waiting.push({ at: this.#now(), kind, workload, message: message.slice(0, longestMessage) });
    this.#writing ??= this.#drain();
  }

  /** Resolves when everything noted is written. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #drain(): Promise<void> {
    // What comes within the same turn is written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0, writtenAtOnce));
    this.#writing = undefined;
  }
}
