// A refusal of the server as a problem: its sentence, its hint, its request id and the exit code that programs read.

import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { Problem, type AboutProblem, type ProblemKind } from "../problem.ts";
import type { Answer } from "./http-client.ts";

const kinds: Readonly<Record<number, ProblemKind>> = {
  400: "usage",
  401: "sign_in",
  402: "refused",
  403: "refused",
  404: "not_found",
  409: "refused",
  413: "usage",
  422: "usage",
  426: "failed",
};

/** @param answer of status 400 and above, in the shape of either API. */
export function refusalOf(server: string, { status, body, headers }: Answer): Problem {
  const requestId = headers.get("x-astrolabe-cloud-request-id") ?? undefined;
  const said = isObject(body) ? wordsOf(body) : undefined;
  if (said === undefined) {
    return new Problem("failed", `${server} answered ${status}, and not as an Astrolabe server does.`, {
      code: "not_astrolabe",
      hint: "--server <address> or ASTRO_SERVER_URL names the server.",
      ...(requestId !== undefined && { requestId }),
    });
  }
  const kind = kinds[status] ?? "failed";
  const { message, ...about } = said;
  // Of an access token the server says why it does not count.
  if (kind === "sign_in" && about.code !== "invalid_access_token") return endedSession(server, requestId);
  return new Problem(kind, message, { ...(requestId !== undefined && { requestId }), ...about });
}

export function endedSession(server: string, requestId?: string): Problem {
  return new Problem("sign_in", `Your session at ${server} has ended, or was ended.`, {
    hint: `Sign in again: ast login --server ${server}`,
    ...(requestId !== undefined && { requestId }),
  });
}

export function nobodySignedIn(server: string): Problem {
  return new Problem("sign_in", `Nobody is signed in at ${server}.`, {
    hint: `Sign in: ast login --server ${server} (in CI: set ASTRO_ACCESS_TOKEN, from ast tokens create)`,
  });
}

type Words = AboutProblem & { readonly message: string };

function wordsOf(body: JsonObject): Words | undefined {
  const error = objectAt(body, "error");
  return error === undefined ? flatWords(body) : nestedWords(error);
}

/** Below `/api/v1`: `{ error, error_code, details?, hint, request_id }`. */
function flatWords(body: JsonObject): Words | undefined {
  const message = stringAt(body, "error");
  if (message === undefined) return undefined;
  const details = body["details"];
  return {
    message,
    ...withoutAbsent({ code: stringAt(body, "error_code") ?? stringAt(body, "code") }),
    ...withoutAbsent({ hint: stringAt(body, "hint"), requestId: stringAt(body, "request_id") }),
    lines: typeof details === "string" ? details.split("\n").slice(0, 100) : linesOf(objectAt(body, "details")),
  };
}

/** Elsewhere: `{ error: { code, message, hint, requestId, details: { problems } } }`. */
function nestedWords(error: JsonObject): Words | undefined {
  const message = stringAt(error, "message");
  if (message === undefined) return undefined;
  return {
    message,
    ...withoutAbsent({ code: stringAt(error, "code"), hint: stringAt(error, "hint") }),
    ...withoutAbsent({ requestId: stringAt(error, "requestId") }),
    lines: linesOf(objectAt(error, "details")),
  };
}

function linesOf(details: JsonObject | undefined): string[] {
  const problems = arrayAt(details ?? {}, "problems") ?? arrayAt(details ?? {}, "diagnostics") ?? [];
  return problems.filter(isObject).flatMap((problem) => {
    const message = stringAt(problem, "message");
    const place = stringAt(problem, "path") ?? stringAt(problem, "field");
    return message === undefined ? [] : [place === undefined || place === "" ? message : `${place}: ${message}`];
  });
}

function withoutAbsent<Name extends string>(values: Readonly<Record<Name, string | undefined>>): AboutProblem {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
