// Images of readmes in the database, each under the hash of its content.

import type { Kysely } from "kysely";
import type { ImageBounds, ReadmeImageRecords } from "../agents/blueprint-records.ts";
import type { WorkspaceId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";

export function readmeImageStore(query: Kysely<Tables>): ReadmeImageRecords {
  return {
    store: (images, bounds, at) =>
      query.transaction().execute(async (transaction) => {
        const [first] = images;
        if (first === undefined) return;
        for (const { workspaceId, name, hash, mediaType, content } of images) {
          const place = { workspace_id: workspaceId, name, hash };
          await transaction
            .insertInto("agent_readme_images")
            .values({ ...place, media_type: mediaType, size: content.byteLength, content, stored_at: at })
            .onConflict((conflict) => conflict.columns(["workspace_id", "name", "hash"]).doUpdateSet({ stored_at: at }))
            .execute();
        }
        await deleteSurplus(transaction, first.workspaceId, bounds);
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

async function deleteSurplus(query: Kysely<Tables>, workspaceId: WorkspaceId, bounds: ImageBounds): Promise<void> {
  const all = await query
    .selectFrom("agent_readme_images")
    .select(["name", "hash", "size"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("stored_at", "desc")
    .orderBy("hash")
    .execute();
  const counts = new Map<string, number>();
  let bytes = 0;
  for (const { name, hash, size } of all) {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    bytes += Number(size);
    if (count <= bounds.perBlueprint && bytes <= bounds.perWorkspaceBytes) continue;
    bytes -= Number(size);
    await query
      .deleteFrom("agent_readme_images")
      .where("workspace_id", "=", workspaceId)
      .where("name", "=", name)
      .where("hash", "=", hash)
      .execute();
  }
}
