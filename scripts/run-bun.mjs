// Hands this process over to Bun: starts it as the only child and passes on signals, the exit code, and the end of whoever
// started us.

import { findBun } from "./bun-binary.mjs";

const forwardedSignals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** Bun reads this before it starts, and allows 256 outgoing requests at a time without it. */
const outgoingRequestLimit = "65535";

/**
 * How large a machine the garbage collector believes in, in bytes: it sizes the heap by it. With the real size it lets
 * garbage grow to a third more memory under load, and serves no faster for it.
 */
const collectorMachineBytes = String(192 * 1024 * 1024);

/** What Bun must know before it starts; whatever the operator sets wins. */
export const runtimeSettings = {
  BUN_CONFIG_MAX_HTTP_REQUESTS: outgoingRequestLimit,
  BUN_JSC_forceRAMSize: collectorMachineBytes,
};

/**
 * Bun's environment: this one over the runtime settings.
 * @returns {NodeJS.ProcessEnv}
 */
export function bunEnvironment() {
  return { ...runtimeSettings, ...process.env };
}

/** How soon a launcher that has gone is noticed. */
const parentCheckMs = 500;

/**
 * Runs Bun with these arguments in the current folder; this process ends as Bun ends.
 * @param {string} root The folder of package.json.
 * @param {readonly string[]} parameters
 */
export async function becomeBun(root, parameters) {
  const program = findBun(root);
  const { spawn } = await import("node:child_process");
  const child = spawn(program, [...parameters], { stdio: "inherit", env: bunEnvironment() });
  for (const signal of forwardedSignals) process.on(signal, () => passOn(child, signal));
  stopWithParent(child);
  child.once("error", (error) => {
    process.stderr.write(`Bun did not start: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => endLike(code, signal));
}

/**
 * npm starts us through a shell and ends only that shell: a signal to npm never arrives here, and the server would go on
 * with nobody to stop it. So under npm a changed parent counts as the signal.
 * @param {import("node:child_process").ChildProcess} child
 */
function stopWithParent(child) {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    child.kill("SIGTERM");
  }, parentCheckMs);
  check.unref();
}

/**
 * A terminal sends its interrupt to the whole group, Bun included; a second one would mean "stop at once" there.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function passOn(child, signal) {
  if (signal === "SIGINT" && process.stdin.isTTY) return;
  child.kill(signal);
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function endLike(code, signal) {
  if (signal === null) {
    process.exit(code ?? 1);
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
