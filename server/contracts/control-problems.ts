// Everything wrong with one submitted body at once, each problem with the field it is about.

import { z } from "zod";
import { GatewayError } from "./errors.ts";

export const problemSchema = z
  .strictObject({
    param: z
      .string()
      .describe("Path of the field, such as `policy.objective.qualityTarget`; empty for the whole body."),
    message: z.string().describe("What is wrong with it."),
  })
  .meta({ id: "Problem" });

export type Problem = z.infer<typeof problemSchema>;

/** More problems than a person corrects in one go; the rest shows up at the next attempt. */
const mostProblems = 50;

/** A fault and where it is; an empty path stands for the whole. */
export type Fault = { readonly path: readonly string[]; readonly message: string };

/** One per field; a strict object's unknown fields are named one by one. */
export function faultsOf(error: z.ZodError): Fault[] {
  const faults = error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({ path: [...path, key], message: "This field does not exist." }));
  });
  return faults.slice(0, mostProblems);
}

/** The faults with their paths as text; `at` is put before every path. */
export function problemsOf(error: z.ZodError, at: readonly string[] = []): Problem[] {
  return faultsOf(error).map(({ path, message }) => ({ param: [...at, ...path].join("."), message }));
}

/** A 400 that names the first field at fault and carries all problems in `details.problems`. */
export function invalidBody(problems: readonly Problem[]): GatewayError {
  const first = problems[0] ?? { param: "", message: "The body is invalid." };
  const message = first.param === "" ? first.message : `\`${first.param}\`: ${first.message}`;
  return new GatewayError("invalid_request", message, {
    ...(first.param !== "" && { param: first.param }),
    details: { problems: problems.map(({ param, message }) => ({ param, message })) },
  });
}
