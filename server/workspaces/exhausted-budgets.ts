// Notices budgets that are spent for practical purposes. The ledger itself tells of a limit that is spent to the last
// picodollar, which hardly happens: a hold covers the worst case, so requests are refused while a little is left.

import { LRUCache } from "lru-cache";
import type { WorkspaceId } from "../contracts/ids.ts";
import { eventOf } from "../ledger/notice.ts";
import type { Cap } from "../ledger/operations.ts";
import { noMoney, type Picodollars } from "../money/picodollars.ts";
import type { BudgetRecords } from "./budget-status.ts";
import type { EventRecords } from "./event-records.ts";

/** A request that a cap refused. */
export type BudgetRefusal = {
  readonly workspaceId: WorkspaceId;
  readonly cap: Cap;
  /** What the request would have pledged. */
  readonly asked: Picodollars;
};

export type ExhaustedBudgetsOptions = {
  readonly events: Pick<EventRecords, "append">;
  readonly budgets: BudgetRecords;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
};

/** Most limits remembered as told or being looked at. */
const mostRemembered = 10_000;

export class ExhaustedBudgets {
  readonly #options: ExhaustedBudgetsOptions;
  /** Scopes with their limits, so that of many refusals only one looks into the database. */
  readonly #known = new LRUCache<string, true>({ max: mostRemembered });

  constructor(options: ExhaustedBudgetsOptions) {
    this.#options = options;
  }

  /** Returns at once; the event is written beside the request. */
  refused(refusal: BudgetRefusal): void {
    const { scope, limit } = refusal.cap;
    const name = `${scope} ${limit}`;
    if (this.#known.has(name)) return;
    this.#known.set(name, true);
    this.#tell(refusal).then(
      (told) => void (told || this.#known.delete(name)),
      (error: unknown) => {
        this.#known.delete(name);
        this.#options.reportFault("budget events", error);
      },
    );
  }

  /** False when the budget only lacks room for this request: others hold it, or it asks for much at once. */
  async #tell({ workspaceId, cap, asked }: BudgetRefusal): Promise<boolean> {
    const { scope, limit, warnAt } = cap;
    const { events, budgets, now } = this.#options;
    const spent = (await budgets.counted([scope])).get(scope)?.spent ?? noMoney;
    if (warnAt === undefined || spent < warnAt || spent + asked <= limit) return false;
    const event = eventOf({ type: "budget.reached", workspaceId, scope, spent, limit, at: now() });
    if (event) await events.append(event);
    return true;
  }
}
