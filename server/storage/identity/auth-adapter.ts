// What better-auth stores, through our Kysely on either engine. Loaded with better-auth, at the first sign-in.

import { kyselyAdapter } from "@better-auth/kysely-adapter";
import type { DBAdapterInstance } from "better-auth";
import { CamelCasePlugin, type Kysely } from "kysely";
import type { Tables } from "../database.ts";
import { columnValues } from "./column-values.ts";
import { sealedAdapter } from "./sealed-adapter.ts";

/** @param hashKey `deriveKey(master, "sessions")`; another one ends every session. */
export function authAdapter(query: Kysely<Tables>, hashKey: Uint8Array): DBAdapterInstance {
  const ours = query.withPlugin(new CamelCasePlugin()).withPlugin(columnValues());
  // The kind only says that dates, booleans and `returning` may be used; column-values.ts carries them over.
  const adapter = kyselyAdapter(ours, { type: "postgres", transaction: false });
  return (options) => sealedAdapter(adapter(options), hashKey);
}
