// What `npm test` knows about `bun test`: which arguments to give it, and how to read its closing summary.

const defaultPaths = ["server", "routing", "tests", "scripts", "bench", "console"];
const optionsWithValue = new Set(["-t", "--test-name-pattern", "--timeout", "--rerun-each", "--preload", "--seed"]);

/** Enough for a test that starts a server on a busy machine; Bun's own limit is five seconds. */
const timeoutMs = 30_000;

/**
 * Bun's arguments: the caller's, with the project's paths unless it named some, and a time limit unless it set one.
 * @param {readonly string[]} given
 */
export function testArguments(given) {
  const named = given.some((word, index) => !word.startsWith("-") && !optionsWithValue.has(given[index - 1] ?? ""));
  const limited = given.some((word) => word.startsWith("--timeout"));
  return ["test", ...(limited ? [] : [`--timeout=${timeoutMs}`]), ...given, ...(named ? [] : defaultPaths)];
}

/**
 * The counts of Bun's summary. Without a summary, or with no test run, the run itself is the one failure: a crash and
 * a mistyped path must not look like success.
 * @param {string} output Everything Bun wrote.
 * @param {number} exitCode
 */
export function readSummary(output, exitCode) {
  const plain = output.replaceAll(/\u001b\[[0-9;]*m/g, "");
  const passed = lastCount(plain, "pass");
  const failed = lastCount(plain, "fail");
  const errors = lastCount(plain, "error");
  const wrong = exitCode !== 0 || errors > 0 || passed + failed === 0;
  return { passed, failed: wrong ? Math.max(failed, 1) : failed };
}

/**
 * @param {string} text
 * @param {string} word
 */
function lastCount(text, word) {
  const counts = [...text.matchAll(new RegExp(`^ *(\\d+) ${word}s?$`, "gm"))];
  return Number(counts.at(-1)?.[1] ?? 0);
}
