// `--verify N`: how long `ledger verify` takes over a ledger of N entries, in a process of its own as an operator runs it.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberAt, parseObject } from "../server/contracts/json.ts";
import { generateLedger } from "./generated-ledger.ts";

/** A million entries are verified in at most this. */
const targetSecondsPerMillion = 10;

/** Makes the ledger, verifies it, prints what it took. @returns the exit code: 1 when it took too long or found anything */
export async function measureVerify(root: string, entries: number, progress: (line: string) => void): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), "astrolabe-verify-"));
  try {
    progress(`Writing ${entries} entries ...`);
    const path = join(dataDir, "astrolabe.sqlite");
    await generateLedger(path, entries);
    // What was just written goes to the disk before the clock starts, as a ledger that has been there for a while.
    Bun.spawnSync(["sync"]);
    progress(`Verifying ${Math.round(statSync(path).size / 1_000_000)} MB ...`);
    const startedAt = performance.now();
    const child = Bun.spawn([process.execPath, "server/main.ts", "ledger", "verify", "--json", "--data-dir", dataDir], {
      cwd: root,
      env: {},
      stdout: "pipe",
      stderr: "inherit",
    });
    const answer = parseObject(await child.stdout.text()) ?? {};
    const exitCode = await child.exited;
    const seconds = (performance.now() - startedAt) / 1_000;
    const used = child.resourceUsage();
    const memory = Math.round((used?.maxRSS ?? 0) / 1_000_000);
    const processorSeconds = Number(used?.cpuTime.total ?? 0n) / 1_000_000;
    const rate = Math.round(entries / seconds);
    process.stdout.write(
      `${numberAt(answer, "entries")} entries, ${numberAt(answer, "debits")} debits recomputed: ${seconds.toFixed(2)} s, ` +
        `${rate} entries/s, ${processorSeconds.toFixed(2)} s of processor time, at most ${memory} MB; ${numberAt(answer, "finding_count")} findings\n`,
    );
    const most = Math.max(1, (entries / 1_000_000) * targetSecondsPerMillion);
    return exitCode === 0 && numberAt(answer, "entries") === entries && seconds <= most ? 0 : 1;
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}
