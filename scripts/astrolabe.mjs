#!/usr/bin/env node
// The `astrolabe` program: installs what is missing, then runs the command that its arguments name.

import { join } from "node:path";
import { ensureDependencies } from "./dependencies.mjs";
import { projectRoot } from "./project-root.mjs";
import { becomeBun } from "./run-bun.mjs";

await ensureDependencies(projectRoot, { development: false });
await becomeBun(projectRoot, [join(projectRoot, "server", "main.ts"), ...process.argv.slice(2)]);
