// The server's program: `serve`, or one of the operator's commands. The only file, with config.ts, that knows the process.

import { runCli } from "./cli/run-cli.ts";
import { ConfigError, readConfig } from "./config.ts";
import { serve } from "./serve.ts";

const output = {
  info: (line: string) => console.log(line),
  error: (line: string) => console.error(line),
  write: async (text: string) => void (await Bun.write(Bun.stdout, text)),
};

async function main(argv: readonly string[]): Promise<number> {
  const [command] = argv;
  if (command !== undefined && command !== "serve") return runCli(argv, process.env, output);
  await serve(readConfig(process.env), output);
  return 0;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof Error)) throw error;
  output.error(error instanceof ConfigError ? error.message : `The server could not start: ${error.message}`);
  process.exit(1);
}
