// Renders a GatewayError in the shape that programs for agents read below `/api/v1`: a sentence, a code beside it, and
// details as text.

import type { z } from "zod";
import type { agentsErrorSchema } from "../../contracts/agents-accounts.ts";
import { errorTable, type ErrorCode, type GatewayError } from "../../contracts/errors.ts";
import { arrayAt, isObject, numberAt, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import { errorHeaders } from "../error-response.ts";

/** Where the usual hint speaks of something that is otherwise here: API keys do not let in, and no field is named apart. */
const ownHints: { readonly [code in ErrorCode]?: string } = {
  unauthorized:
    "Sign in with `ast login`, or set `ASTRO_ACCESS_TOKEN`: `Authorization: Bearer` takes an access token or a session's, no API key.",
  invalid_request: "Correct it and send it again; `details` lists everything where there is more than one thing.",
};

type Body = z.input<typeof agentsErrorSchema>;

/** Never holds a cause or a stack trace. */
export function agentsErrorResponse(error: GatewayError, requestId: string): Response {
  return Response.json(bodyOf(error, requestId), { status: error.status, headers: errorHeaders(error, requestId) });
}

function bodyOf(error: GatewayError, requestId: string): Body & JsonObject {
  const facts = error.details === undefined ? undefined : { ...error.details };
  const details = detailsOf(error, facts ?? {});
  return {
    error: error.message,
    error_code: error.code,
    ...(details === undefined ? {} : { details }),
    hint: hintOf(error),
    request_id: requestId,
    ...(error.code === "account_suspended" ? facts : facts === undefined ? {} : { facts }),
  };
}

function hintOf({ code, hint }: GatewayError): string {
  return hint === errorTable[code].hint ? (ownHints[code] ?? hint) : hint;
}

/** Everything that is wrong, line by line: published programs show it in the place of the sentence. */
function detailsOf({ message }: GatewayError, facts: JsonObject): string | undefined {
  const diagnostics = (arrayAt(facts, "diagnostics") ?? []).flatMap(diagnosticLine);
  if (diagnostics.length > 0) return [message, ...diagnostics].join("\n");
  const problems = (arrayAt(facts, "problems") ?? []).flatMap(problemLine);
  return problems.length > 1 ? problems.join("\n") : undefined;
}

function diagnosticLine(diagnostic: Json): string[] {
  if (!isObject(diagnostic)) return [];
  const hint = stringAt(diagnostic, "hint");
  const place = `astropods.yml:${numberAt(diagnostic, "line") ?? 1}:${numberAt(diagnostic, "column") ?? 1}`;
  return [`${place}: ${stringAt(diagnostic, "message") ?? ""}${hint === undefined ? "" : ` ${hint}`}`];
}

function problemLine(problem: Json): string[] {
  if (!isObject(problem)) return [];
  return [`\`${stringAt(problem, "param") ?? ""}\`: ${stringAt(problem, "message") ?? ""}`];
}
