// Lists as pages: one item more than asked for tells whether there is a next page.

import type { PageQuery } from "../../contracts/control.ts";
import { invalidField } from "../../contracts/errors.ts";

export type Page<Item> = { object: "list"; data: Item[]; has_more: boolean; next_cursor: string | null };

/**
 * Reads one page and shows it.
 * @param read gives at most `limit` items after `cursor`, which is undefined for the first page.
 * @param cursorOf names an item, so that the next page can start behind it.
 * @param show turns the items of the page, and no more, into what is answered.
 */
export async function page<Item, Shown>(
  query: PageQuery,
  read: (cursor: string | undefined, limit: number) => Promise<readonly Item[]>,
  cursorOf: (item: Item) => string,
  show: (items: readonly Item[]) => readonly Shown[] | Promise<readonly Shown[]>,
): Promise<Page<Shown>> {
  const found = await read(query.cursor, query.limit + 1);
  const items = found.slice(0, query.limit);
  const last = items.at(-1);
  const hasMore = found.length > query.limit && last !== undefined;
  const data = [...(await show(items))];
  return { object: "list", data, has_more: hasMore, next_cursor: hasMore ? cursorOf(last) : null };
}

/** A cursor that is a whole number. @throws GatewayError invalid_request */
export function numberCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) throw invalidField("cursor", "the `next_cursor` of an earlier page");
  return Number(cursor);
}
