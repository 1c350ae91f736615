// What has to be built before the server runs: the console, and the server's bundle. `ensureBuilt` returns at once while the sources are
// the ones of the last build; `npm run build` is the same, told on the terminal.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "./project-root.mjs";

/** A build that takes longer has failed. */
const buildLimitMs = 5 * 60_000;

/**
 * @typedef {object} BuildTarget
 * @property {string} name Also its folder below `dist/`.
 * @property {readonly string[]} sources Files and folders, from the root: what it is made from.
 * @property {string} builder The module, from the root, that exports `build(root, folder)`.
 */

/** @type {readonly BuildTarget[]} */
const targets = [
  {
    name: "console",
    sources: ["console", "server/contracts", "package-lock.json", "scripts/build.mjs", "scripts/build-console.mjs"],
    builder: "scripts/build-console.mjs",
  },
  {
    name: "server",
    sources: [
      "server",
      "blueprint",
      "runtimes",
      "routing",
      "package.json",
      "package-lock.json",
      "scripts/build-server.mjs",
    ],
    builder: "scripts/build-server.mjs",
  },
];

/**
 * Builds every target whose sources changed since its last build. Safe when several processes start at once.
 * @param {string} root The folder of package.json.
 * @throws Error with the builder's output when it fails.
 */
export async function ensureBuilt(root) {
  for (const target of targets) {
    const fingerprint = fingerprintOf(root, target);
    if (builtFrom(root, target) !== fingerprint) await buildUnderLock(root, target, fingerprint);
  }
}

/**
 * @param {string} root
 * @param {BuildTarget} target
 * @param {string} fingerprint
 */
async function buildUnderLock(root, target, fingerprint) {
  const { mkdirSync, renameSync, rmSync, writeFileSync } = await import("node:fs");
  const { withInstallLock } = await import("./install-lock.mjs");
  const dist = join(root, "dist");
  mkdirSync(dist, { recursive: true });
  const waiting = { onWait: () => say("Waiting for another build to finish."), giveUpAfterMs: buildLimitMs };
  await withInstallLock(join(dist, `.${target.name}-lock`), waiting, async () => {
    if (builtFrom(root, target) === fingerprint) return;
    say(`Building the ${target.name}.`);
    const folder = join(dist, `.${target.name}-${process.pid}`);
    const previous = `${folder}-previous`;
    try {
      await runBuilder(root, target, folder);
      writeFileSync(join(folder, ".sources"), fingerprint);
      if (builtFrom(root, target) !== undefined) renameSync(join(dist, target.name), previous);
      else rmSync(join(dist, target.name), { recursive: true, force: true });
      renameSync(folder, join(dist, target.name));
    } finally {
      for (const leftover of [folder, previous]) rmSync(leftover, { recursive: true, force: true });
    }
  });
}

/**
 * In a process of its own: what a bundler takes of memory is free again before the server starts.
 * @param {string} root
 * @param {BuildTarget} target
 * @param {string} folder
 */
async function runBuilder(root, target, folder) {
  const { runAndRead } = await import("./child-output.mjs");
  const module = JSON.stringify(pathToFileURL(join(root, target.builder)).href);
  const program = `const { build } = await import(${module}); await build(process.argv[1], process.argv[2]);`;
  const parameters = ["--input-type=module", "--eval", program, "--", root, folder];
  // A test run has another NODE_ENV, and would get a slow build for development.
  const environment = { ...process.env, NODE_ENV: "production" };
  const { exitCode, output } = await runAndRead(nodeProgram(), parameters, { root, environment, show: false });
  if (exitCode !== 0) throw new Error(`The ${target.name} could not be built.\n${output}`);
}

/** Tests run on Bun; Vite wants Node. */
function nodeProgram() {
  return "bun" in process.versions ? "node" : process.execPath;
}

/**
 * @param {string} root
 * @param {BuildTarget} target
 */
function builtFrom(root, target) {
  try {
    return readFileSync(join(root, "dist", target.name, ".sources"), "utf8");
  } catch {
    return undefined;
  }
}

/**
 * A hash over the names and contents of all sources but tests.
 * @param {string} root
 * @param {BuildTarget} target
 */
function fingerprintOf(root, target) {
  const hash = createHash("sha256");
  for (const source of target.sources) {
    for (const path of filesBelow(root, source)) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

/**
 * The file itself, or every file below the folder, sorted.
 * @param {string} root
 * @param {string} path From the root.
 * @returns {string[]}
 */
function filesBelow(root, path) {
  if (/\.\w+$/.test(path)) return /\.test\.tsx?$/.test(path) ? [] : [path];
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries.flatMap((entry) => filesBelow(root, `${path}/${entry.name}`)).toSorted();
}

/** @param {string} sentence */
function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

if (process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === import.meta.url) {
  const { ensureDependencies } = await import("./dependencies.mjs");
  await ensureDependencies(projectRoot, { development: false });
  await ensureBuilt(projectRoot);
  say("Everything is built: dist/console and dist/server.");
}
