// How Vite builds and serves the console: one configuration for `dist/console` and for the development server.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";

/** Smaller files travel in one packet either way. */
const worthCompressingBytes = 1_024;
const compressible = /\.(?:js|css|svg|json|txt)$/;

/**
 * @param {string} root The folder of package.json.
 * @returns {import("vite").InlineConfig}
 */
export function consoleConfig(root) {
  return {
    root: join(root, "console"),
    configFile: false,
    // Relative addresses: the server may be reached below any path.
    base: "./",
    plugins: [react(), tailwindcss()],
    clearScreen: false,
  };
}

/**
 * Builds the console into a folder, with each text file also compressed.
 * @param {string} root The folder of package.json.
 * @param {string} folder Absolute; replaced.
 */
export async function build(root, folder) {
  const vite = await import("vite");
  await vite.build({
    ...consoleConfig(root),
    logLevel: "warn",
    build: { outDir: folder, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 1_000 },
  });
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (compressible.test(name)) compress(join(folder, name));
  }
}

/** @param {string} path */
function compress(path) {
  const content = readFileSync(path);
  if (content.length < worthCompressingBytes) return;
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
