// Copies a SQLite database while a server uses it: one moment of it, complete, in a file that is safe on the disk.

import { Database } from "bun:sqlite";
import { closeSync, fsyncSync, openSync, renameSync } from "node:fs";

/**
 * Writes the copy under another name first, so that a file called `to` is always whole.
 * @throws Error for the operator when it cannot be read or written, or the copy is not sound
 */
export function copyDatabase(from: string, to: string): void {
  const partial = `${to}.partial`;
  const source = new Database(from, { readonly: true });
  try {
    source.run("PRAGMA busy_timeout = 5000");
    source.run("VACUUM INTO ?", [partial]);
  } finally {
    source.close();
  }
  requireSound(partial);
  syncFile(partial);
  renameSync(partial, to);
}

function requireSound(path: string): void {
  const copy = new Database(path, { readonly: true });
  try {
    const [row] = copy.query<{ integrity_check: string }, []>("PRAGMA integrity_check(1)").all();
    if (row?.integrity_check !== "ok") throw new Error(`The copy ${path} is not sound: ${row?.integrity_check}.`);
  } finally {
    copy.close();
  }
}

function syncFile(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
