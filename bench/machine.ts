// What a run's figures depend on besides the code: the machine, its load and disk, and the versions of what was measured.

import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { cpus, loadavg, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { parseObject, stringAt } from "../server/contracts/json.ts";
import type { Surroundings } from "./servers/surroundings.ts";

export type Machine = {
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  readonly system: string;
  /** Processes that wanted a core in the last minute, before the run: above 0.5 the machine was busy with other work. */
  readonly loadBefore: number;
  /** Median time one 4 KB write takes to be on the disk that holds the gateway's data. */
  readonly diskSyncMs: number;
  /** Which process ran where, as one clause. */
  readonly placement: string;
  readonly bun: string;
  readonly node: string;
  readonly portkey: string;
  /** Short hash; `+` follows when files differ from it. */
  readonly commit: string;
};

const unknownVersion = "unknown";
const syncSamples = 41;

export async function describeMachine(surroundings: Surroundings): Promise<Machine> {
  const processors = cpus();
  return {
    cores: processors.length,
    processor: processors[0]?.model.trim() ?? unknownVersion,
    memoryBytes: totalmem(),
    system: `${platform()} ${release()}`,
    loadBefore: loadavg()[0] ?? Number.NaN,
    diskSyncMs: measureDiskSyncMs(surroundings.temporaryDirectory),
    placement: surroundings.placement.description,
    bun: Bun.version,
    node: output(["node", "--version"], surroundings).replace(/^v/, "") || unknownVersion,
    portkey: await portkeyVersion(surroundings.projectRoot),
    commit: commitOf(surroundings),
  };
}

/** Three lines of text. */
export function renderMachine(machine: Machine): string {
  const gigabytes = (machine.memoryBytes / 1e9).toFixed(0);
  return [
    `${machine.cores} cores of ${machine.processor}, ${gigabytes} GB, ${machine.system}; ` +
      `load before the run ${machine.loadBefore.toFixed(2)}; a 4 KB durable write takes ${machine.diskSyncMs.toFixed(2)} ms.`,
    `Placement: ${machine.placement}.`,
    `Bun ${machine.bun}, Node ${machine.node}, Portkey ${machine.portkey}, commit ${machine.commit}.`,
  ].join("\n");
}

function measureDiskSyncMs(directory: string): number {
  const folder = mkdtempSync(join(directory, "astrolabe-bench-disk-"));
  const file = openSync(join(folder, "probe"), "w");
  try {
    const page = Buffer.alloc(4096, 1);
    const samples = Array.from({ length: syncSamples }, () => {
      const before = Bun.nanoseconds();
      writeSync(file, page);
      fsyncSync(file);
      return (Bun.nanoseconds() - before) / 1e6;
    });
    return samples.toSorted((a, b) => a - b)[Math.floor(syncSamples / 2)] ?? Number.NaN;
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function portkeyVersion(projectRoot: string): Promise<string> {
  const file = Bun.file(join(projectRoot, "node_modules/@portkey-ai/gateway/package.json"));
  const manifest = (await file.exists()) ? parseObject(await file.text()) : undefined;
  return (manifest && stringAt(manifest, "version")) ?? unknownVersion;
}

function commitOf(surroundings: Surroundings): string {
  const hash = output(["git", "rev-parse", "--short", "HEAD"], surroundings);
  if (hash === "") return unknownVersion;
  const changes = output(["git", "status", "--porcelain", "--", "server", "bench", "package.json"], surroundings);
  return changes === "" ? hash : `${hash}+`;
}

/** What a program says on stdout, trimmed; empty when it is missing or fails. */
function output(command: readonly string[], { projectRoot, environment }: Surroundings): string {
  try {
    const { success, stdout } = Bun.spawnSync([...command], {
      cwd: projectRoot,
      env: { ...environment },
      stderr: "ignore",
    });
    return success ? stdout.toString().trim() : "";
  } catch {
    return "";
  }
}
