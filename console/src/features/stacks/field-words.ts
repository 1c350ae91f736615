// What the fields and words of a policy are called in the form.

/** Where the name itself would read badly. */
const labels: Readonly<Record<string, string>> = {
  dataPolicy: "What providers may do with the data",
  retentionPolicy: "What may be stored",
  fallbackMustStayInPolicy: "Fallbacks keep to these boundaries",
  fileUrlAllowlist: "File URLs allowed",
  imageUrlAllowlist: "Image URLs allowed",
  maxUrlParts: "Most URLs in a request",
  allowPreview: "Allow preview models",
  primary: "Strive for",
  priority: "Order of models",
  autoLane: "Lane of astrolabe/auto",
  latencySloMs: "First words within (ms)",
  reliabilityTarget: "Reliability target (0 to 1)",
  maxExpectedCostUsd: "Most expected cost of a request (USD)",
  enabled: "Try another model when one fails",
  maxAttempts: "Most calls for a request",
  mode: "Mode",
  triggers: "Move on after",
  neverEscalateCategories: "Never escalate",
  schemaRequests: "Mode for requests with a schema",
  minConfidence: "Least confidence (1 to 5)",
  holdStream: "Hold streams back until checked",
  maxEscalations: "Most escalations",
  toolProfile: "Tool calls",
  toolCapabilities: "What each tool can do",
  untrustedContent: "Text from strangers",
  monthlyUsd: "Limit a month (USD)",
  dailyUsd: "Limit a day (USD)",
  perRequestMaxUsd: "Limit a request (USD)",
  warnPercent: "Warn at (percent)",
  hardStopPercent: "Refuse from (percent)",
  storePrompts: "Keep requests",
  storeOutputs: "Keep answers",
  storeResponses: "Keep responses that ask for it",
  fingerprintOnly: "Keep a fingerprint only",
  retentionDays: "Keep traces and responses for (days)",
  responseHeaders: "Send all routing headers",
  inlineMetadata: "Put routing facts into answers",
  traces: "Keep traces",
  use: "Use, in this order",
  minInputTokens: "Input tokens at least",
  maxInputTokens: "Input tokens at most",
};

/** The same name means different things in different groups. */
const labelsByPath: Readonly<Record<string, string>> = {
  "verification/mode": "Check answers",
  "verification/highStakes": "Mode for high-stakes requests",
  "fallback/mode": "What follows a failure",
  "safety/highStakes": "High-stakes requests",
};

export function labelOf(group: string, name: string): string {
  return labelsByPath[`${group}/${name}`] ?? labels[name] ?? sentenceCase(name);
}

/** `lowest_cost_passable` as `Lowest cost passable`, `allowedModels` as `Allowed models`. */
export function sentenceCase(word: string): string {
  const spaced = word
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** What each group is about, under its heading. */
export const groupWords: Readonly<Record<string, string>> = {
  boundaries: "Who may answer at all. A boundary excludes; nothing loosens it.",
  objective: "What to strive for among those who may.",
  fallback: "What happens when a model fails.",
  verification: "How answers are checked before they count.",
  safety: "High stakes, tools, and text from strangers.",
  budget: "What requests under this stack may cost.",
  memory: "What is kept of them.",
  observability: "What answers and traces say.",
};

/** The field or the group that a pointer is about, for people: `Objective · Quality target`. */
export function pointerWords(pointer: string): string {
  const [group = "", name, ...rest] = pointer.slice(1).split("/");
  if (name === undefined) return group === "" ? "The policy" : sentenceCase(group);
  const place = rest.length > 0 && /^\d+$/.test(rest[0] ?? "") ? ` ${Number(rest[0]) + 1}` : "";
  return `${sentenceCase(group)} · ${labelOf(group, name)}${place}`;
}
