// `npm start`: installs and builds what is missing, then serves. Arguments after `--` go to the server.

import { join } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { projectRoot } from "./project-root.mjs";
import { becomeBun } from "./run-bun.mjs";

await ensureDependencies(projectRoot, { development: false });
await ensureBuilt(projectRoot);
await becomeBun(projectRoot, [join(projectRoot, "dist", "server", "main.js"), "serve", ...process.argv.slice(2)]);
