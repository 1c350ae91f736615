// The person and the accounts they belong to, as the server tells them.

import { z } from "zod";
import { Problem } from "../problem.ts";
import type { Api } from "./api.ts";

const meSchema = z.object({
  user: z.object({ id: z.string(), email: z.string(), name: z.string().default("") }),
  session: z.object({ expires_at: z.string().nullish() }).optional(),
  access_token: z.object({ name: z.string(), read_only: z.boolean(), expires_at: z.string() }).nullish(),
  accounts: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      display_name: z.string().default(""),
      role: z.string().default(""),
      type: z.string().default(""),
      status: z.string().default("active"),
    }),
  ),
});

export type Person = { readonly id: string; readonly email: string; readonly name: string };

export type Account = {
  readonly id: string;
  /** What commands and addresses call it. */
  readonly name: string;
  readonly displayName: string;
  /** The person's role in it. */
  readonly role: string;
  /** `active`, `suspended` or `access_pending`. */
  readonly status: string;
};

export type Me = {
  readonly person: Person;
  readonly accounts: readonly Account[];
  /** When the session of this token ends unless it is used, as ISO 8601; undefined when the server does not say. */
  readonly sessionEnd: string | undefined;
  /** What the call came with in the place of a session. */
  readonly accessToken: { readonly name: string; readonly isReadOnly: boolean; readonly expiresAt: string } | undefined;
};

/** @throws Problem */
export async function readMe(api: Api): Promise<Me> {
  const { user, accounts, session, access_token: token } = await api.read(meSchema, "GET", "/api/v1/me");
  return {
    person: user,
    sessionEnd: token ? undefined : (session?.expires_at ?? undefined),
    accessToken: token ? { name: token.name, isReadOnly: token.read_only, expiresAt: token.expires_at } : undefined,
    accounts: accounts.map(({ id, name, display_name, role, status }) => ({
      id,
      name,
      displayName: display_name,
      role,
      status,
    })),
  };
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
