// What the agent can do besides talking. Add a tool here: describe it for the model, check its input, give the result.

import { zodFunction } from "openai/helpers/zod";
import { z } from "zod";
import { timeIn } from "./clock.ts";

export const tools = [
  zodFunction({
    name: "current_time",
    description: "Tells the current date and time in a time zone.",
    parameters: z.object({ timeZone: z.string().describe('IANA name, such as "Europe/Paris"') }),
    function: ({ timeZone }) => timeIn(timeZone, new Date()),
  }),
];
