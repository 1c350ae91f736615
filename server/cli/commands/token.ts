// `astrolabe token`: what the control API wants to see.

import type { CliCommand } from "../command.ts";
import { tokenOf } from "../control-client.ts";

export const tokenCommand: CliCommand = {
  words: ["token"],
  positionals: [],
  summary: "Print the operator token for the control API",
  options: {},
  run: async ({ dataDir, environment }) => {
    const token = tokenOf(dataDir, environment);
    return { json: { token }, lines: [token] };
  },
};
