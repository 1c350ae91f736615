// Renders a GatewayError in the shape that programs for agents read below `/api/v1`: a sentence, a code beside it, and
// details as text.

import type { z } from "zod";
import type { agentsErrorSchema } from "../../contracts/agents-accounts.ts";
import type { GatewayError } from "../../contracts/errors.ts";
import { arrayAt, isObject, numberAt, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import { errorHeaders } from "../error-response.ts";

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
    hint: error.hint,
    request_id: requestId,
    ...(error.code === "account_suspended" ? facts : facts === undefined ? {} : { facts }),
  };
}

/** Everything that is wrong, line by line: published programs show it in the place of the sentence. */
function detailsOf({ message }: GatewayError, facts: JsonObject): string | undefined {
  const lines = [
    ...(arrayAt(facts, "diagnostics") ?? []).flatMap(diagnosticLine),
    ...(arrayAt(facts, "problems") ?? []).flatMap(problemLine),
  ];
  return lines.length === 0 ? undefined : [message, ...lines].join("\n");
}

function diagnosticLine(diagnostic: Json): string[] {
  if (!isObject(diagnostic)) return [];
  const hint = stringAt(diagnostic, "hint");
  const place = `astropods.yml:${numberAt(diagnostic, "line") ?? 1}:${numberAt(diagnostic, "column") ?? 1}`;
  return [`${place}: ${stringAt(diagnostic, "message") ?? ""}${hint === undefined ? "" : ` ${hint}`}`];
}

function problemLine(problem: Json): string[] {
  if (!isObject(problem)) return [];
  return [`${stringAt(problem, "param") ?? ""}: ${stringAt(problem, "message") ?? ""}`];
}
