// Makes `ast` one file for each machine, in dist/ast: `node scripts/build-ast.mjs [target ...]`. Bun fetches the runtimes
// of other machines from the package registry that npm is set to.

import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findBun } from "./bun-binary.mjs";
import { runAndRead } from "./child-output.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { projectRoot } from "./project-root.mjs";

/** What Bun calls each machine, by the name of its file. */
export const astTargets = {
  "linux-x64": "bun-linux-x64-baseline",
  "linux-arm64": "bun-linux-arm64",
  "darwin-x64": "bun-darwin-x64",
  "darwin-arm64": "bun-darwin-arm64",
};

/** @typedef {keyof typeof astTargets} AstTarget */

/** @type {readonly AstTarget[]} */
const names = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

/** @returns {AstTarget | undefined} This machine's; undefined where there is none. */
export function hostTarget() {
  return names.find((name) => name === `${process.platform}-${process.arch}`);
}

/**
 * One program that needs nothing beside it: templates, guides and Bun are in it.
 * @param {string} root The folder of package.json.
 * @param {AstTarget} target
 * @param {string} folder Absolute; made when it is missing.
 * @param {{ baseline?: boolean }} [how] `baseline: false` takes the Bun that is installed, where it is this machine's.
 * @returns {Promise<string>} The path of the program.
 * @throws Error with what Bun said.
 */
export async function buildAst(root, target, folder, { baseline = true } = {}) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `ast-${target}`);
  const shape = ["--compile", "--minify", "--bytecode", "--format=esm"];
  // ssh2, below dockerode, tries both, and goes on without them.
  const left = ["--external", "cpu-features", "--external", "*.node"];
  const machine = !baseline && target === hostTarget() ? [] : [`--target=${astTargets[target]}`];
  const parameters = ["build", ...shape, ...machine, ...left, `--outfile=${path}`, join(root, "cli", "main.ts")];
  const { exitCode, output } = await runAndRead(findBun(root), parameters, { root, show: false });
  if (exitCode !== 0) throw new Error(`${target}: ${output}`);
  return path;
}

/**
 * `SHA256SUMS` as `sha256sum --check` reads it.
 * @param {string} folder
 * @param {readonly AstTarget[]} targets
 */
export async function writeChecksums(folder, targets) {
  const lines = [];
  for (const target of targets) lines.push(`${await sha256Of(join(folder, `ast-${target}`))}  ast-${target}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), lines.join(""));
}

/** @param {string} path */
async function sha256Of(path) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** @param {readonly string[]} wanted */
async function main(wanted) {
  const unknown = wanted.find((name) => !(name in astTargets));
  if (unknown !== undefined) {
    process.stderr.write(`There is no target ${unknown}. Those that there are: ${names.join(", ")}\n`);
    return 2;
  }
  await ensureDependencies(projectRoot, { development: false });
  const targets = names.filter((name) => wanted.length === 0 || wanted.includes(name));
  const folder = join(projectRoot, "dist", "ast");
  rmSync(folder, { recursive: true, force: true });
  for (const target of targets) {
    const path = await buildAst(projectRoot, target, folder);
    process.stdout.write(`${path}\n`);
  }
  await writeChecksums(folder, targets);
  return 0;
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = await main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
}
