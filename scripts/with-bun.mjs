// Runs the pinned Bun with the given arguments, installing what is missing first: `node scripts/with-bun.mjs run x.ts`.

import { ensureDependencies } from "./dependencies.mjs";
import { projectRoot } from "./project-root.mjs";
import { becomeBun } from "./run-bun.mjs";

await ensureDependencies(projectRoot, { development: true });
await becomeBun(projectRoot, process.argv.slice(2));
