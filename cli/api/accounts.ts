// The person and the accounts they belong to, as the server tells them.

import { z } from "zod";
import { Problem } from "../problem.ts";
import type { Api } from "./api.ts";

const meSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().default(""),
  session_id: z.string().optional(),
  workspaces: z.array(z.object({ id: z.string(), slug: z.string().optional(), name: z.string(), role: z.string() })),
});

const sessionsSchema = z.object({ data: z.array(z.object({ current: z.boolean(), expires_at: z.string() })) });

export type Person = { readonly id: string; readonly email: string; readonly name: string };

export type Account = {
  readonly id: string;
  /** What commands and addresses call it. */
  readonly name: string;
  readonly displayName: string;
  /** The person's role in it. */
  readonly role: string;
};

/** @throws Problem */
export async function readPerson(
  api: Api,
): Promise<{ readonly person: Person; readonly accounts: readonly Account[] }> {
  const me = await api.read(meSchema, "GET", "/api/me");
  return {
    person: { id: me.id, email: me.email, name: me.name },
    accounts: me.workspaces.map(({ id, slug, name, role }) => ({ id, name: slug ?? id, displayName: name, role })),
  };
}

export async function readAccounts(api: Api): Promise<readonly Account[]> {
  return (await readPerson(api)).accounts;
}

/** When the session of this token ends unless it is used; undefined when the server does not say. */
export async function readSessionEnd(api: Api): Promise<string | undefined> {
  const { data } = await api.read(sessionsSchema, "GET", "/api/me/sessions");
  return data.find(({ current }) => current)?.expires_at;
}

/** The one account there is. @throws Problem usage when there are several, not_found when there is none */
export function pickAccount(accounts: readonly Account[]): Account {
  const [only, ...others] = accounts;
  if (only === undefined)
    throw new Problem("not_found", "You belong to no account.", { hint: "Ask to be invited to one." });
  if (others.length === 0) return only;
  throw new Problem("usage", "You belong to several accounts, and none is chosen.", {
    hint: "Choose one: ast account switch <name>, --account <name>, or ASTRO_ACCOUNT.",
    lines: accounts.map(({ name, displayName }) => `${name} (${displayName})`),
  });
}

/** By name, id or display name. @throws Problem not_found naming those there are */
export function findAccount(accounts: readonly Account[], wanted: string): Account {
  const found =
    accounts.find(({ name, id }) => name === wanted || id === wanted) ??
    accounts.find(({ name, displayName }) => [name, displayName].some((text) => sameWord(text, wanted)));
  if (found !== undefined) return found;
  throw new Problem("not_found", `You belong to no account "${wanted}".`, {
    hint: "`ast account list` shows those that you belong to.",
    lines: accounts.slice(0, 20).map(({ name }) => name),
  });
}

function sameWord(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
