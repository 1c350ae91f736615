// Who is let in at all: invitations, people who are shut out, and how often an account was tried.

import type { Kysely } from "kysely";
import type { DoorRecords } from "../../identity/door-records.ts";
import type { Tables } from "../database.ts";

export function doorStore(query: Kysely<Tables>): DoorRecords {
  return {
    async isInvited(email, now) {
      const row = await query
        .selectFrom("invitations")
        .select("id")
        .where("email", "=", email.toLowerCase())
        .where("accepted_at", "is", null)
        .where("revoked_at", "is", null)
        .where("expires_at", ">", now)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async isDisabled(id) {
      const row = await query
        .selectFrom("disabled_users")
        .select("user_id")
        .where("user_id", "=", id)
        .executeTakeFirst();
      return row !== undefined;
    },
    countTry: (subject, limit, now) => countTry(query, subject, limit, now),
    forgetTries: async (subject) => void (await query.deleteFrom("sign_in_tries").where("key", "=", subject).execute()),
  };
}

/** One statement counts and tells, so that tries sent at once count as many. */
async function countTry(
  query: Kysely<Tables>,
  subject: string,
  { most, windowMs }: { readonly most: number; readonly windowMs: number },
  now: number,
): Promise<number> {
  const row = await query
    .insertInto("sign_in_tries")
    .values({ id: Bun.randomUUIDv7(), key: subject, count: 1, last_request: now })
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet((set) => ({
        count: set
          .case()
          .when("sign_in_tries.last_request", "<=", now - windowMs)
          .then(1)
          .else(set("sign_in_tries.count", "+", 1))
          .end(),
        // The window runs from its first try: whoever goes on trying does not lock the account for longer.
        last_request: set
          .case()
          .when("sign_in_tries.last_request", "<=", now - windowMs)
          .then(now)
          .else(set.ref("sign_in_tries.last_request"))
          .end(),
      })),
    )
    .returning(["count", "last_request"])
    .executeTakeFirstOrThrow();
  return Number(row.count) > most ? Math.max(1, Number(row.last_request) + windowMs - now) : 0;
}
