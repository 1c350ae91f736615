// Keeps environment values out of what is told about a failure, whatever the cluster or the agent wrote.

import { RuntimeError, type Revision } from "../runtime.ts";

/** Shorter ones, such as `true` or `8080`, are no secrets and appear in any text. */
const shortestSecret = 6;

/** The same error with `[NAME]` where a value stood; what is no Error stays as it is. */
export function withoutValues(error: unknown, revision: Revision): unknown {
  if (!(error instanceof RuntimeError)) return error;
  const hide = hideValues(revision);
  return new RuntimeError(error.code, hide(error.message), {
    hint: hide(error.hint),
    ...(error.workload === undefined ? {} : { workload: error.workload }),
    lastLines: error.lastLines.map(hide),
  });
}

/** Longest values first, so that none is left in part. */
export function hideValues(revision: Revision): (text: string) => string {
  const values = new Map<string, string>();
  for (const { environment } of revision.workloads) {
    for (const [name, value] of Object.entries(environment)) {
      if (value.length >= shortestSecret) values.set(value, name);
    }
  }
  const ordered = [...values].toSorted(([one], [other]) => other.length - one.length);
  return (text) => ordered.reduce((hidden, [value, name]) => hidden.replaceAll(value, () => `[${name}]`), text);
}
