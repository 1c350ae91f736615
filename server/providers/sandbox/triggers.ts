// The sandbox's test cards: words in the last user text that make it fail, wait or answer in a chosen way. The table is
// data; docs/sandbox.md prints it.

type NumberRule = {
  readonly meaning: string;
  readonly defaultValue: number;
  readonly minimum: number;
  readonly maximum: number;
};

type TriggerRow = {
  readonly name: string;
  /** What happens, for the docs. `N` stands for the number. */
  readonly effect: string;
  /** What the caller can expect of the gateway, for the docs. */
  readonly outcome: string;
  /** Absent: the trigger takes no number. */
  readonly number?: NumberRule;
};

const moveOn = "falls back to the next candidate; alone";

/** Every trigger, in the order of the documentation. */
export const sandboxTriggers = [
  {
    name: "rate_limit",
    effect: "The provider answers 429.",
    outcome: `${moveOn} \`upstream_error\``,
    number: { meaning: "`retry-after` in seconds", defaultValue: 1, minimum: 0, maximum: 3600 },
  },
  {
    name: "error",
    effect: "The provider answers with a server error.",
    outcome: `${moveOn} \`upstream_error\``,
    number: { meaning: "HTTP status", defaultValue: 500, minimum: 500, maximum: 599 },
  },
  { name: "credentials", effect: "The provider refuses our credentials.", outcome: `${moveOn} \`upstream_error\`` },
  {
    name: "rejected",
    effect: "The provider answers 400: the request itself is wrong.",
    outcome: "`upstream_rejected_request`, no fallback",
  },
  { name: "unreachable", effect: "No connection comes about.", outcome: `${moveOn} \`origin_unreachable\`` },
  {
    name: "timeout",
    effect: "The provider never answers; the first-byte clock ends the attempt.",
    outcome: `${moveOn} \`upstream_timeout\``,
  },
  {
    name: "slow",
    effect: "The answer begins after a delay.",
    outcome: "answered, or timed out when the delay exceeds the first-byte clock",
    number: { meaning: "milliseconds", defaultValue: 1000, minimum: 0, maximum: 120_000 },
  },
  {
    name: "pace",
    effect: "A stream pauses after every word.",
    outcome: "answered, or timed out when the pause exceeds the clock between chunks",
    number: { meaning: "milliseconds", defaultValue: 50, minimum: 0, maximum: 120_000 },
  },
  {
    name: "cut",
    effect: "The connection breaks in the middle of the answer.",
    outcome: `stream: \`streaming_provider_error\` after half the text; otherwise ${moveOn} \`upstream_error\``,
  },
  {
    name: "stream_error",
    effect: "The provider reports a failure in the middle of the answer.",
    outcome: `stream: \`streaming_provider_error\` after half the text; otherwise ${moveOn} \`upstream_error\``,
  },
  {
    name: "malformed",
    effect: "The provider answers 200 with bytes that are no answer.",
    outcome: `${moveOn} \`upstream_error\``,
  },
  { name: "empty", effect: "The answer has no content.", outcome: "fails verification: `empty_output`" },
  { name: "refusal", effect: "The model declines to answer.", outcome: "a refusal; fails strict verification" },
  {
    name: "content_filter",
    effect: "The provider's filter stops the answer halfway.",
    outcome: "answered with finish reason `content_filter`",
  },
  {
    name: "bad_json",
    effect: "Structured output and tool arguments are cut JSON.",
    outcome: "fails verification: `schema_failure`",
  },
  {
    name: "bad_schema",
    effect: "Structured output and tool arguments are the valid JSON `null`.",
    outcome: "fails verification of the schema: `schema_failure`",
  },
  {
    name: "no_usage",
    effect: "The answer reports no usage.",
    outcome: "answered; `unbillable`, `missing_provider_usage`",
  },
  {
    name: "cached",
    effect: "N input tokens are reported as read from the prompt cache, at most the whole input.",
    outcome: "billed at the cached-input price",
    number: { meaning: "tokens", defaultValue: 1_000_000, minimum: 1, maximum: 1_000_000 },
  },
  {
    name: "reasoning",
    effect: "The answer begins with N reasoning tokens.",
    outcome: "billed as output",
    number: { meaning: "tokens", defaultValue: 64, minimum: 1, maximum: 32_000 },
  },
  {
    name: "tokens",
    effect: "The text is exactly N tokens long, unless the output limit is lower.",
    outcome: "answered",
    number: { meaning: "tokens", defaultValue: 500, minimum: 1, maximum: 32_000 },
  },
] as const satisfies readonly TriggerRow[];

export type TriggerName = (typeof sandboxTriggers)[number]["name"];

/** The triggers that apply to one call, each with its number (0 for triggers that take none). */
export type ActiveTriggers = ReadonlyMap<TriggerName, number>;

const triggerRows: ReadonlyMap<string, TriggerRow & { readonly name: TriggerName }> = new Map(
  sandboxTriggers.map((row) => [row.name, row]),
);
const triggerPattern = /\[sandbox:([a-z_]{1,30})(?:=(\d{1,9}))?(?:@([^\]\s]{1,200}))?\]/g;
/** More triggers than this in one text are ignored. */
const triggersAtMost = 32;

/**
 * The triggers in `text` that apply to this attempt (1-based) at this model. Later ones of a name win. `warn` hears of
 * unknown names, numbers that are ignored and numbers moved into their range.
 */
export function readTriggers(
  text: string,
  call: { readonly model: string; readonly attempt: number },
  warn: (sentence: string) => void,
): ActiveTriggers {
  const active = new Map<TriggerName, number>();
  let seen = 0;
  for (const [whole, name = "", number, target] of text.matchAll(triggerPattern)) {
    seen += 1;
    if (seen > triggersAtMost) {
      warn(`only the first ${triggersAtMost} sandbox triggers count`);
      break;
    }
    const row = triggerRows.get(name);
    if (row === undefined) warn(`${whole} is not a known sandbox trigger and was ignored`);
    else if (appliesTo(target, call)) active.set(row.name, triggerNumber(row, number, whole, warn));
  }
  return active;
}

/** The text a person meant: triggers removed, white space tidied. */
export function withoutTriggers(text: string): string {
  return text.replace(triggerPattern, " ").replace(/\s+/g, " ").trim();
}

/** The Markdown table of all triggers, for docs/sandbox.md. */
export function sandboxTriggerTable(): string {
  const rows = sandboxTriggers.map((row: TriggerRow) => {
    const number = row.number;
    const example = number === undefined ? "" : `, \`[sandbox:${row.name}=N]\``;
    const range =
      number === undefined
        ? "-"
        : `${number.meaning}, ${number.minimum} to ${number.maximum}; ${number.defaultValue} when left out`;
    return `| \`[sandbox:${row.name}]\`${example} | ${row.effect} | ${range} | ${row.outcome} |`;
  });
  return [
    "| Trigger | What the sandbox does | N | What the gateway makes of it |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function appliesTo(target: string | undefined, call: { readonly model: string; readonly attempt: number }): boolean {
  if (target === undefined) return true;
  if (target === "first") return call.attempt === 1;
  return /^\d+$/.test(target) ? Number(target) === call.attempt : target === call.model;
}

function triggerNumber(
  row: TriggerRow,
  written: string | undefined,
  whole: string,
  warn: (sentence: string) => void,
): number {
  if (row.number === undefined) {
    if (written !== undefined) warn(`${whole}: this sandbox trigger takes no number; it was ignored`);
    return 0;
  }
  if (written === undefined) return row.number.defaultValue;
  const value = Math.min(row.number.maximum, Math.max(row.number.minimum, Number(written)));
  if (value !== Number(written)) warn(`${whole}: the number was moved to ${value}, the nearest one allowed`);
  return value;
}
