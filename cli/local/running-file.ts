// `.ast/running.json` beside the blueprint: what `ast project start -b` left running in this machine's own processes.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../server/contracts/json.ts";

const folderName = ".ast";
const fileName = "running.json";

const runningSchema = z.object({
  project: z.string(),
  /** The process that passes containers' calls on to the gateway; absent when none is needed. */
  relay: z.object({ pid: z.number(), token: z.string() }).optional(),
});

export type Running = z.infer<typeof runningSchema>;

export function readRunning(folder: string): Running | undefined {
  const path = join(folder, folderName, fileName);
  if (!existsSync(path)) return undefined;
  return runningSchema.safeParse(parseJson(readFileSync(path, "utf8"))).data;
}

export function writeRunning(folder: string, running: Running): void {
  const own = join(folder, folderName);
  mkdirSync(own, { recursive: true });
  // Nobody wants it in a repository, whatever their own .gitignore says.
  writeFileSync(join(own, ".gitignore"), "*\n");
  writeFileSync(join(own, fileName), `${JSON.stringify(running)}\n`, { mode: 0o600 });
}

export function forgetRunning(folder: string): void {
  rmSync(join(folder, folderName, fileName), { force: true });
}
