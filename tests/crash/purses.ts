// The workspaces and keys of the crash suite: one with credits to spare, one that is nearly empty, a key with a spend
// limit, a key whose stack has a daily budget. So refusals by credit and by budget are part of the traffic.

import { isObject, parseObject, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { operatorToken } from "../../server/keys/operator-token.ts";
import type { Seat } from "./seat.ts";
import { masterKey } from "./master-key.ts";
import { orderedModels } from "./order.ts";

const token = operatorToken(masterKey);

/** The memo of every grant that `grant` books. */
export const grantMemo = "A little more";

export type Purse = {
  readonly name: string;
  readonly workspaceId: string;
  /** Several, because servers that die take their share of a key's allowance per minute with them. */
  readonly keys: readonly string[];
};

/** Asks the control API. @throws Error when no server answers. */
export async function operate(
  url: string,
  method: "GET" | "POST" | "PATCH",
  path: string,
  body?: JsonObject,
): Promise<{ readonly status: number; readonly body: JsonObject }> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, body: parseObject(await response.text()) ?? {} };
}

/** Makes the purses on a server that is up. Prompts are stored, so that every debit can be traced to its order. */
export async function makePurses({ url = "" }: Seat): Promise<Purse[]> {
  const ask = async (method: "GET" | "POST" | "PATCH", path: string, body?: JsonObject): Promise<JsonObject> => {
    const answer = await operate(url, method, path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const workspace = async (name: string, amountUsd: string): Promise<string> => {
    const id = stringAt(await ask("POST", "/api/workspaces", { name }), "id") ?? "";
    await ask("POST", `/api/workspaces/${id}/credits/grants`, { amount_usd: amountUsd, memo: "To begin with" });
    await publish(id, "ordered", {});
    await ask("PATCH", `/api/workspaces/${id}`, { stack: "ordered" });
    return id;
  };
  const publish = async (id: string, slug: string, more: JsonObject): Promise<void> => {
    await ask("POST", `/api/workspaces/${id}/stacks`, { slug, name: slug, policy: { ...policy(), ...more } });
    await ask("POST", `/api/workspaces/${id}/stacks/${slug}/publish`, {});
  };
  const keys = async (id: string, count: number, fields: JsonObject = {}): Promise<string[]> => {
    const path = `/api/workspaces/${id}/keys`;
    const made = Array.from({ length: count }, () => ask("POST", path, { name: "a client", ...fields }));
    return (await Promise.all(made)).map((key) => stringAt(key, "secret") ?? "");
  };
  const rich = await workspace("Rich", "1000");
  const poor = await workspace("Poor", "0.15");
  await publish(rich, "daily", { budget: { dailyUsd: "0.25" } });
  return [
    { name: "rich", workspaceId: rich, keys: await keys(rich, 12) },
    { name: "poor", workspaceId: poor, keys: await keys(poor, 6) },
    { name: "limited", workspaceId: rich, keys: await keys(rich, 4, { spend_limit_usd: "0.06" }) },
    { name: "budgeted", workspaceId: rich, keys: await keys(rich, 6, { stack: "daily" }) },
  ];
}

function policy(): JsonObject {
  return {
    objective: { primary: "fixed_priority", priority: [...orderedModels] },
    verification: { mode: "off" },
    fallback: { maxAttempts: 2 },
    memory: { storePrompts: true },
  };
}

/** Books a grant once, however often it is asked for. True when a server confirmed it. */
export async function grant(
  url: string,
  workspaceId: string,
  amountUsd: string,
  idempotencyKey: string,
): Promise<boolean> {
  const body = { amount_usd: amountUsd, memo: grantMemo, idempotency_key: idempotencyKey };
  const answer = await operate(url, "POST", `/api/workspaces/${workspaceId}/credits/grants`, body).catch(
    () => undefined,
  );
  return answer?.status === 201 && isObject(answer.body);
}
