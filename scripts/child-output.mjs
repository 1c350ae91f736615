// Runs a program, shows what it writes as it comes, and keeps the end of it for whoever has to read it.

import { spawn } from "node:child_process";

const keptCharacters = 1_000_000;

/**
 * Resolves when the program has ended. A program killed by a signal, or not found, counts as exit code 1.
 * @param {string} program
 * @param {readonly string[]} parameters
 * @param {{ root: string, environment?: NodeJS.ProcessEnv, show: boolean }} how `show` copies the output to ours.
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
export function runAndRead(program, parameters, { root, environment = process.env, show }) {
  const colour = show && process.stderr.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(program, [...parameters], {
    cwd: root,
    env: { ...environment, ...colour },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const [source, target] of /** @type {const} */ ([
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])) {
    source.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-keptCharacters);
      if (show) target.write(text);
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ exitCode: 1, output: `${output}\n${error.message}` }));
    child.once("close", (code) => resolve({ exitCode: code ?? 1, output }));
  });
}
