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
  "keys",
  "limits",
  "traces",
  "workspaces",
] as const;

const foundation = ["contracts", "money"] as const;

/** Every folder may import itself and what is listed here. A folder that is not listed may import nothing. */
export const allowedFolders: Readonly<Record<string, readonly string[]>> = {
  money: [],
  contracts: ["money"],
  caching: [],

  conversation: foundation,
  protocols: [...foundation, "conversation", "routing"],
  providers: [...foundation, "conversation", "protocols", "catalogue", "routing"],
  catalogue: [...foundation, "providers"],
  routing: [...foundation, "conversation", "catalogue", "providers", "stacks"],
  verification: [...foundation, "conversation", "routing"],
  stacks: [...foundation, "caching"],
  ledger: [...foundation, "conversation"],
  keys: [...foundation, "caching", "workspaces"],
  limits: [...foundation, "caching", "keys"],
  traces: [...foundation, "conversation", "routing", "ledger"],
  workspaces: [...foundation, "keys", "ledger"],

  request: [...foundation, "caching", ...domainFolders],
  storage: [...foundation, ...domainFolders],
  http: [...foundation, ...domainFolders, "request"],
};

/** Files directly in server/: they put the pieces together, so they may import any folder. */
export const wiringFiles: readonly string[] = ["server/main.ts", "server/wire.ts", "server/config.ts"];

/** The only files that may read the environment. */
export const environmentReaders: readonly string[] = ["server/main.ts", "server/config.ts"];

/** Packages that only some folders of server/ may import; `""` stands for the wiring files. */
export const packageHomes: Readonly<Record<string, { readonly folders: readonly string[]; readonly instead: string }>> =
  {
    hono: { folders: ["http", ""], instead: "take and return plain values, and let server/http speak HTTP" },
    kysely: { folders: ["storage", ""], instead: "declare what you need stored, and let server/storage implement it" },
    "kysely-bun-sqlite": { folders: ["storage"], instead: "let server/storage open the database" },
    "bun:sqlite": {
      folders: ["storage", ""],
      instead: "declare what you need stored, and let server/storage implement it",
    },
  };
