// What the server's codes mean, in plain words: why an attempt failed, why nothing was debited.
// Every page that shows a code says it with these.

const failures: Readonly<Record<string, string>> = {
  unreachable: "The provider could not be reached",
  timeout: "The provider took too long",
  rate_limited: "The provider limits how often it is asked",
  rejected: "The provider found the request wrong",
  untranslatable: "The request asks for something that the provider has no words for",
  credentials: "The provider did not accept the server's credentials",
  provider_error: "The provider failed",
  cut: "The stream broke off before its end",
  cancelled: "The request was called off",
};

/** Why an attempt failed. */
export function failureInWords(kind: string): string {
  return failures[kind] ?? readable(kind);
}

const outcomes: Readonly<Record<string, string>> = {
  answered: "Answered",
  rejected_by_verification: "Its answer failed the checks",
  failed: "Failed",
  cut: "Broke off",
  cancelled: "Called off",
};

/** How an attempt ended. */
export function outcomeInWords(outcome: string): string {
  return outcomes[outcome] ?? readable(outcome);
}

const unbilled: Readonly<Record<string, string>> = {
  test_key: "Sent with a test key: the sandbox answers, and nothing is charged",
  missing_provider_usage: "The provider did not report what it used, so nothing was charged",
  client_disconnected: "The caller left before the answer began",
  hold_expired: "The hold had expired before the answer was settled",
  idempotent_replay: "A repeat of a request that was answered already",
  payment_required: "There was not enough credit",
  budget_exceeded: "A budget did not allow it",
  rate_limited: "Asked more often than the key allows",
  routing_policy_blocked: "The stack's boundaries left no model that could answer",
  routing_stack_not_found: "The stack it named does not exist",
  routing_stack_resolution_failed: "Its stack could not be read",
  unknown_model: "The model it named is not in the catalogue",
  unknown_pricing_model: "The model has no price, so it cannot be billed",
  invalid_request: "The request was not valid",
  invalid_json: "The body was not JSON",
  payload_too_large: "The body was too large",
  upstream_rejected_request: "The provider found the request wrong",
  upstream_error: "Every provider that was tried failed",
  upstream_timeout: "No provider answered in time",
  origin_unreachable: "No provider could be reached",
  structured_output_invalid: "No answer followed the schema",
  answer_rejected: "No answer passed the checks",
  streaming_provider_error: "The provider broke off in the middle of its answer",
  high_stakes_confirmation_required: "The stack wants a person's confirmation for such a request",
  tool_call_blocked: "The answer called a tool that the stack forbids",
  tool_call_confirmation_required: "The answer called a tool that needs a person's confirmation",
  workspace_suspended: "The workspace is suspended",
  access_pending: "The workspace waits for its access review",
  client_closed_request: "The caller left",
  service_unavailable: "The server was stopping, or had too much to do",
  internal_error: "The server failed",
};

/** Why a request cost nothing, or was refused. */
export function unbilledInWords(reason: string): string {
  return unbilled[reason] ?? readable(reason);
}

const categories: Readonly<Record<string, string>> = {
  core_loop: "Core loop",
  high_stakes: "High stakes",
};

export function categoryInWords(category: string): string {
  return categories[category] ?? readable(category);
}

/** `not_empty` as `Not empty`: for codes that are newer than this page. */
export function readable(code: string): string {
  const words = code.replaceAll(/[_:-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
