// Brings deployments to what is wanted of them, beside the requests: looks for those that are due, claims them by a lease
// and takes a turn with each. What a crash cuts short is taken up again by whoever finds the lease run out.

import type { DeploymentId } from "../contracts/ids.ts";
import type { DeployServices } from "./deploy-services.ts";
import type { Claimed } from "./deployment-records.ts";
import { JobWorker } from "./job-worker.ts";
import { CutShort, leaseMs, underLease } from "./lease.ts";
import { delayAfter } from "./retries.ts";
import type { Next } from "./roll-out.ts";
import { isStillWanted, takeTurn } from "./take-turn.ts";

const roundMs = 1_000;
const mostAtOnce = 4;
const farewellMs = 5_000;

export type DeployWorkerOptions = {
  readonly services: DeployServices;
  /** Tells this worker's leases from others'. */
  readonly name: string;
  readonly roundMs?: number;
};

export class DeployWorker {
  readonly #services: DeployServices;
  readonly #options: DeployWorkerOptions;
  readonly #jobs: JobWorker;
  readonly #stopping = new AbortController();
  readonly #turns = new Map<DeploymentId, { readonly done: Promise<void>; look: () => void }>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #wanted = false;
  #started = false;

  constructor(options: DeployWorkerOptions) {
    this.#options = options;
    this.#services = options.services;
    this.#jobs = new JobWorker(options.services, options.name, this.#stopping.signal);
  }

  /** Begins to look for work. */
  start(): void {
    this.#started = true;
    this.wake();
  }

  /** There is something to do: looks at once, and lets what goes on see whether it is still wanted. */
  wake(): void {
    if (!this.#started || this.#stopping.signal.aborted) return;
    this.#wanted = true;
    for (const { look } of this.#turns.values()) look();
    this.#later(0);
  }

  /** Ends within a few seconds. What is cut short is taken up where it was by the next server. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await Promise.race([this.idle(), Bun.sleep(farewellMs)]);
  }

  /** Resolves when nothing goes on. */
  async idle(): Promise<void> {
    await this.#running;
    while (this.#turns.size > 0) await Promise.all([...this.#turns.values()].map(({ done }) => done));
    await this.#jobs.idle();
  }

  /** One look: starts all that is due and there is room for. */
  async round(): Promise<void> {
    const { work, now } = this.#services;
    await work.noteSuspensions(now());
    const room = mostAtOnce - this.#turns.size;
    if (room > 0) {
      for (const id of await work.due(now(), room)) {
        if (!this.#stopping.signal.aborted && !this.#turns.has(id)) await this.#begin(id);
      }
    }
    await this.#jobs.round();
  }

  #later(ms: number): void {
    if (this.#stopping.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#running !== undefined) return;
      this.#wanted = false;
      this.#running = this.round()
        .catch((error: unknown) => this.#services.reportFault("deployments", error))
        .finally(() => {
          this.#running = undefined;
          this.#later(this.#wanted ? 0 : (this.#options.roundMs ?? roundMs));
        });
    }, ms);
  }

  async #begin(id: DeploymentId): Promise<void> {
    const { work, now } = this.#services;
    const by = `${this.#options.name}/${crypto.randomUUID()}`;
    const claimed = await work.claim(id, { by, until: now() + leaseMs }, now());
    if (claimed === undefined) return;
    const turn = { done: this.#turn(claimed, by, (look) => (turn.look = look)), look: () => {} };
    this.#turns.set(id, turn);
    void turn.done.finally(() => {
      this.#turns.delete(id);
      this.#services.changed();
      this.wake();
    });
  }

  /** Never rejects. */
  async #turn(claimed: Claimed, by: string, onLook: (look: () => void) => void): Promise<void> {
    const { work, now, reportFault } = this.#services;
    const { id } = claimed.deployment;
    try {
      // The promise of the turn is in the map before anything of it can end.
      await Promise.resolve();
      const next = await this.#leased(claimed, by, onLook);
      if (next === "lost") return;
      const tries = next === "retry" ? claimed.tries + 1 : 0;
      const dueAt = next === "done" ? undefined : now() + (next === "retry" ? delayAfter(tries) : 0);
      await work.release(claimed, by, { dueAt, tries });
    } catch (error) {
      reportFault(`deployment ${id}`, error);
      const tries = claimed.tries + 1;
      await work
        .release(claimed, by, { dueAt: now() + delayAfter(tries), tries })
        .catch((fault: unknown) => reportFault(`deployment ${id}`, fault));
    }
  }

  async #leased(claimed: Claimed, by: string, onLook: (look: () => void) => void): Promise<Next> {
    const { work, now } = this.#services;
    const { id } = claimed.deployment;
    const lease = {
      renew: () => work.renew(id, { by, until: now() + leaseMs }),
      isWanted: (standing: Parameters<typeof isStillWanted>[1]) => isStillWanted(claimed, standing),
      stopping: this.#stopping.signal,
      onLook,
    };
    try {
      return await underLease(lease, (signal) => takeTurn({ services: this.#services, claimed, by, signal }));
    } catch (error) {
      const cut = error instanceof CutShort ? error.why : undefined;
      if (cut === undefined) throw error;
      return cut === "lost" ? "lost" : "again";
    }
  }
}
