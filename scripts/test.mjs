// `npm test`: installs and builds what is missing, runs every test and ends with the line `N passed, N failed`. Paths and options
// after `--` go to `bun test`.

import { findBun } from "./bun-binary.mjs";
import { ensureBuilt } from "./build.mjs";
import { runAndRead } from "./child-output.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { projectRoot } from "./project-root.mjs";
import { bunEnvironment } from "./run-bun.mjs";
import { readSummary, testArguments } from "./test-run.mjs";

await ensureDependencies(projectRoot, { development: true });
await ensureBuilt(projectRoot);
const { exitCode, output } = await runAndRead(findBun(projectRoot), testArguments(process.argv.slice(2)), {
  root: projectRoot,
  environment: bunEnvironment(),
  show: true,
});
const { passed, failed } = readSummary(output, exitCode);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
