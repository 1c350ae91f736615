#!/usr/bin/env node
// The `ast` program out of a checkout or a package: installs what is missing, then runs the command line on Bun.

import { join } from "node:path";
import { ensureDependencies } from "./dependencies.mjs";
import { projectRoot } from "./project-root.mjs";
import { becomeBun } from "./run-bun.mjs";

await ensureDependencies(projectRoot, { development: false });
await becomeBun(projectRoot, [join(projectRoot, "cli", "main.ts"), ...process.argv.slice(2)]);
