// The gates of `npm check` as data: what each runs and how it tells how many files it looked at.

import { join } from "node:path";
import { findBun } from "./bun-binary.mjs";

/**
 * @typedef {object} CheckStep
 * @property {string} name
 * @property {string} program
 * @property {readonly string[]} parameters
 * @property {(output: string) => number} countSeen Files (or tests) that the gate looked at.
 * @property {RegExp} [noise] Lines that are there only to be counted, left out of what a failure shows.
 */

/**
 * The gates in the order they run.
 * @param {string} root The folder of package.json.
 * @returns {CheckStep[]}
 */
export function checkSteps(root) {
  const installed = (/** @type {string[]} */ ...parts) => join(root, "node_modules", ...parts);
  const listed = /^.*\.(?:m?[jt]s|tsx|json)$/gm;
  const examined = /^\[debug\] resolve config from .*$/gm;
  return [
    ...[
      { name: "types", project: root },
      { name: "console", project: join(root, "console") },
    ].map(({ name, project }) => ({
      name,
      program: process.execPath,
      parameters: [installed("typescript", "bin", "tsc"), "-p", project, "--listFiles"],
      countSeen: (/** @type {string} */ output) =>
        matchesOf(output, listed).filter((file) => !file.includes("node_modules")).length,
      noise: listed,
    })),
    {
      name: "lint",
      program: process.execPath,
      parameters: [installed("oxlint", "bin", "oxlint"), "--type-aware", "--deny-warnings"],
      countSeen: (output) => Number(/ on (\d+) files?/.exec(output)?.[1] ?? 0),
    },
    {
      name: "format",
      program: process.execPath,
      parameters: [installed("prettier", "bin", "prettier.cjs"), "--check", root, "--log-level=debug", "--no-color"],
      countSeen: (output) => matchesOf(output, examined).length,
      noise: /^\[debug\].*$/gm,
    },
    {
      name: "tidy",
      program: findBun(root),
      parameters: ["test", "tests/tidy"],
      countSeen: (output) => Number(/^ *(\d+) pass$/m.exec(output)?.[1] ?? 0),
    },
  ];
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 */
function matchesOf(text, pattern) {
  return text.match(pattern) ?? [];
}

/**
 * What a failing gate shows: its output without the lines that only counted files.
 * @param {CheckStep} step
 * @param {string} output
 */
export function withoutNoise(step, output) {
  const kept = step.noise === undefined ? output : output.replaceAll(step.noise, "");
  return kept.replaceAll(/\n{2,}/g, "\n").trim();
}
