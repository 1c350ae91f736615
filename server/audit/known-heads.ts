// Heads of chains that somebody noted earlier: out of an earlier verification, or out of receipts. A ledger that was
// rewritten as a whole, its accounts included, agrees with itself; it does not agree with them.

import { arrayAt, isObject, numberAt, objectAt, parseJson, stringAt, type Json } from "../contracts/json.ts";

/** The last entry of a workspace's chain at some moment. */
export type ChainHead = { readonly workspace: string; readonly sequence: number; readonly hash: string };

/**
 * Heads out of JSON: a verification's output (`heads`), a receipt (`entry`), or a list of either.
 * @throws Error when the text holds none, or one that cannot be read.
 */
export function readHeads(text: string): ChainHead[] {
  const value = parseJson(text);
  const heads = value === undefined ? [] : headsIn(value);
  if (heads.length === 0)
    throw new Error("The file of heads has none: give it what `ledger verify --json` printed, or a receipt.");
  return heads;
}

function headsIn(value: Json): ChainHead[] {
  if (Array.isArray(value)) return value.flatMap(headsIn);
  if (!isObject(value)) return [];
  const heads = arrayAt(value, "heads");
  if (heads) return heads.map((head) => headOf(head, undefined));
  const entry = objectAt(value, "entry");
  return entry ? [headOf(entry, stringAt(value, "workspace"))] : [];
}

function headOf(value: Json, workspaceOfReceipt: string | undefined): ChainHead {
  const fields = isObject(value) ? value : {};
  const workspace = workspaceOfReceipt ?? stringAt(fields, "workspace");
  const [sequence, hash] = [numberAt(fields, "sequence"), stringAt(fields, "hash")];
  if (workspace === undefined || sequence === undefined || hash === undefined) {
    throw new Error("The file of heads has one without workspace, sequence or hash.");
  }
  return { workspace, sequence, hash };
}

/** Looks for noted heads while the entries pass by. */
export class KnownHeads {
  readonly #missing = new Map<string, ChainHead[]>();

  constructor(heads: readonly ChainHead[]) {
    for (const head of heads) this.#missing.set(head.workspace, [...(this.#missing.get(head.workspace) ?? []), head]);
  }

  meet(workspace: string, sequence: number, hash: string): void {
    const heads = this.#missing.get(workspace);
    if (!heads?.some((head) => head.sequence === sequence)) return;
    const left = heads.filter((head) => head.sequence !== sequence || head.hash !== hash);
    this.#missing.set(workspace, left);
  }

  /** Those that no entry met, of one workspace or of all. */
  missing(only: string | undefined): ChainHead[] {
    return [...this.#missing.values()].flat().filter(({ workspace }) => only === undefined || workspace === only);
  }
}
