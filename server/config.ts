// The environment, read once and checked: the only place that knows variable names. A wrong value stops the start with
// a sentence that names the variable and what it accepts.

import { readAgents, type AgentsConfig } from "./config-agents.ts";
import { azureOpenAiId, azurePrefix, readAzureOpenAi, type AzureReading } from "./config-azure-openai.ts";
import { bedrockRegion, readBedrock, type BedrockAccess } from "./config-bedrock.ts";
import { readBilling, type BillingConfig } from "./config-billing.ts";
import { readIdentity, readMail } from "./config-identity.ts";
import { readKubernetes } from "./config-kubernetes.ts";
import { ConfigError, isHttpAddress, type Environment, type ReadText } from "./config-values.ts";
import { entryOf } from "./contracts/json.ts";
import type { KubernetesSettings } from "../runtimes/kubernetes/settings.ts";
import type { IdentitySettings } from "./identity/identity-settings.ts";
import type { MailSettings } from "./mail/mailer.ts";
import { parseUsd, type Picodollars } from "./money/picodollars.ts";
import { protocolNames, type ProtocolName } from "./protocols/protocol.ts";
import { workspaceCreators, type InstanceSettings } from "./workspaces/instance-settings.ts";
import type { Clocks } from "./providers/provider.ts";

export type UpstreamConfig = {
  readonly id: string;
  readonly baseUrl: string;
  /** Undefined for upstreams that need none. */
  readonly apiKey: string | undefined;
  /** Protocols it takes; the first listed is preferred for translation. */
  readonly protocols: readonly ProtocolName[];
  /** Catalogue id -> upstream name; undefined: every model whose name the catalogue knows for this provider. */
  readonly models: ReadonlyMap<string, string> | undefined;
  readonly dataPolicy: "any" | "no_training" | "zero_retention";
  readonly region: string | undefined;
  /** The dated version of Azure OpenAI's API; absent: v1, and everywhere else. */
  readonly apiVersion?: string | undefined;
  /** What Amazon Bedrock takes instead of a key; absent: it is another upstream. */
  readonly bedrock?: BedrockAccess;
};

export { ConfigError, type Environment } from "./config-values.ts";

export type Config = {
  readonly host: string;
  readonly port: number;
  /** Undefined: the address it listens on. */
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  /** Folder of the built console; undefined: the program's own. */
  readonly consoleDir: string | undefined;
  /** `postgres://...`; undefined: SQLite in the data directory. */
  readonly databaseUrl: string | undefined;
  readonly masterKey: string | undefined;
  readonly upstreams: readonly UpstreamConfig[];
  readonly requestsPerMinute: number;
  readonly balanceFloor: Picodollars;
  readonly bodyBytes: number;
  readonly concurrentRequests: number;
  readonly clocks: Clocks;
  /** How long a hold lives unless its request renews it. */
  readonly holdLeaseMs: number;
  /** Silence within a stream after which a comment is sent. */
  readonly keepAliveMs: number;
  readonly drainMs: number;
  /** How many proxies in front of the server add to `X-Forwarded-For`; zero: its connections are the clients' own. */
  readonly trustedProxies: number;
  /** What operators may change while the server runs, as it is until they do. */
  readonly instanceSettings: InstanceSettings;
  /** Whether webhooks may go to http and private addresses. */
  readonly webhookAllowPrivate: boolean;
  readonly billing: BillingConfig;
  /** Whether the catalogue and its prices are shown to people who are not signed in. */
  readonly publicCatalogue: boolean;
  readonly identity: IdentitySettings;
  readonly agents: AgentsConfig;
  /** Undefined: no letters are sent. */
  readonly mail: MailSettings | undefined;
  /** Used when agents run in a cluster. */
  readonly kubernetes: KubernetesSettings;
  readonly initial: {
    readonly apiKey: string | undefined;
    readonly testKey: string | undefined;
    readonly ownerEmail: string | undefined;
    readonly ownerPassword: string | undefined;
    readonly creditsUsd: string | undefined;
  };
};

export function readConfig(environment: Environment): Config {
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const whole = (name: string, fallback: number, least: number, most: number): number =>
    wholeNumber(name, text(name), fallback, least, most);
  const host = text("HOST") ?? "127.0.0.1";
  return {
    host,
    port: whole("PORT", 8787, 0, 65_535),
    publicUrl: readPublicUrl(text("ASTROLABE_PUBLIC_URL")),
    dataDir: text("ASTROLABE_DATA_DIR") ?? "./data",
    consoleDir: text("ASTROLABE_CONSOLE_DIR"),
    databaseUrl: readDatabaseUrl(text("DATABASE_URL")),
    masterKey: text("ASTROLABE_MASTER_KEY"),
    upstreams: withBedrock(readUpstreams(text), text),
    requestsPerMinute: whole("ASTROLABE_RATE_LIMIT_PER_MINUTE", 600, 1, 1_000_000_000),
    balanceFloor: usd("ASTROLABE_BALANCE_FLOOR_USD", text("ASTROLABE_BALANCE_FLOOR_USD"), "1.00"),
    bodyBytes: whole("ASTROLABE_MAX_BODY_BYTES", 32 * 1024 * 1024, 1024, 1024 * 1024 * 1024),
    concurrentRequests: whole("ASTROLABE_MAX_CONCURRENT_REQUESTS", 4096, 1, 1_000_000),
    clocks: {
      firstByteMs: whole("ASTROLABE_FIRST_BYTE_TIMEOUT_MS", 60_000, 1, 3_600_000),
      betweenChunksMs: whole("ASTROLABE_CHUNK_TIMEOUT_MS", 60_000, 1, 3_600_000),
      totalMs: whole("ASTROLABE_TOTAL_TIMEOUT_MS", 900_000, 1, 86_400_000),
    },
    holdLeaseMs: whole("ASTROLABE_HOLD_LEASE_MS", 60_000, 1_000, 3_600_000),
    keepAliveMs: whole("ASTROLABE_KEEP_ALIVE_MS", 15_000, 1, 3_600_000),
    drainMs: whole("ASTROLABE_DRAIN_TIMEOUT_MS", 30_000, 0, 3_600_000),
    trustedProxies: whole("ASTROLABE_TRUST_PROXY", 0, 0, 10),
    instanceSettings: {
      accessReview: yesOrNo("ASTROLABE_ACCESS_REVIEW", text("ASTROLABE_ACCESS_REVIEW")),
      workspaceCreation: oneOf(workspaceCreators, "ASTROLABE_WORKSPACE_CREATION", text("ASTROLABE_WORKSPACE_CREATION")),
    },
    webhookAllowPrivate: yesOrNo("ASTROLABE_WEBHOOK_ALLOW_PRIVATE", text("ASTROLABE_WEBHOOK_ALLOW_PRIVATE")),
    billing: readBilling(text),
    publicCatalogue: yesOrNo("ASTROLABE_PUBLIC_CATALOGUE", text("ASTROLABE_PUBLIC_CATALOGUE")),
    identity: readIdentity(text, Object.keys(environment)),
    agents: readAgents(text, host),
    mail: readMail(text),
    kubernetes: readKubernetes(text),
    initial: {
      apiKey: text("ASTROLABE_INIT_API_KEY"),
      testKey: text("ASTROLABE_INIT_TEST_KEY"),
      ownerEmail: text("ASTROLABE_INIT_OWNER_EMAIL"),
      ownerPassword: text("ASTROLABE_INIT_OWNER_PASSWORD"),
      creditsUsd: text("ASTROLABE_INIT_CREDITS_USD"),
    },
  };
}

/** The first word unless it says otherwise. */
function oneOf<const Word extends string>(
  words: readonly [Word, ...Word[]],
  name: string,
  value: string | undefined,
): Word {
  if (value === undefined) return words[0];
  const word = words.find((known) => known === value);
  if (word !== undefined) return word;
  throw new ConfigError(`${name} must be one of ${words.join(", ")}.`);
}

/** Off unless it says otherwise. */
function yesOrNo(name: string, value: string | undefined): boolean {
  if (value === undefined || value === "false") return false;
  if (value === "true") return true;
  throw new ConfigError(`${name} must be true or false.`);
}

function readPublicUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (isHttpAddress(value)) return value.replace(/\/+$/, "");
  throw new ConfigError("ASTROLABE_PUBLIC_URL must be an http(s) address such as https://gateway.example.com.");
}

/** The message never repeats the value: it may hold a password. */
function readDatabaseUrl(value: string | undefined): string | undefined {
  if (value === undefined || (/^postgres(?:ql)?:\/\//.test(value) && URL.canParse(value))) return value;
  throw new ConfigError("DATABASE_URL must be an address such as postgres://user:password@host:5432/astrolabe.");
}

type UpstreamDefaults = Pick<UpstreamConfig, "dataPolicy" | "protocols"> & { readonly baseUrl: string | undefined };

/** What speaks Messages, its own protocol apart, has to be said: few servers do. */
const usualProtocols: readonly ProtocolName[] = ["responses", "chat-completions", "embeddings"];

/** Gemini's one protocol is Google's. */
export const geminiId = "gemini";

/** Upstreams that are there when their key is set. */
const knownUpstreams: { readonly [id: string]: UpstreamDefaults } = {
  openrouter: { baseUrl: "https://openrouter.ai/api/v1", dataPolicy: "any", protocols: protocolNames },
  openai: { baseUrl: "https://api.openai.com/v1", dataPolicy: "no_training", protocols: usualProtocols },
  anthropic: { baseUrl: "https://api.anthropic.com/v1", dataPolicy: "no_training", protocols: ["messages"] },
  // Without a billing account Google trains on what it is sent, and a key does not say whether it has one.
  [geminiId]: { baseUrl: "https://generativelanguage.googleapis.com/v1beta", dataPolicy: "any", protocols: [] },
};

/** What vendors' own clients add to an address. */
const versions: { readonly [id: string]: string } = { anthropic: "/v1", [geminiId]: "/v1beta" };

/** Known ones when their key is set, and every name in ASTROLABE_UPSTREAMS. */
function readUpstreams(text: ReadText): UpstreamConfig[] {
  const upstreams: UpstreamConfig[] = [];
  for (const [id, defaults] of Object.entries(knownUpstreams)) {
    const prefix = id.toUpperCase();
    if (text(`${prefix}_API_KEY`)) upstreams.push(readUpstream(id, prefix, text, defaults));
  }
  const azure = readAzureOpenAi(text);
  if (azure !== undefined) upstreams.push(azureUpstream(azure, text));
  for (const name of (text("ASTROLABE_UPSTREAMS") ?? "").split(",")) {
    const id = name.trim().toLowerCase();
    if (id === "") continue;
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(id) || id === "sandbox" || upstreams.some((upstream) => upstream.id === id)) {
      throw new ConfigError(
        `ASTROLABE_UPSTREAMS: \`${id}\` must be a name of its own: a letter, then letters, digits or hyphens, and not ${[...Object.keys(knownUpstreams), azureOpenAiId].join(", ")} or sandbox.`,
      );
    }
    const protocols = knownUpstreams[id]?.protocols ?? usualProtocols;
    const defaults = { baseUrl: undefined, dataPolicy: "any", protocols } as const;
    upstreams.push(readUpstream(id, id.toUpperCase().replaceAll("-", "_"), text, defaults));
  }
  return upstreams;
}

function readUpstream(id: string, prefix: string, text: ReadText, defaults: UpstreamDefaults): UpstreamConfig {
  const baseUrl = text(`${prefix}_BASE_URL`) ?? defaults.baseUrl;
  if (!baseUrl || !isHttpAddress(baseUrl)) {
    throw new ConfigError(`${prefix}_BASE_URL must be an http(s) address such as https://api.example.com/v1.`);
  }
  if (id === geminiId) requireOwnProtocol(prefix, baseUrl, text);
  const listed = text(`${prefix}_PROTOCOLS`) ?? defaults.protocols.join(",");
  const protocols = (listed === "" ? [] : listed.split(",")).map((name) => {
    const protocol = protocolNames.find((known) => known === name.trim());
    if (!protocol) throw new ConfigError(`${prefix}_PROTOCOLS must list some of ${protocolNames.join(", ")}.`);
    return protocol;
  });
  return {
    id,
    baseUrl: versioned(id, baseUrl.replace(/\/+$/, "")),
    apiKey: text(`${prefix}_API_KEY`),
    protocols,
    models: readModels(`${prefix}_MODELS`, text(`${prefix}_MODELS`)),
    dataPolicy: readDataPolicy(`${prefix}_DATA_POLICY`, text, defaults.dataPolicy),
    region: text(`${prefix}_REGION`),
  };
}

/**
 * Bedrock last, where something names it. AWS trains nothing on requests; what it keeps of them depends on the account
 * and on the model. An upstream that the operator calls so is not Amazon's runtime, and its variables are its own.
 */
function withBedrock(upstreams: readonly UpstreamConfig[], text: ReadText): readonly UpstreamConfig[] {
  const id = "bedrock";
  const access = upstreams.some((upstream) => upstream.id === id) ? undefined : readBedrock(text);
  if (access === undefined) return upstreams;
  const { endpoint: baseUrl, ...bedrock } = access;
  const models = readModels("BEDROCK_MODELS", text("BEDROCK_MODELS"));
  const dataPolicy = readDataPolicy("BEDROCK_DATA_POLICY", text, "no_training");
  const region = bedrockRegion(bedrock, [...(models?.values() ?? [])]);
  return [...upstreams, { id, baseUrl, apiKey: undefined, protocols: [], models, dataPolicy, region, bedrock }];
}

function readDataPolicy(
  name: string,
  text: ReadText,
  fallback: UpstreamConfig["dataPolicy"],
): UpstreamConfig["dataPolicy"] {
  const policies = ["any", "no_training", "zero_retention"] as const;
  const stated = text(name) ?? fallback;
  const policy = policies.find((known) => known === stated);
  if (policy) return policy;
  throw new ConfigError(`${name} must be one of ${policies.join(", ")}.`);
}

/** Anthropic's own clients take the address without its version, so both ways of writing it are right. */
function versioned(id: string, baseUrl: string): string {
  return /\/v\d+(?:alpha|beta)?$/.test(baseUrl) ? baseUrl : baseUrl + (entryOf(versions, id) ?? "");
}

/** `claude-haiku-4-5=haiku,openai/gpt-5.4=gpt-5.4`; without `=` both names are the same. */
function readModels(name: string, listed: string | undefined): Map<string, string> | undefined {
  if (listed === undefined) return undefined;
  const pairs = listed
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "");
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      const [id, upstream] = at === -1 ? [pair, pair] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
      if (!id || !upstream) throw new ConfigError(`${name}: \`${pair}\` must be catalogue-id=upstream-id.`);
      return [id, upstream] as const;
    }),
  );
}

/** Deployments take the place of the models. */
function azureUpstream({ baseUrl, deployments, apiVersion }: AzureReading, text: ReadText): UpstreamConfig {
  const [, ...withoutResponses] = usualProtocols;
  const protocols = apiVersion === undefined ? usualProtocols : withoutResponses;
  const upstream = readUpstream(azureOpenAiId, azurePrefix, text, { baseUrl, dataPolicy: "no_training", protocols });
  return { ...upstream, models: readModels(`${azurePrefix}_DEPLOYMENTS`, deployments), apiVersion };
}

/** Google's imitation of OpenAI is an upstream like any other, under a name of its own. */
function requireOwnProtocol(prefix: string, baseUrl: string, text: ReadText): void {
  const wrong = /\/openai\/*$/.test(baseUrl) ? "BASE_URL" : "PROTOCOLS";
  if (wrong === "PROTOCOLS" && text(`${prefix}_PROTOCOLS`) === undefined) return;
  throw new ConfigError(
    `${prefix}_${wrong} is not for OpenAI's protocols: requests are translated into Google's own. For its imitation of OpenAI choose another name in ASTROLABE_UPSTREAMS.`,
  );
}

function wholeNumber(name: string, value: string | undefined, fallback: number, least: number, most: number): number {
  if (value === undefined) return fallback;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number) || number < least || number > most) {
    throw new ConfigError(`${name} must be a whole number from ${least} to ${most}, not \`${value}\`.`);
  }
  return number;
}

function usd(name: string, value: string | undefined, fallback: string): Picodollars {
  const amount = parseUsd(value ?? fallback);
  if (amount === undefined || amount < 0n)
    throw new ConfigError(`${name} must be decimal USD such as 1.00, not \`${value}\`.`);
  return amount;
}
