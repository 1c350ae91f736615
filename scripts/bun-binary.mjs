// Finds the native Bun program of the pinned `bun` package, so that no JavaScript wrapper stays between npm and the
// server. When npm ran without install scripts the package holds a placeholder, and the platform's package has the program.

import { statSync } from "node:fs";
import { join } from "node:path";

/** The placeholder is a few hundred bytes, the program about 100 million. */
const smallestProgramBytes = 1_000_000;

/**
 * The path of the program.
 * @param {string} root The folder of package.json.
 * @param {{ platform: string, architecture: string }} [machine] Node's names; absent means this machine.
 * @throws Error when no program for the machine is installed.
 */
export function findBun(root, machine = { platform: process.platform, architecture: process.arch }) {
  const found = candidates(root, machine).find(isProgram);
  if (found !== undefined) return found;
  const name = `${machine.platform} ${machine.architecture}`;
  throw new Error(`No Bun for ${name} in ${join(root, "node_modules")}. Delete node_modules and repeat the command.`);
}

/**
 * @param {string} root
 * @param {{ platform: string, architecture: string }} machine
 */
function candidates(root, { platform, architecture }) {
  const system = platform === "win32" ? "windows" : platform === "android" ? "linux" : platform;
  const processor = architecture === "arm64" ? "aarch64" : architecture;
  const suffixes = platform === "android" ? ["-android"] : platform === "linux" ? ["", "-musl"] : [""];
  const program = platform === "win32" ? "bun.exe" : "bun";
  return [
    join(root, "node_modules", "bun", "bin", "bun.exe"),
    ...suffixes.map((suffix) =>
      join(root, "node_modules", "@oven", `bun-${system}-${processor}${suffix}`, "bin", program),
    ),
  ];
}

/** @param {string} path */
function isProgram(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isFile() && found.size >= smallestProgramBytes;
}
