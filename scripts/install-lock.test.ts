import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { withInstallLock } from "./install-lock.mjs";

let folder = "";
let lock = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "install-lock-"));
  lock = join(folder, "lock");
});

afterEach(() => rm(folder, { recursive: true }));

/** What a promise that must fail says. */
function messageOf(failing: Promise<void>): Promise<string> {
  return failing.then(
    () => "it did not fail",
    (error) => (error instanceof Error ? error.message : String(error)),
  );
}

function patient(onWait: () => void = () => undefined): { onWait: () => void; giveUpAfterMs: number } {
  return { onWait, giveUpAfterMs: 10_000 };
}

test("two installs run one after the other, and the second says once that it waits", async () => {
  const events: string[] = [];
  const install = (name: string) => async () => {
    events.push(`${name} begins`);
    await Bun.sleep(50);
    events.push(`${name} ends`);
  };
  await Promise.all([
    withInstallLock(lock, patient(), install("first")),
    withInstallLock(
      lock,
      patient(() => events.push("second waits")),
      install("second"),
    ),
  ]);
  expect(events).toEqual(["first begins", "second waits", "first ends", "second begins", "second ends"]);
});

test("a failed install frees the lock", async () => {
  const failing = withInstallLock(lock, patient(), () => Promise.reject(new Error("no network")));
  expect(await messageOf(failing)).toBe("no network");
  expect(existsSync(lock)).toBe(false);
});

test("the lock of a crashed install is taken over once it is old", async () => {
  writeFileSync(lock, "");
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
  let ran = false;
  await withInstallLock(lock, patient(), async () => {
    ran = true;
  });
  expect(ran).toBe(true);
});

test("waiting ends with the name of the file to remove", async () => {
  writeFileSync(lock, "");
  const waiting = withInstallLock(lock, { onWait: () => undefined, giveUpAfterMs: 0 }, () => Promise.resolve());
  expect(await messageOf(waiting)).toContain(lock);
});
