// The server's program: `serve`, or one of the operator's commands. The only file, with config.ts, that knows the process.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, readConfig } from "./config.ts";

/** The folder of package.json: one above the sources, two above the bundle. */
const root = ["..", "../.."]
  .map((up) => join(import.meta.dir, up))
  .find((path) => existsSync(join(path, "package.json")));

/** Where `scripts/build.mjs` puts it. */
const builtConsole = join(root ?? "", "dist/console");

const output = {
  info: (line: string) => console.log(line),
  error: (line: string) => console.error(line),
  write: async (text: string) => void (await Bun.write(Bun.stdout, text)),
};

async function main(argv: readonly string[]): Promise<number> {
  const [command] = argv;
  // Each loads only what it needs: a server keeps it in memory for as long as it runs.
  if (command !== undefined && command !== "serve") {
    const { runCli } = await import("./cli/run-cli.ts");
    return runCli(argv, { environment: process.env, readSettings: readConfig, out: output });
  }
  const { serve } = await import("./serve.ts");
  const config = readConfig(process.env);
  await serve({ ...config, consoleDir: config.consoleDir ?? builtConsole }, output);
  return 0;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof Error)) throw error;
  output.error(error instanceof ConfigError ? error.message : `The server could not start: ${error.message}`);
  process.exit(1);
}
