// Lets one process at a time install packages into a checkout. The lock is a file whose age its owner keeps renewing, so
// that a crashed owner blocks nobody for long and containers with their own process numbers agree.

import { closeSync, linkSync, openSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const renewEveryMs = 5_000;
const staleAfterMs = 30_000;
const pollEveryMs = 200;

/**
 * Runs `work` while holding the lock.
 * @param {string} path The lock file.
 * @param {{ onWait: () => void, giveUpAfterMs: number }} waiting `onWait` is called once, when another process holds it.
 * @param {() => Promise<void>} work
 * @throws Error when the lock stays taken for `giveUpAfterMs`.
 */
export async function withInstallLock(path, { onWait, giveUpAfterMs }, work) {
  const deadline = Date.now() + giveUpAfterMs;
  for (let waited = false; !take(path); waited = true) {
    if (!waited) onWait();
    if (Date.now() > deadline) throw new Error(`Another install holds ${path}. Remove the file if there is none.`);
    if (isStale(path)) breakLock(path);
    else await sleep(pollEveryMs);
  }
  const renewal = setInterval(() => renew(path), renewEveryMs);
  try {
    await work();
  } finally {
    clearInterval(renewal);
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function take(path) {
  try {
    closeSync(openSync(path, "wx"));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} path */
function renew(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Somebody removed the file by hand; the install goes on.
  }
}

/** @param {string} path */
function isStale(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > staleAfterMs;
}

/**
 * Moves the lock aside before deleting it: if a faster process has already replaced it by its own, that one is put back.
 * @param {string} path
 */
function breakLock(path) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (!isStale(aside)) linkSync(aside, path);
  } catch {
    // Somebody else broke it first.
  }
  rmSync(aside, { force: true });
}
