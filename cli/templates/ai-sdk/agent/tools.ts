// What the agent can do besides talking. Add a tool here: describe it for the model, check its input, give the result.

import { tool } from "ai";
import { z } from "zod";
import { timeIn } from "./clock.ts";

export const tools = {
  current_time: tool({
    description: "Tells the current date and time in a time zone.",
    inputSchema: z.object({ timeZone: z.string().describe('IANA name, such as "Europe/Paris"') }),
    execute: ({ timeZone }) => timeIn(timeZone, new Date()),
  }),
};
