// What the gateway's response headers say, for the reader of an answer. docs/reference/headers.md has them in full.

export type HeaderMeaning = { readonly name: string; readonly meaning: string };

export const headerMeanings: readonly HeaderMeaning[] = [
  { name: "x-astrolabe-model", meaning: "The model that produced this answer." },
  {
    name: "x-astrolabe-selected-model",
    meaning: "The plan's first choice; another than the above when a fallback answered.",
  },
  { name: "x-astrolabe-selected-provider", meaning: "Who serves the first choice." },
  { name: "x-astrolabe-decision", meaning: "How the plan came about." },
  { name: "x-astrolabe-lane", meaning: "The list of candidates that the plan started from." },
  { name: "x-astrolabe-category", meaning: "What kind of task the request was taken for." },
  { name: "x-astrolabe-action-class", meaning: "What the request sets out to do." },
  { name: "x-astrolabe-complexity", meaning: "How hard the request was judged to be." },
  { name: "x-astrolabe-stack-name", meaning: "The stack that it ran under." },
  { name: "x-astrolabe-stack-version", meaning: "The version of that stack." },
  { name: "x-astrolabe-stack-id", meaning: "The stack's id." },
  { name: "x-astrolabe-policy-status", meaning: "What the stack's boundaries said." },
  { name: "x-astrolabe-verification-status", meaning: "What verification made of the answer." },
  { name: "x-astrolabe-confidence-score", meaning: "The verifier's confidence, 1 to 5." },
  {
    name: "x-astrolabe-estimated-baseline-cost-usd",
    meaning: "What the strongest allowed model was expected to cost.",
  },
  { name: "x-astrolabe-estimated-savings-usd", meaning: "That minus what the first choice was expected to cost." },
  { name: "x-astrolabe-cloud-request-id", meaning: "The request's id: the key to its trace, usage and debit." },
  { name: "x-astrolabe-cloud-workspace", meaning: "The workspace that pays." },
  { name: "x-astrolabe-cloud-key", meaning: "The public prefix of the key; safe to log." },
  { name: "x-ratelimit-limit", meaning: "Requests that the key may make in this minute." },
  { name: "x-ratelimit-remaining", meaning: "Requests left in this minute." },
  { name: "x-ratelimit-reset", meaning: "When the minute ends, in Unix seconds." },
  { name: "retry-after", meaning: "Seconds to wait before trying again." },
];

export type ExplainedHeader = HeaderMeaning & { readonly value: string };

/** Those of ours that came, in the order of the list. */
export function explainedHeaders(headers: ReadonlyMap<string, string>): ExplainedHeader[] {
  return headerMeanings.flatMap(({ name, meaning }) => {
    const value = headers.get(name);
    return value === undefined ? [] : [{ name, meaning, value }];
  });
}
