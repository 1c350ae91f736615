// Which folder of server/ may import which, and which packages live where. `http -> request -> domain folders -> money,
// contracts`: add an edge here only when ARCHITECTURE.md agrees with it.

/** Folders that hold the product's own knowledge; none of them knows HTTP, SQL or the environment. */
export const domainFolders = [
  "protocols",
  "providers",
  "conversation",
  "stacks",
  "routing",
  "verification",
  "catalogue",
  "ledger",
  "audit",
  "keys",
  "limits",
  "idempotency",
  "traces",
  "workspaces",
  "webhooks",
  "billing",
  "identity",
  "mail",
  "audit-log",
  "agents",
  "stored-responses",
] as const;

const foundation = ["contracts", "money"] as const;

/**
 * Every folder may import itself and what is listed here, with a slash at its end what stands beside server/; a folder
 * that is not listed may import nothing. Files directly in server/ put the pieces together, so they may import any folder,
 * and no folder may import them.
 */
export const allowedFolders: Readonly<Record<string, readonly string[]>> = {
  money: [],
  contracts: ["money"],
  caching: [],

  conversation: foundation,
  protocols: [...foundation, "conversation", "routing"],
  providers: [...foundation, "conversation", "protocols", "catalogue", "routing"],
  catalogue: [...foundation, "providers"],
  routing: [...foundation, "conversation", "catalogue", "providers"],
  verification: [...foundation, "conversation", "protocols", "routing", "traces"],
  stacks: [...foundation, "caching", "routing", "catalogue"],
  ledger: [...foundation, "conversation"],
  audit: [...foundation, "ledger"],
  keys: [...foundation, "caching", "workspaces"],
  limits: [...foundation, "caching", "keys"],
  idempotency: [...foundation, "ledger"],
  traces: [...foundation, "conversation", "routing", "ledger"],
  "stored-responses": [...foundation, "conversation", "ledger"],
  workspaces: [...foundation, "ledger", "mail"],
  webhooks: [...foundation, "stacks"],
  billing: [...foundation, "ledger", "workspaces"],
  mail: [],
  identity: [...foundation, "audit-log", "keys", "mail", "workspaces"],
  "audit-log": foundation,
  agents: [...foundation, "caching", "keys", "workspaces", "blueprint/", "runtimes/"],

  "first-start": [...foundation, "keys", "ledger", "workspaces"],
  cli: [...foundation, "keys", "audit", "catalogue", "storage", "routing/"],
  request: [...foundation, "caching", ...domainFolders],
  storage: [...foundation, ...domainFolders, "first-start"],
  http: [...foundation, "caching", ...domainFolders, "request", "blueprint/", "runtimes/"],
};

/** What of the server the routing laboratory may import, beside itself: what is measured there is what would be served. */
export const laboratoryFolders = ["server/routing/", "server/contracts/"] as const;

/** Packages that only some folders of server/ may import; `""` stands for files directly in server/. */
export const packageHomes: Readonly<Record<string, { readonly folders: readonly string[]; readonly instead: string }>> =
  {
    hono: { folders: ["http", ""], instead: "take and return plain values, and let server/http speak HTTP" },
    stripe: { folders: ["billing"], instead: "ask server/billing, which loads it at first use" },
    "pdf-lib": { folders: ["billing"], instead: "ask server/billing, which loads it at first use" },
    "better-auth": { folders: ["identity", "storage"], instead: "ask server/identity" },
    "@better-auth/passkey": { folders: ["identity"], instead: "ask server/identity" },
    "@better-auth/kysely-adapter": { folders: ["storage"], instead: "let server/storage keep what identity needs" },
    aws4fetch: { folders: ["providers"], instead: "let server/providers/bedrock sign what goes to AWS" },
    nodemailer: { folders: ["mail"], instead: "write a letter and let server/mail send it" },
    "csv-parse": { folders: ["audit"], instead: "let server/audit read exports" },
    kysely: { folders: ["storage", ""], instead: "declare what you need stored, and let server/storage implement it" },
    "kysely-bun-sqlite": { folders: ["storage"], instead: "let server/storage open the database" },
    pg: { folders: ["storage"], instead: "let server/storage open the database" },
    "bun:sqlite": {
      folders: ["storage", ""],
      instead: "declare what you need stored, and let server/storage implement it",
    },
  };
