// Images of readmes in the database, each under the hash of its content.

import type { Kysely } from "kysely";
import type { ReadmeImageRecords } from "../agents/blueprint-records.ts";
import type { Tables } from "./database.ts";

export function readmeImageStore(query: Kysely<Tables>): ReadmeImageRecords {
  return {
    store: (images, most, at) =>
      query.transaction().execute(async (transaction) => {
        for (const { workspaceId, name, hash, mediaType, content } of images) {
          await transaction
            .insertInto("agent_readme_images")
            .values({ workspace_id: workspaceId, name, hash, media_type: mediaType, content, stored_at: at })
            .onConflict((conflict) => conflict.columns(["workspace_id", "name", "hash"]).doUpdateSet({ stored_at: at }))
            .execute();
        }
        const [first] = images;
        if (first === undefined) return;
        const place = { workspace_id: first.workspaceId, name: first.name };
        const surplus = await transaction
          .selectFrom("agent_readme_images")
          .select("hash")
          .where((where) => where.and(place))
          .orderBy("stored_at", "desc")
          .orderBy("hash")
          .limit(1_000)
          .offset(most)
          .execute();
        const hashes = surplus.map(({ hash }) => hash);
        if (hashes.length === 0) return;
        await transaction
          .deleteFrom("agent_readme_images")
          .where((where) => where.and(place))
          .where("hash", "in", hashes)
          .execute();
      }),
    async find(workspaceId, name, hash) {
      const row = await query
        .selectFrom("agent_readme_images")
        .select(["media_type", "content"])
        .where("workspace_id", "=", workspaceId)
        .where("name", "=", name)
        .where("hash", "=", hash)
        .executeTakeFirst();
      return row && { workspaceId, name, hash, mediaType: row.media_type, content: row.content };
    },
  };
}
