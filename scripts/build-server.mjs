// Bundles the server into a few files. Bun could run the sources as they are; the bundle starts sooner and keeps some
// 12 MB less in memory (docs/decisions/0020-serve-a-bundle.md). Stack traces name the sources, by the maps beside it.

import { join } from "node:path";
import { findBun } from "./bun-binary.mjs";
import { runAndRead } from "./child-output.mjs";

/**
 * @param {string} root The folder of package.json.
 * @param {string} folder Absolute; replaced.
 */
export async function build(root, folder) {
  const shape = ["--target=bun", "--splitting", "--sourcemap=linked", "--minify-whitespace", "--minify-syntax"];
  // Machine code that the engines' client only speeds up SSH with, which we do not use.
  const left = ["--external=cpu-features", "--external=*.node"];
  const parameters = ["build", join(root, "server", "main.ts"), ...shape, ...left, `--outdir=${folder}`];
  const { exitCode, output } = await runAndRead(findBun(root), parameters, { root, show: false });
  if (exitCode !== 0) throw new Error(output);
}
