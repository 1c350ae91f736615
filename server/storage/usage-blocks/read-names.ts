// The names that requests have had lately: by the heads of blocks, without their rows, and by the rows that are not packed
// yet.

import type { Kysely } from "kysely";
import type { WorkspaceId } from "../../contracts/ids.ts";
import { groupings, type Grouping } from "../../workspaces/usage-records.ts";
import type { Tables } from "../database.ts";
import { makeBlocks } from "./block.ts";
import { readBlockRows, readLateRows } from "./block-rows.ts";
import { readHead, type BlockHead } from "./packed-block.ts";
import { packedState } from "./read-parts.ts";

const headsAtOnce = 100;
const mostNames = 500;
const unpackedLooked = 2_048;

export async function readNames(
  query: Kysely<Tables>,
  workspaceId: WorkspaceId,
  sinceMs: number,
): Promise<ReadonlyMap<Grouping, readonly string[]>> {
  const names = new Map(groupings.map((grouping) => [grouping, new Set<string>()]));
  const add = ({ lists }: Pick<BlockHead, "lists">): void => {
    for (const [grouping, set] of names) {
      for (const name of lists[grouping]) if (name !== "" && set.size < mostNames) set.add(name);
    }
  };
  const { packedTo } = await packedState(query, workspaceId);
  const unpacked = [
    ...(await readBlockRows(query, workspaceId, { after: packedTo, limit: unpackedLooked })),
    ...(await readLateRows(query, workspaceId, packedTo, unpackedLooked)),
  ];
  makeBlocks(unpacked.map(({ row }) => row)).forEach(add);
  for (const late of [0, 1]) {
    for await (const head of headsSince(query, { workspaceId, late, sinceMs })) add(head);
  }
  return new Map([...names].map(([grouping, set]) => [grouping, [...set].toSorted()]));
}

type Heads = { readonly workspaceId: WorkspaceId; readonly late: number; readonly sinceMs: number };

async function* headsSince(query: Kysely<Tables>, { workspaceId, late, sinceMs }: Heads): AsyncGenerator<BlockHead> {
  for (let below = Number.MAX_SAFE_INTEGER; ;) {
    const heads = await query
      .selectFrom("usage_blocks")
      .select(["number", "head"])
      .where("workspace_id", "=", workspaceId)
      .where("late", "=", late)
      .where("number", "<", below)
      .where("last_at", ">=", sinceMs)
      .orderBy("number", "desc")
      .limit(headsAtOnce)
      .execute();
    for (const { head } of heads) yield readHead(head);
    const last = heads.at(-1);
    if (!last || heads.length < headsAtOnce) return;
    below = Number(last.number);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
