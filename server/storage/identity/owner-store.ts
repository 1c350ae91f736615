// Owner links in the database, and the one transaction that makes the owner.

import type { Kysely, Transaction } from "kysely";
import { asId, newId, type UserId } from "../../contracts/ids.ts";
import type { OwnerDetails, OwnerRecords } from "../../identity/owner-link.ts";
import type { Tables } from "../database.ts";
import { settingsStore } from "../settings-store.ts";
import { endAccessTokens } from "./access-token-store.ts";

export const claimedSetting = "owner.claimed_at";
const linkPrefix = "owner-link-";

export function ownerStore(query: Kysely<Tables>): OwnerRecords {
  return {
    isClaimed: async () => (await settingsStore(query).get(claimedSetting)) !== undefined,
    async addLink(tokenHash, now, expiresAt) {
      const times = { expires_at: expiresAt, created_at: now, updated_at: now };
      await query
        .insertInto("verifications")
        .values({ id: Bun.randomUUIDv7(), identifier: linkPrefix + tokenHash, value: "", ...times })
        .execute();
    },
    async hasLink(tokenHash, now) {
      const row = await query
        .selectFrom("verifications")
        .select("id")
        .where("identifier", "=", linkPrefix + tokenHash)
        .where("expires_at", ">", now)
        .executeTakeFirst();
      return row !== undefined;
    },
    claim: (tokenHash, owner, now) =>
      query.transaction().execute(async (transaction) => {
        const current = await currentOwner(transaction);
        const holder = await transaction
          .selectFrom("users")
          .select("id")
          .where("email", "=", owner.email)
          .executeTakeFirst();
        if (holder !== undefined && holder.id !== current) return "email_taken";
        const used = await transaction
          .deleteFrom("verifications")
          .where("identifier", "=", linkPrefix + tokenHash)
          .where("expires_at", ">", now)
          .returning("id")
          .executeTakeFirst();
        if (used === undefined) return undefined;
        await transaction.deleteFrom("verifications").where("identifier", "like", `${linkPrefix}%`).execute();
        await settingsStore(transaction).claim(claimedSetting, String(now));
        return makeOwner(transaction, current, owner, now);
      }),
  };
}

async function makeOwner(
  transaction: Transaction<Tables>,
  existing: UserId | undefined,
  owner: OwnerDetails,
  now: number,
): Promise<UserId> {
  const id = existing ?? newId("usr");
  const details = {
    email: owner.email,
    name: owner.name,
    email_verified: owner.emailVerified ? 1 : 0,
    is_operator: 1,
    updated_at: now,
  };
  if (existing === undefined) {
    await transaction
      .insertInto("users")
      .values({ id, created_at: now, ...details })
      .execute();
  } else {
    await transaction
      .updateTable("users")
      .set({ ...details, two_factor_enabled: 0 })
      .where("id", "=", id)
      .execute();
    for (const table of ["sessions", "credentials", "passkeys", "two_factors"] as const) {
      await transaction.deleteFrom(table).where("user_id", "=", id).execute();
    }
    await endAccessTokens(transaction, id, now);
  }
  await ownFirstWorkspace(transaction, id, now);
  if (owner.passwordHash !== undefined) await insertPassword(transaction, id, owner.passwordHash, now);
  return id;
}

/** The first operator, else whom the first start made: the earliest owner of the first workspace. */
async function currentOwner(transaction: Transaction<Tables>): Promise<UserId | undefined> {
  const operator = await transaction
    .selectFrom("users")
    .select("id")
    .where("is_operator", "=", 1)
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  if (operator !== undefined) return asId<UserId>(operator.id);
  const owner = await transaction
    .selectFrom("members")
    .select("user_id")
    .where("role", "=", "owner")
    .orderBy("workspace_id")
    .orderBy("user_id")
    .limit(1)
    .executeTakeFirst();
  return owner && asId<UserId>(owner.user_id);
}

async function ownFirstWorkspace(transaction: Transaction<Tables>, id: UserId, now: number): Promise<void> {
  const first = await transaction.selectFrom("workspaces").select("id").orderBy("id").limit(1).executeTakeFirst();
  if (first === undefined) return;
  await transaction
    .insertInto("members")
    .values({ workspace_id: first.id, user_id: id, role: "owner", created_at: now })
    .onConflict((conflict) => conflict.columns(["workspace_id", "user_id"]).doUpdateSet({ role: "owner" }))
    .execute();
}

/** @param passwordHash as better-auth makes it. */
export async function insertPassword(
  query: Kysely<Tables>,
  userId: UserId,
  passwordHash: string,
  now: number,
): Promise<void> {
  await query
    .insertInto("credentials")
    .values({
      id: Bun.randomUUIDv7(),
      user_id: userId,
      provider_id: "credential",
      account_id: userId,
      password: passwordHash,
      created_at: now,
      updated_at: now,
    })
    .execute();
}
