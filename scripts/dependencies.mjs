// Installs the packages of package-lock.json when they are missing or out of date, so that `npm start` and `npm test`
// need no step before them. Run by itself it does that for `npm start`, and no more.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./project-root.mjs";
import { isInstalled, isLinked, isLockComplete, stampInstalled } from "./installed.mjs";

const installLimitMs = 15 * 60_000;
const networkFailure = /E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|NETUNREACH|HOSTUNREACH)|ENOTCACHED/;

/**
 * Returns at once when everything is there; otherwise installs, or ends the process with a sentence on what to do.
 * @param {string} root The folder of package.json.
 * @param {{ development: boolean }} need Whether the development packages are needed too.
 */
export async function ensureDependencies(root, need) {
  if (isInstalled(root, need)) return;
  if (isLinked(root))
    fail("node_modules is a link to packages that do not match package-lock.json. Install them there.");
  const { withInstallLock } = await import("./install-lock.mjs");
  const waiting = { onWait: () => say("Waiting for another install to finish."), giveUpAfterMs: installLimitMs };
  try {
    await withInstallLock(join(root, ".install-lock"), waiting, () => install(root, need));
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} root
 * @param {{ development: boolean }} need
 */
async function install(root, need) {
  if (isInstalled(root, need)) return;
  const state = existsSync(join(root, "node_modules")) ? "out of date" : "missing";
  // npm ci refuses a lock file that was written against a registry without some platforms' packages.
  const subcommand = isLockComplete(root) ? "ci" : "install";
  say(`Packages are ${state}; installing them with npm ${subcommand}.`);
  const { code, errorText } = await runNpm(root, subcommand, need.development);
  if (code !== 0) throw new Error(explain(errorText));
  stampInstalled(root, need.development);
}

/**
 * @param {string} root
 * @param {"ci" | "install"} subcommand `install` never changes the lock file here.
 * @param {boolean} development
 * @returns {Promise<{ code: number, errorText: string }>}
 */
async function runNpm(root, subcommand, development) {
  const { spawn } = await import("node:child_process");
  const quiet = ["--loglevel=error", "--no-audit", "--no-fund", "--prefer-offline", "--no-save"];
  const patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=1000"];
  const { command, leading } = npmCommand();
  const child = spawn(
    command,
    [...leading, subcommand, ...quiet, ...patience, ...(development ? ["--include=dev"] : [])],
    // Windows runs npm.cmd through a shell; the arguments above hold nothing that a shell would read.
    { cwd: root, stdio: ["ignore", "ignore", "pipe"], shell: leading.length === 0 && process.platform === "win32" },
  );
  let errorText = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (errorText = (errorText + text).slice(-20_000)));
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 1, errorText: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, errorText }));
  });
}

/** The npm that started this script, else the one on the path. */
function npmCommand() {
  const program = process.env["npm_execpath"];
  return program?.endsWith("npm-cli.js")
    ? { command: process.execPath, leading: [program] }
    : { command: "npm", leading: [] };
}

/**
 * @param {string} errorText What npm wrote to its error stream.
 */
export function explain(errorText) {
  const reason = networkFailure.test(errorText)
    ? "The npm registry cannot be reached. The first start needs it once; later ones do not. Check the network or the proxy settings of npm, then repeat the command."
    : "npm could not install the packages; its message is above.";
  return `${errorText.trim()}\n${reason}`;
}

/** @param {string} sentence */
function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  say(sentence);
  process.exit(1);
}

if (process.argv[1] === import.meta.filename) await ensureDependencies(projectRoot, { development: false });
