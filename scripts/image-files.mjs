// Lays out what an image holds besides its base: `node scripts/image-files.mjs <folder>`, in an installed and built checkout.
// The server is its bundle and the console; Bun is the one program that it needs.

import { chmodSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findBun } from "./bun-binary.mjs";
import { projectRoot } from "./project-root.mjs";

const bunPath = "/usr/local/bin/bun";
const serverPath = "/app/dist/server/main.js";

/** The kernel starts Bun by the first line: no shell has to be there, and signals reach the server itself. */
const launcher = `#!${bunPath}\nimport ${JSON.stringify(serverPath)};\n`;

/**
 * `bun` and `astrolabe` are for /usr/local/bin, `app` is for /app, and `data`, which is empty, for /data.
 * @param {string} root The folder of package.json.
 * @param {string} folder Absolute; made here.
 */
function layOutImage(root, folder) {
  for (const name of ["app", "data"]) mkdirSync(join(folder, name), { recursive: true });
  cpSync(findBun(root), join(folder, "bun"));
  writeFileSync(join(folder, "astrolabe"), launcher);
  for (const name of ["bun", "astrolabe"]) chmodSync(join(folder, name), 0o755);
  for (const name of ["package.json", "LICENSE", "dist/console", "dist/server"]) {
    cpSync(join(root, name), join(folder, "app", name), { recursive: true });
  }
}

const folder = process.argv[2];
if (folder === undefined) throw new Error("Name the folder: node scripts/image-files.mjs <folder>");
layOutImage(projectRoot, folder);
