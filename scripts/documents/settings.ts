// Every environment variable, in words. server/config.ts reads them; a test beside this file holds the two together.

import { bedrockSettings } from "./settings-bedrock.ts";
import { agentSettings } from "./settings-agents.ts";
import { kubernetesSettings } from "./settings-kubernetes.ts";

export type Range = { readonly least: number; readonly most: number };

export type Setting = {
  /** `<NAME>` stands for an upstream's name in capitals. */
  readonly name: string;
  readonly meaning: string;
  readonly accepts: string | Range;
  /** As one would write it; absent: nothing. */
  readonly preset?: string;
};

export type SettingGroup = { readonly title: string; readonly settings: readonly Setting[] };

const milliseconds: Range = { least: 1, most: 3_600_000 };

export const upstreamSettings: SettingGroup = {
  title: "Upstreams",
  settings: [
    {
      name: "ASTROLABE_UPSTREAMS",
      meaning:
        "Names of upstreams besides `OPENROUTER`, `OPENAI`, `ANTHROPIC`, `GEMINI` and `AZURE_OPENAI`, which are found by their `_API_KEY`.",
      accepts: "names separated by commas: a letter, then letters, digits or hyphens",
    },
    {
      name: "<NAME>_BASE_URL",
      meaning:
        "Where it answers. Required, but for those that are found by their key; `AZURE_OPENAI` has `_ENDPOINT` instead.",
      accepts: "an address up to and including `/v1`",
    },
    {
      name: "<NAME>_API_KEY",
      meaning:
        "Sent as a bearer token, or in the vendor's own header to `ANTHROPIC`, `GEMINI` and `AZURE_OPENAI`; left out where none is needed.",
      accepts: "text",
    },
    {
      name: "<NAME>_MODELS",
      meaning:
        "Which models it has. Left out: every model whose name the catalogue knows for an upstream of this name.",
      accepts: "`catalogue-id=upstream-id`, separated by commas; one id alone when both are the same",
    },
    {
      name: "<NAME>_PROTOCOLS",
      meaning:
        "What passes through untranslated. Requests that have to be translated go out in the first one listed. `OPENROUTER` has `messages` as well, for Claude; `ANTHROPIC` has nothing else. To `GEMINI` everything is translated, so it has none.",
      accepts: "of `responses`, `chat-completions`, `embeddings`, `messages`, separated by commas",
      preset: "responses,chat-completions,embeddings",
    },
    {
      name: "<NAME>_DATA_POLICY",
      meaning:
        "What it has promised you about data; stacks choose by it. For `OPENAI`, `ANTHROPIC` and `AZURE_OPENAI` the default is `no_training`.",
      accepts: "`any`, `no_training` or `zero_retention`",
      preset: "any",
    },
    { name: "<NAME>_REGION", meaning: "Where it runs; needed for stacks that name regions.", accepts: "any word" },
    {
      name: "AZURE_OPENAI_ENDPOINT",
      meaning: "The resource's address. Required with `AZURE_OPENAI_API_KEY`.",
      accepts: "`https://my-resource.openai.azure.com`, with or without `/openai/v1` behind",
    },
    {
      name: "AZURE_OPENAI_DEPLOYMENTS",
      meaning: "Which deployment serves which model; in the place of `_MODELS`. Required with `AZURE_OPENAI_API_KEY`.",
      accepts: "`catalogue-id=deployment`, separated by commas",
    },
    {
      name: "AZURE_OPENAI_API_VERSION",
      meaning:
        "A dated version of Azure's API, whose addresses name the deployment. Its default protocols are `chat-completions,embeddings`. Left out: v1, which has no dates.",
      accepts: "`2024-10-21`, or a `-preview`",
    },
  ],
};

export const settingGroups: readonly SettingGroup[] = [
  {
    title: "The server",
    settings: [
      { name: "HOST", meaning: "Where it listens.", accepts: "an address of this machine", preset: "127.0.0.1" },
      { name: "PORT", meaning: "0 takes a free one.", accepts: { least: 0, most: 65_535 }, preset: "8787" },
      {
        name: "ASTROLABE_PUBLIC_URL",
        meaning: "How others reach it, when that differs; the front page and the printed examples show it.",
        accepts: "an http(s) address",
      },
      {
        name: "ASTROLABE_WORKSPACE_CREATION",
        meaning: "Who makes workspaces. An operator can change it while the server runs; then that counts.",
        accepts: "`anyone` who is signed in, or `operators`",
        preset: "anyone",
      },
      {
        name: "ASTROLABE_ACCESS_REVIEW",
        meaning:
          "Whether workspaces that people make wait for an operator's approval. An operator can change it while the server runs; then that counts.",
        accepts: "`true` or `false`",
        preset: "false",
      },
      {
        name: "ASTROLABE_TRUST_PROXY",
        meaning:
          "How many proxies in front of the server add to `X-Forwarded-For`. With 0 the header says nothing: clients can write it too.",
        accepts: { least: 0, most: 10 },
        preset: "0",
      },
      {
        name: "ASTROLABE_DATA_DIR",
        meaning: "The folder of the database and the master secret.",
        accepts: "a path",
        preset: "./data",
      },
      {
        name: "ASTROLABE_CONSOLE_DIR",
        meaning: "The folder of a console built elsewhere; tests use it.",
        accepts: "a path; left out: `dist/console` beside the server",
      },
      {
        name: "DATABASE_URL",
        meaning: "A Postgres database for any number of servers, instead of SQLite in the data folder.",
        accepts: "`postgres://user:password@host:5432/name`",
      },
      {
        name: "ASTROLABE_MASTER_KEY",
        meaning: "The master secret, instead of the file in the data folder.",
        accepts: "32 bytes in base64",
      },
      {
        name: "ASTROLABE_PUBLIC_CATALOGUE",
        meaning: "Shows the models and their prices to people who are not signed in.",
        accepts: "`true` or `false`",
        preset: "false",
      },
    ],
  },
  {
    title: "Signing in",
    settings: [
      {
        name: "ASTROLABE_SIGN_UP",
        meaning: "Who may make an account: anyone, people with an invitation, or nobody.",
        accepts: "`open`, `invited` or `closed`",
        preset: "invited",
      },
      {
        name: "ASTROLABE_GOOGLE_CLIENT_ID",
        meaning: "Lets people sign in with Google, with `ASTROLABE_GOOGLE_CLIENT_SECRET`.",
        accepts: "what Google gave",
      },
      { name: "ASTROLABE_GOOGLE_CLIENT_SECRET", meaning: "Belongs to the id.", accepts: "what Google gave" },
      {
        name: "ASTROLABE_GITHUB_CLIENT_ID",
        meaning: "Lets people sign in with GitHub, with `ASTROLABE_GITHUB_CLIENT_SECRET`.",
        accepts: "what GitHub gave",
      },
      { name: "ASTROLABE_GITHUB_CLIENT_SECRET", meaning: "Belongs to the id.", accepts: "what GitHub gave" },
      {
        name: "ASTROLABE_OIDC_<NAME>_ISSUER",
        meaning:
          "Lets people sign in with an OpenID provider; `<NAME>` is yours to choose ([how](../guides/sign-in.md)).",
        accepts: "an http(s) address",
      },
      { name: "ASTROLABE_OIDC_<NAME>_CLIENT_ID", meaning: "Needed with the issuer.", accepts: "what the issuer gave" },
      {
        name: "ASTROLABE_OIDC_<NAME>_CLIENT_SECRET",
        meaning: "Absent for clients without a secret.",
        accepts: "what the issuer gave",
      },
      {
        name: "ASTROLABE_OIDC_<NAME>_LABEL",
        meaning: "On the button; otherwise the name.",
        accepts: "any words",
      },
      {
        name: "ASTROLABE_SMTP_URL",
        meaning: "The server that sends letters: links to sign in, new passwords, invitations, alerts.",
        accepts: "`smtp://user:password@host:587` or `smtps://...`",
      },
      {
        name: "ASTROLABE_MAIL_FROM",
        meaning: "Who the letters are from; needed with the server.",
        accepts: "`Astrolabe <astrolabe@example.com>`",
      },
    ],
  },
  {
    title: "Limits",
    settings: [
      {
        name: "ASTROLABE_RATE_LIMIT_PER_MINUTE",
        meaning: "Requests a minute of a key without a limit of its own.",
        accepts: { least: 1, most: 1_000_000_000 },
        preset: "600",
      },
      {
        name: "ASTROLABE_BALANCE_FLOOR_USD",
        meaning: "More than this must be available before a live key's request.",
        accepts: "decimal USD, 0 or more",
        preset: "1.00",
      },
      {
        name: "ASTROLABE_MAX_BODY_BYTES",
        meaning: "Largest request body in bytes; a larger one is answered 413.",
        accepts: { least: 1024, most: 1_073_741_824 },
        preset: "33554432",
      },
      {
        name: "ASTROLABE_MAX_CONCURRENT_REQUESTS",
        meaning: "Requests under way at once; more are answered 503.",
        accepts: { least: 1, most: 1_000_000 },
        preset: "4096",
      },
      {
        name: "ASTROLABE_WEBHOOK_ALLOW_PRIVATE",
        meaning: "Lets webhooks go to http and to addresses that are not public. For development only.",
        accepts: "`true` or `false`",
        preset: "false",
      },
    ],
  },
  {
    title: "Clocks",
    settings: [
      {
        name: "ASTROLABE_FIRST_BYTE_TIMEOUT_MS",
        meaning: "How long an upstream may take to begin a stream. A whole answer has the total time.",
        accepts: milliseconds,
        preset: "60000",
      },
      {
        name: "ASTROLABE_CHUNK_TIMEOUT_MS",
        meaning: "How long it may pause within an answer.",
        accepts: milliseconds,
        preset: "60000",
      },
      {
        name: "ASTROLABE_TOTAL_TIMEOUT_MS",
        meaning: "How long one request may take, all its attempts together.",
        accepts: { least: 1, most: 86_400_000 },
        preset: "900000",
      },
      {
        name: "ASTROLABE_HOLD_LEASE_MS",
        meaning: "How long the hold of a request outlives a server that crashed. While it runs, its hold is renewed.",
        accepts: { least: 1_000, most: 3_600_000 },
        preset: "60000",
      },
      {
        name: "ASTROLABE_KEEP_ALIVE_MS",
        meaning: "Silence in a stream after which a comment is sent, so that no proxy cuts the connection.",
        accepts: milliseconds,
        preset: "15000",
      },
      {
        name: "ASTROLABE_DRAIN_TIMEOUT_MS",
        meaning: "How long shutdown lets requests under way finish.",
        accepts: { least: 0, most: 3_600_000 },
        preset: "30000",
      },
    ],
  },
  upstreamSettings,
  bedrockSettings,
  {
    title: "Payments",
    settings: [
      {
        name: "STRIPE_SECRET_KEY",
        meaning:
          "Sells credits through Stripe ([how](../guides/payments.md)). Without it operators grant them by hand.",
        accepts: "`sk_test_...`, `sk_live_...`, or a restricted key `rk_...`",
      },
      {
        name: "STRIPE_WEBHOOK_SECRET",
        meaning:
          "The signing secret of the webhook endpoint at Stripe. Required with the key: credit follows from webhooks.",
        accepts: "`whsec_...`",
      },
      {
        name: "STRIPE_API_BASE",
        meaning: "Where Stripe's API answers.",
        accepts: "an http(s) address without a path",
        preset: "https://api.stripe.com",
      },
      {
        name: "ASTROLABE_BILLING_SELLER",
        meaning: "Who sells the credits, for receipts and statements: name, address, tax number.",
        accepts: "text; `\\n` begins a new line",
        preset: "Astrolabe",
      },
    ],
  },
  kubernetesSettings,
  {
    title: "First start",
    settings: [
      {
        name: "ASTROLABE_INIT_API_KEY",
        meaning: "The first live key, instead of a generated one.",
        accepts: "what `astrolabe keys generate` prints",
      },
      {
        name: "ASTROLABE_INIT_TEST_KEY",
        meaning: "The first test key, instead of a generated one.",
        accepts: "what `astrolabe keys generate --mode test` prints",
      },
      {
        name: "ASTROLABE_INIT_CREDITS_USD",
        meaning: "Credits that the first workspace starts with.",
        accepts: "decimal USD, 0 to 9,000,000",
        preset: "25",
      },
      {
        name: "ASTROLABE_INIT_OWNER_EMAIL",
        meaning: "Owner of the first workspace.",
        accepts: "an e-mail address",
        preset: "owner@localhost",
      },
      {
        name: "ASTROLABE_INIT_OWNER_PASSWORD",
        meaning: "The owner's password, so that nobody has to open the owner link.",
        accepts: "12 to 128 characters",
      },
    ],
  },
  agentSettings,
  {
    title: "Bun",
    settings: [
      {
        name: "BUN_CONFIG_MAX_HTTP_REQUESTS",
        meaning: "Most outgoing requests at a time. `npm start` sets it; Bun alone allows 256.",
        accepts: "a whole number",
        preset: "65535",
      },
      {
        name: "BUN_JSC_forceRAMSize",
        meaning:
          "How large a machine the garbage collector believes in, in bytes ([why](../decisions/0011-a-smaller-machine-for-the-collector.md)).",
        accepts: "a number of bytes",
        preset: "201326592",
      },
    ],
  },
];
