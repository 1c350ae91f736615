// The tables as types, and the opened database that every store shares, whatever its engine.

import type { Generated, Kysely } from "kysely";
import type { LedgerStore } from "../ledger/group-commit.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { DeploymentTables } from "./deployment-tables.ts";
import type { IdentityTables } from "./identity-tables.ts";
import type { RegistryTables } from "./registry-tables.ts";
import type { BlockFrontier } from "./usage-blocks/frontier.ts";

/** Integers come back as bigint from every engine; stores turn times and counts into numbers. */
export type Tables = ServerTables & IdentityTables & RegistryTables & DeploymentTables;

type ServerTables = {
  workspaces: {
    id: string;
    name: string;
    status: string;
    stack_id: string | null;
    created_at: bigint | number;
    budget: string | null;
    status_reason: Generated<string | null>;
    slug: Generated<string>;
  };
  users: {
    id: string;
    email: string;
    name: string;
    created_at: bigint | number;
    email_verified: Generated<bigint | number>;
    image: Generated<string | null>;
    updated_at: Generated<bigint | number>;
    two_factor_enabled: Generated<bigint | number>;
    is_operator: Generated<bigint | number>;
  };
  members: { workspace_id: string; user_id: string; role: string; created_at: bigint | number };
  api_keys: {
    id: string;
    workspace_id: string;
    name: string;
    mode: string;
    prefix: string;
    secret_hash: string;
    stack_id: string | null;
    rate_limit_per_minute: bigint | number | null;
    spend_limit: bigint | null;
    allowed_models: string;
    expires_at: bigint | number | null;
    revoked_at: bigint | number | null;
    created_at: bigint | number;
    budget: string | null;
    purpose: string;
    previous_prefix: string | null;
    previous_secret_hash: string | null;
    previous_ends_at: bigint | number | null;
    rotated_at: bigint | number | null;
    last_used_at: bigint | number | null;
  };
  stacks: {
    id: string;
    workspace_id: string;
    slug: string;
    name: string;
    description: string;
    status: string;
    draft: string;
    active_version: bigint | number | null;
    cloned_from: string | null;
    created_at: bigint | number;
    updated_at: bigint | number;
    revision: bigint | number;
    updated_by: string | null;
  };
  stack_versions: {
    stack_id: string;
    version: bigint | number;
    policy: string;
    note: string;
    published_at: bigint | number;
    published_by: string | null;
  };
  accounts: {
    workspace_id: string;
    balance: bigint;
    held: bigint;
    pledged: bigint;
    entry_sequence: bigint | number;
    chain_head: string;
    low_balance_threshold: bigint | null;
  };
  holds: {
    request_id: string;
    workspace_id: string;
    key_id: string;
    amount: bigint;
    ceiling: bigint;
    state: string;
    expires_at: bigint | number;
    scopes: string;
  };
  counters: {
    scope: string;
    spent: bigint;
    pledged: bigint;
    limit_amount: bigint | null;
    warn_at: bigint | null;
  };
  ledger_entries: {
    workspace_id: string;
    sequence: bigint | number;
    id: string;
    kind: string;
    counterpart: string;
    amount: bigint;
    balance_after: bigint;
    request_id: string | null;
    memo: string;
    created_at: bigint | number;
    price_version: string | null;
    lines: string;
    uncollected: bigint;
    hash: string;
  };
  price_lists: { version: string; prices: string; recorded_at: bigint | number };
  usage_rows: {
    request_id: string;
    workspace_id: string;
    key_id: string;
    created_at: bigint | number;
    protocol: string;
    requested_model: string;
    stack_slug: string | null;
    stack_version: bigint | number | null;
    model: string | null;
    provider: string | null;
    unbillable_reason: string | null;
    http_status: bigint | number;
    usage_kind: string;
    input_tokens: bigint | number | null;
    cached_input_tokens: bigint | number | null;
    cache_write_tokens: bigint | number | null;
    output_tokens: bigint | number | null;
    reasoning_tokens: bigint | number | null;
    hold: bigint;
    ceiling: bigint;
    debit: bigint;
    entry_sequence: bigint | number | null;
    price_version: string;
    first_byte_ms: bigint | number | null;
    total_ms: bigint | number;
    calls: string;
    category: string | null;
    baseline: bigint | null;
    savings: bigint | null;
  };
  usage_blocks: {
    workspace_id: string;
    late: bigint | number;
    number: bigint | number;
    first_request: string;
    last_request: string;
    first_at: bigint | number;
    last_at: bigint | number;
    head: string;
    sums: string | null;
    data: Uint8Array;
  };
  usage_hour_sums: {
    workspace_id: string;
    late: bigint | number;
    number: bigint | number;
    grouped_by: string;
    data: Uint8Array;
  };
  usage_packed: { workspace_id: string; packed_to: string; version: bigint | number };
  late_usage: { workspace_id: string; request_id: string };
  stored_responses: {
    workspace_id: string;
    request_id: string;
    mode: string;
    previous_id: string | null;
    expires_at: bigint | number;
    turn: Uint8Array;
    rest: Uint8Array;
  };
  stored_texts: { workspace_id: string; request_id: string; expires_at: bigint | number; sealed: Uint8Array };
  route_traces: {
    request_id: string;
    workspace_id: string;
    created_at: bigint | number;
    expires_at: bigint | number;
    trace: string;
  };
  events: {
    id: string;
    workspace_id: string;
    type: string;
    data: string;
    created_at: bigint | number;
    once: string | null;
    routed: bigint | number;
  };
  webhook_endpoints: {
    id: string;
    workspace_id: string;
    url: string;
    secret: string;
    previous_secret: string | null;
    previous_secret_until: bigint | number | null;
    event_types: string;
    status: string;
    failing_since: bigint | number | null;
    created_at: bigint | number;
  };
  webhook_deliveries: {
    event_id: string;
    endpoint_id: string;
    status: string;
    attempts: bigint | number;
    due_at: bigint | number;
    attempted_at: bigint | number | null;
    last_status: bigint | number | null;
    last_error: string | null;
  };
  idempotent_requests: {
    key_hash: string;
    workspace_id: string;
    body_hash: string;
    request_id: string;
    lease_until: bigint | number;
    answer: Uint8Array | null;
    expires_at: bigint | number;
  };
  audit_events: {
    id: string;
    workspace_id: string | null;
    actor_kind: string;
    actor_id: string | null;
    actor_name: string | null;
    action: string;
    outcome: string;
    targets: string;
    fields: string;
    address: string | null;
    user_agent: string | null;
    request_id: string | null;
    created_at: bigint | number;
  };
  invitations: {
    id: string;
    workspace_id: string;
    email: string;
    role: string;
    token_hash: string;
    invited_by: string;
    created_at: bigint | number;
    expires_at: bigint | number;
    accepted_at: bigint | number | null;
    accepted_by: string | null;
    revoked_at: bigint | number | null;
  };
  access_requests: {
    id: string;
    workspace_id: string;
    requested_by: string;
    email: string;
    name: string;
    company: string;
    intended_use: string;
    monthly_volume: string;
    status: string;
    note: string;
    decided_by: string | null;
    decided_at: bigint | number | null;
    created_at: bigint | number;
  };
  disabled_users: { user_id: string; reason: string; disabled_at: bigint | number };
  settings: { name: string; value: string };
  billing_profiles: {
    workspace_id: string;
    customer_id: string | null;
    name: Generated<string>;
    address: Generated<string>;
    tax_id: Generated<string>;
    email: Generated<string>;
  };
  payments: {
    id: string;
    workspace_id: string;
    kind: string;
    amount: bigint;
    status: string;
    paid: Generated<bigint>;
    paid_at: bigint | number | null;
    session_id: string | null;
    intent_id: string | null;
    url: string | null;
    failure: string | null;
    invoice_url: string | null;
    invoice_pdf: string | null;
    version: Generated<bigint | number>;
    settled_version: Generated<bigint | number>;
    booked: Generated<bigint>;
    owed: Generated<bigint>;
    told: Generated<string>;
    created_at: bigint | number;
  };
  payment_charges: { intent_id: string; charge_id: string; refunded: bigint; receipt_url: string | null };
  payment_refunds: { id: string; intent_id: string; amount: bigint; failed: bigint | number };
  payment_disputes: {
    id: string;
    intent_id: string;
    amount: bigint;
    withdrawn: bigint | number;
    returned: bigint | number;
    lost: bigint | number;
  };
  payment_cards: {
    id: string;
    customer_id: string;
    brand: string;
    last4: string;
    expires: string;
    created_at: bigint | number;
    removed: bigint | number;
  };
  stripe_events: {
    id: string;
    type: string;
    body: string;
    received_at: bigint | number;
    status: string;
    attempts: Generated<bigint | number>;
    due_at: bigint | number;
    error: string | null;
  };
  auto_top_ups: {
    workspace_id: string;
    enabled: bigint | number;
    threshold: bigint;
    pack: bigint;
    monthly_cap: bigint;
    failures: Generated<bigint | number>;
    disabled_reason: string | null;
    next_attempt_at: Generated<bigint | number>;
  };
  /** On Postgres alone. */
  rate_windows: { subject: string; started_at: bigint | number; taken: bigint; leased: bigint };
};

export const changeTopics = ["keys", "stacks"] as const;
/** What a process remembers: keys with their workspaces, or stacks. */
export type ChangeTopic = (typeof changeTopics)[number];

export type ChangeFeed = {
  /** Tells the other processes that something committed has changed; does not wait, and does not fail. */
  tell(topic: ChangeTopic): void;
  /** Calls `forget` when another process told, or when its word may have been missed. */
  listen(forget: (topic: ChangeTopic) => void): void;
};

export type OpenDatabase = {
  /** Queries of the control plane. A transaction here may await nothing but its own queries. */
  readonly query: Kysely<Tables>;
  /** The ledger's batches in the same database. */
  readonly ledgerStore: LedgerStore;
  /** Resolves when every open hold has its row, which the youngest may not have yet. */
  writeHolds(): Promise<void>;
  /** How many batches it commits side by side. */
  readonly ledgerLanes: number;
  /** Requests per minute, counted over every process on the same database. */
  readonly limits: RateLimiter;
  readonly changes: ChangeFeed;
  /** What tells late rows of usage from others, and is told how far they are packed. */
  readonly frontier: BlockFrontier;
  readonly engine: "sqlite" | "postgres";
  /** Deletes a bounded part of what has expired. */
  prune(nowMs: number): Promise<void>;
  close(): Promise<void>;
};
