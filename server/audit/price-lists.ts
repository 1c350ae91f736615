// Price lists as they are recorded: canonical JSON under their version, so that a debit can be recomputed when prices
// have changed, and so that a version can never quietly mean other prices.

import { isObject, parseObject, stringAt, type JsonObject } from "../contracts/json.ts";
import { billingUnits, type UnitPrices } from "../money/charge.ts";
import { picodollars } from "../money/picodollars.ts";

type PricedModel = { readonly id: string; readonly prices: UnitPrices | undefined };

/** Model -> unit -> picodollars as text; models by name, unpriced ones left out. */
export function priceListText(models: readonly PricedModel[]): string {
  const priced = models.flatMap(({ id, prices }) => (prices === undefined ? [] : [{ id, prices }]));
  const sorted = priced.sort((left, right) => (left.id < right.id ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted.map(({ id, prices }) => [id, unitTexts(prices)])));
}

function unitTexts(prices: UnitPrices): { [unit: string]: string } {
  return Object.fromEntries(
    billingUnits.flatMap((unit) => {
      const price = prices[unit];
      return price === undefined ? [] : [[unit, price.toString()]];
    }),
  );
}

/** A price list as it is recorded. */
export type PriceList = {
  readonly version: string;
  /** `priceListText` made it. */
  readonly prices: string;
  /** Unix milliseconds. */
  readonly recordedAt: number;
};

/** The prices of every model on a list, as `priceListText` writes it; what cannot be read is left out. */
export function readPriceList(text: string): ReadonlyMap<string, UnitPrices> {
  const list = parseObject(text) ?? {};
  return new Map(
    Object.entries(list).flatMap(([model, units]) => (isObject(units) ? [[model, unitPricesOf(units)] as const] : [])),
  );
}

function unitPricesOf(units: JsonObject): UnitPrices {
  return Object.fromEntries(
    billingUnits.flatMap((unit) => {
      const price = stringAt(units, unit);
      return price !== undefined && /^\d{1,30}$/.test(price) ? [[unit, picodollars(BigInt(price))]] : [];
    }),
  );
}

export type PriceLists = {
  /** Newest first, at most `limit`. */
  list(limit: number): Promise<PriceList[]>;
  /** Keeps the text under the version unless there is one; gives what is kept. */
  record(version: string, prices: string): Promise<string>;
  /** The text kept under a version; undefined when there is none. */
  find(version: string): Promise<string | undefined>;
};

/**
 * Records a price list under its version, to be called at every start.
 * @throws Error for the operator, when the version is recorded with other prices.
 */
export async function recordPriceList(
  lists: Pick<PriceLists, "record">,
  version: string,
  models: readonly PricedModel[],
) {
  const prices = priceListText(models);
  const recorded = await lists.record(version, prices);
  if (recorded === prices) return;
  throw new Error(
    `The price list ${version} is recorded in this database with other prices, for example for ` +
      `${differingModel(recorded, prices)}. A changed price list needs a version of its own.`,
  );
}

/** A model that the two lists price differently. */
function differingModel(left: string, right: string): string {
  const [before, after] = [parseObject(left) ?? {}, parseObject(right) ?? {}];
  const models = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return models.find((model) => JSON.stringify(before[model]) !== JSON.stringify(after[model])) ?? "no model by name";
}

/** A model's prices in one recorded list; undefined when it did not sell the model. */
export function pricesIn(list: PriceList, modelId: string): UnitPrices | undefined {
  return readPriceList(list.prices).get(modelId);
}

/** Picodollars, and as the lines of debits write them. */
export type RecordedPrice = { readonly amount: bigint; readonly text: string };

/** Recorded lists, read once: what one unit of a model cost under a version. */
export class RecordedPrices {
  readonly #lists = new Map<string, ReadonlyMap<string, RecordedPrice>>();

  /** @returns false when the text is not a price list. */
  add(version: string, text: string): boolean {
    const list = parseObject(text);
    if (list === undefined) return false;
    const prices = new Map<string, RecordedPrice>();
    for (const [model, units] of Object.entries(list)) {
      if (!isObject(units)) return false;
      for (const unit of Object.keys(units)) {
        const price = stringAt(units, unit);
        if (price === undefined || !/^\d{1,30}$/.test(price)) return false;
        const amount = BigInt(price);
        prices.set(`${model} ${unit}`, { amount, text: amount.toString() });
      }
    }
    this.#lists.set(version, prices);
    return true;
  }

  /** The prices of a version by `model unit`; undefined when the version is not recorded. */
  of(version: string): ReadonlyMap<string, RecordedPrice> | undefined {
    return this.#lists.get(version);
  }
}
