// What the form of a key holds, and the body that it becomes.

import { isOfAgent, type ApiKey, type KeyChanges, type KeyInput } from "./key.ts";

/** As typed; empty text is no limit. */
export type KeyDraft = {
  readonly name: string;
  readonly mode: "live" | "test";
  /** Slug; undefined: the workspace's. */
  readonly stack: string | undefined;
  /** `YYYY-MM-DD`, to the end of that day where the reader is. */
  readonly expires: string;
  readonly rateLimit: string;
  readonly spendLimit: string;
  readonly dailyBudget: string;
  readonly monthlyBudget: string;
  /** Ids or patterns, one a line. */
  readonly models: string;
};

export const newKeyDraft: KeyDraft = {
  name: "",
  mode: "live",
  stack: undefined,
  expires: "",
  rateLimit: "",
  spendLimit: "",
  dailyBudget: "",
  monthlyBudget: "",
  models: "",
};

export function draftOf(key: ApiKey): KeyDraft {
  return {
    name: key.name,
    mode: key.mode,
    stack: key.stack ?? undefined,
    expires: key.expires_at === null ? "" : dayOf(new Date(key.expires_at)),
    rateLimit: key.rate_limit_per_minute === null ? "" : String(key.rate_limit_per_minute),
    spendLimit: plain(key.spend_limit_usd ?? ""),
    dailyBudget: plain(key.budget?.dailyUsd ?? ""),
    monthlyBudget: plain(key.budget?.monthlyUsd ?? ""),
    models: key.allowed_models.join("\n"),
  };
}

/**
 * The fields that a key can be created with and changed in. What the draft does not show of a budget stays as it was.
 * @param before the key that is changed; undefined for a new one.
 */
export function limitsOf(draft: KeyDraft, before?: ApiKey): Omit<KeyInput, "name" | "mode"> {
  const { stack, expires, rateLimit, spendLimit, dailyBudget, monthlyBudget, models } = draft;
  const { dailyUsd: _daily, monthlyUsd: _monthly, ...otherBudget } = before?.budget ?? {};
  const budget = {
    ...otherBudget,
    ...(dailyBudget.trim() !== "" && { dailyUsd: dailyBudget.trim() }),
    ...(monthlyBudget.trim() !== "" && { monthlyUsd: monthlyBudget.trim() }),
  };
  const hasBudget = "dailyUsd" in budget || "monthlyUsd" in budget || "perRequestMaxUsd" in budget;
  return {
    stack: stack ?? null,
    expires_at: expiryOf(expires, before),
    // What is not a number is sent as it is, so that the server says so at the field.
    rate_limit_per_minute: rateLimit.trim() === "" ? null : Number(rateLimit),
    spend_limit_usd: spendLimit.trim() === "" ? null : spendLimit.trim(),
    budget: hasBudget ? budget : null,
    allowed_models: models
      .split(/[\n,]/)
      .map((model) => model.trim())
      .filter((model) => model !== ""),
  };
}

/** What is sent to change a key; of an agent's key only what may be changed. */
export function changesOf(draft: KeyDraft, before: ApiKey): KeyChanges {
  const { expires_at, ...limits } = limitsOf(draft, before);
  return isOfAgent(before) ? limits : { name: draft.name, expires_at, ...limits };
}

/** A day that was not touched keeps its exact time. */
function expiryOf(day: string, before: ApiKey | undefined): string | null {
  if (day === "") return null;
  if (before?.expires_at != null && dayOf(new Date(before.expires_at)) === day) return before.expires_at;
  return new Date(`${day}T23:59:59`).toISOString();
}

/** `YYYY-MM-DD` where the reader is. */
export function dayOf(time: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** `250.000000000000` as one would type it. */
function plain(usd: string): string {
  return usd.includes(".") ? usd.replace(/\.?0+$/, "") : usd;
}
