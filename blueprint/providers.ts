// The providers that are built in: whose credentials become which variables, and which stores run as containers here.

import type { ComponentSection } from "./blueprint.ts";
import type { Healthcheck } from "./workload.ts";

export type CloudProvider = {
  readonly kind: "cloud";
  readonly section: ComponentSection;
  readonly name: string;
  /** What follows the provider's name in the variable. */
  readonly suffix: string;
  readonly description: string;
};

export type StoreProvider = {
  readonly kind: "store";
  readonly section: "knowledge";
  readonly name: string;
  readonly image: string;
  /** The first one is what `_PORT` says. */
  readonly ports: readonly number[];
  /** Where the store keeps its data. */
  readonly volume: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck: Healthcheck;
  /** What `_URL` begins with, and the port it names. */
  readonly url: { readonly scheme: string; readonly port: number };
  /** The variables of a user, a password made by the platform, and a database; undefined for stores that ask for none. */
  readonly login: StoreLogin | undefined;
};

export type StoreLogin = { readonly user: string; readonly password: string; readonly database: string };

export type BuiltInProvider = CloudProvider | StoreProvider;

const probeTimes = { intervalMs: 5000, timeoutMs: 5000, retries: 24 } as const;

const stores: readonly StoreProvider[] = [
  {
    kind: "store",
    section: "knowledge",
    name: "qdrant",
    image: "qdrant/qdrant:latest",
    ports: [6333, 6334],
    volume: "/qdrant/storage",
    environment: {},
    healthcheck: { path: "/healthz", ...probeTimes },
    url: { scheme: "http", port: 6333 },
    login: undefined,
  },
  {
    kind: "store",
    section: "knowledge",
    name: "redis",
    image: "redis:7-alpine",
    ports: [6379],
    volume: "/data",
    environment: {},
    healthcheck: { test: ["CMD", "redis-cli", "ping"], ...probeTimes },
    url: { scheme: "redis", port: 6379 },
    login: undefined,
  },
  {
    kind: "store",
    section: "knowledge",
    name: "postgres",
    image: "pgvector/pgvector:pg17",
    ports: [5432],
    volume: "/var/lib/postgresql/data",
    environment: { PGDATA: "/var/lib/postgresql/data/pgdata" },
    healthcheck: { test: ["CMD-SHELL", 'pg_isready -U "$POSTGRES_USER" -d "$POSTGRES_DB"'], ...probeTimes },
    url: { scheme: "postgres", port: 5432 },
    login: { user: "USER", password: "PASSWORD", database: "DB" },
  },
  {
    kind: "store",
    section: "knowledge",
    name: "mysql",
    image: "mysql:8.0",
    ports: [3306],
    volume: "/var/lib/mysql",
    environment: { MYSQL_RANDOM_ROOT_PASSWORD: "yes" },
    healthcheck: {
      test: ["CMD-SHELL", 'MYSQL_PWD="$MYSQL_PASSWORD" mysqladmin ping -h 127.0.0.1 -u "$MYSQL_USER"'],
      ...probeTimes,
    },
    url: { scheme: "mysql", port: 3306 },
    login: { user: "USER", password: "PASSWORD", database: "DATABASE" },
  },
  {
    kind: "store",
    section: "knowledge",
    name: "neo4j",
    image: "neo4j:5-community",
    ports: [7474, 7687],
    volume: "/data",
    environment: { NEO4J_AUTH: "none" },
    healthcheck: { path: "/", ...probeTimes },
    url: { scheme: "bolt", port: 7687 },
    login: undefined,
  },
];

function cloud(section: ComponentSection, suffix: string, names: Readonly<Record<string, string>>): CloudProvider[] {
  return Object.entries(names).map(([name, description]) => ({ kind: "cloud", section, name, suffix, description }));
}

export const builtInProviders: readonly BuiltInProvider[] = [
  ...cloud("models", "API_KEY", {
    anthropic: "API key of Anthropic, for Claude models",
    openai: "API key of OpenAI, for GPT models",
    google: "API key of Google, for Gemini models",
    gemini: "API key of Google, for Gemini models",
    cohere: "API key of Cohere",
  }),
  ...stores,
  ...cloud("knowledge", "API_KEY", { pinecone: "API key of Pinecone" }),
  ...cloud("integrations", "TOKEN", { github: "Token of GitHub", gitlab: "Token of GitLab" }),
];

/** Case does not matter. Undefined when the section has no such provider. */
export function builtInProvider(section: ComponentSection, name: string): BuiltInProvider | undefined {
  return builtInProviders.find((provider) => provider.section === section && provider.name === name.toLowerCase());
}

/** Every name that may stand after `provider:` in a section, the gateway among those of models. */
export function providerNames(section: ComponentSection): string[] {
  const own = builtInProviders.filter((provider) => provider.section === section).map(({ name }) => name);
  return section === "models" ? ["gateway", ...own] : own;
}
