// What the agent can do besides talking. Add a tool here: describe it for the model, check its input, give the result.

import { createTool } from "@mastra/core/tools";
import { z } from "zod";
import { timeIn } from "./clock.ts";

const currentTime = createTool({
  id: "current_time",
  description: "Tells the current date and time in a time zone.",
  inputSchema: z.object({ timeZone: z.string().describe('IANA name, such as "Europe/Paris"') }),
  execute: async ({ timeZone }) => timeIn(timeZone, new Date()),
});

export const tools = { current_time: currentTime };
