// `npm run check`: types of the server and the console, lint, format and tidiness. Every gate runs even if an earlier one failed, and a gate that
// looked at nothing has failed.

import { checkSteps, withoutNoise } from "./check-steps.mjs";
import { runAndRead } from "./child-output.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { projectRoot } from "./project-root.mjs";

await ensureDependencies(projectRoot, { development: true });

/** @type {string[]} */
const failures = [];
for (const step of checkSteps(projectRoot)) {
  const startedAt = performance.now();
  const { exitCode, output } = await runAndRead(step.program, step.parameters, { root: projectRoot, show: false });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const seen = step.countSeen(output);
  const passed = exitCode === 0 && seen > 0;
  process.stdout.write(`${passed ? "ok    " : "failed"}  ${step.name.padEnd(8)}${seen} seen, ${seconds} s\n`);
  if (passed) continue;
  failures.push(seen === 0 ? `${step.name} (looked at nothing)` : step.name);
  process.stdout.write(`${withoutNoise(step, output)}\n\n`);
}
process.stdout.write(failures.length === 0 ? "All checks passed.\n" : `Failed: ${failures.join(", ")}.\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
