// The options that name a period, for commands over what happened.

import type { Period } from "../../audit/ledger-records.ts";
import { UsageMistake, type CliCall, type CliOption } from "../command.ts";

export const periodOptions = {
  from: { type: "string", placeholder: "<time>", summary: "From this moment: 2031-01-01 or 2031-01-01T12:00:00Z" },
  to: { type: "string", placeholder: "<time>", summary: "To before this moment" },
} as const satisfies { [name: string]: CliOption };

/** A day alone is its midnight, UTC. @throws UsageMistake */
export function periodOf(call: CliCall): Period {
  return { from: momentOf(call, "from"), to: momentOf(call, "to") };
}

const isoMoment = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

function momentOf(call: CliCall, option: "from" | "to"): number | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  const time = isoMoment.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageMistake(`--${option} must be a time such as 2031-01-01 or 2031-01-01T12:00:00Z.`);
  return time;
}
