// Keeps what lets someone in out of the database: session tokens and device codes are stored as keyed hashes. Whoever
// looks a row up by the text itself gets it back with that text.

import { createHmac } from "node:crypto";
import type { DBAdapter, Where } from "better-auth";

/** Fields that hold a secret, by the library's model. */
const sealedFields: { readonly [model: string]: readonly string[] } = {
  session: ["token"],
  deviceCode: ["deviceCode", "userCode"],
};

/** What stands in the database for a secret. */
export function sealSecret(hashKey: Uint8Array, secret: string): string {
  return createHmac("sha256", hashKey).update(secret).digest("base64url");
}

export function sealedAdapter(inner: DBAdapter, hashKey: Uint8Array): DBAdapter {
  const seal = (model: string, field: string, value: unknown): unknown =>
    typeof value === "string" && sealedFields[model]?.includes(field) ? sealSecret(hashKey, value) : value;
  const sealedWhere = (model: string, where: Where[]): Where[] =>
    where.map((condition) => {
      const { field, value } = condition;
      if (!sealedFields[model]?.includes(field)) return condition;
      if (typeof value === "string") return { ...condition, value: sealSecret(hashKey, value) };
      const texts = Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
      return texts === undefined ? condition : { ...condition, value: texts.map((text) => sealSecret(hashKey, text)) };
    });
  const sealedData = <Data extends object>(model: string, data: Data): Data => ({
    ...data,
    ...Object.fromEntries(
      Object.entries(data)
        .filter(([field]) => sealedFields[model]?.includes(field))
        .map(([field, value]) => [field, seal(model, field, value)]),
    ),
  });
  const sealed: DBAdapter = {
    ...inner,
    create: ({ data, ...call }) =>
      withTexts(call.model, Object.entries(data), inner.create({ ...call, data: sealedData(call.model, data) })),
    findOne: async (call) => opened(call, await inner.findOne({ ...call, where: sealedWhere(call.model, call.where) })),
    findMany: (call) => inner.findMany({ ...call, where: sealedWhere(call.model, call.where ?? []) }),
    count: (call) => inner.count({ ...call, where: sealedWhere(call.model, call.where ?? []) }),
    update: async ({ update, ...call }) =>
      opened(
        call,
        await inner.update({
          ...call,
          where: sealedWhere(call.model, call.where),
          update: sealedData(call.model, update),
        }),
      ),
    updateMany: ({ update, ...call }) =>
      inner.updateMany({
        ...call,
        where: sealedWhere(call.model, call.where),
        update: sealedData(call.model, update),
      }),
    delete: (call) => inner.delete({ ...call, where: sealedWhere(call.model, call.where) }),
    deleteMany: (call) => inner.deleteMany({ ...call, where: sealedWhere(call.model, call.where) }),
    consumeOne: async (call) =>
      opened(call, await inner.consumeOne({ ...call, where: sealedWhere(call.model, call.where) })),
    incrementOne: async (call) =>
      opened(call, await inner.incrementOne({ ...call, where: sealedWhere(call.model, call.where) })),
    // Nothing asks for a transaction: a connection of its own would wait for itself on SQLite.
    transaction: (run) => run(sealed),
  };
  return sealed;
}

/** The row with the secrets by which it was looked up. */
function opened<Row>(call: { readonly model: string; readonly where: readonly Where[] }, row: Row | null): Row | null {
  if (row === null) return null;
  const asked = call.where
    .filter(({ operator, connector }) => (operator ?? "eq") === "eq" && connector !== "OR")
    .map(({ field, value }): [string, unknown] => [field, value]);
  return { ...row, ...textsOf(call.model, asked) };
}

async function withTexts<Row>(
  model: string,
  entries: readonly (readonly [string, unknown])[],
  row: Promise<Row>,
): Promise<Row> {
  return { ...(await row), ...textsOf(model, entries) };
}

function textsOf(model: string, entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(
    entries.filter(([field, value]) => typeof value === "string" && sealedFields[model]?.includes(field)),
  );
}
