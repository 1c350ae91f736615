-- The first schema. Money is INTEGER picodollars (10^-12 USD), time is INTEGER Unix milliseconds, JSON is TEXT.

CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'access_pending')),
  stack_id TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'developer', 'billing', 'viewer')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
) STRICT;

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  name TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  prefix TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  stack_id TEXT,
  rate_limit_per_minute INTEGER CHECK (rate_limit_per_minute > 0),
  spend_limit INTEGER CHECK (spend_limit >= 0),
  allowed_models TEXT NOT NULL DEFAULT '[]',
  expires_at INTEGER,
  revoked_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX api_keys_by_workspace ON api_keys (workspace_id, created_at);

CREATE TABLE stacks (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'archived')),
  draft TEXT NOT NULL,
  active_version INTEGER,
  cloned_from TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (workspace_id, slug)
) STRICT;

CREATE TABLE stack_versions (
  stack_id TEXT NOT NULL REFERENCES stacks (id),
  version INTEGER NOT NULL CHECK (version > 0),
  policy TEXT NOT NULL,
  note TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  PRIMARY KEY (stack_id, version)
) STRICT;

CREATE TABLE accounts (
  workspace_id TEXT PRIMARY KEY REFERENCES workspaces (id),
  balance INTEGER NOT NULL,
  held INTEGER NOT NULL CHECK (held >= 0),
  entry_sequence INTEGER NOT NULL CHECK (entry_sequence >= 0),
  CHECK (held <= balance)
) STRICT;

-- Open holds, and those a crash left to expire. A hold that ends with its request leaves: how it ended is in the
-- request's usage row, written in the same transaction. So the table stays small, and reading it whole is cheap.
CREATE TABLE holds (
  request_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  state TEXT NOT NULL CHECK (state IN ('open', 'posted', 'voided', 'expired')),
  expires_at INTEGER NOT NULL,
  scopes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  scope TEXT PRIMARY KEY,
  spent INTEGER NOT NULL CHECK (spent >= 0),
  held INTEGER NOT NULL CHECK (held >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_entries (
  workspace_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('credit', 'debit', 'adjustment')),
  amount INTEGER NOT NULL,
  balance_after INTEGER NOT NULL CHECK (balance_after >= 0),
  request_id TEXT,
  memo TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  price_version TEXT,
  lines TEXT NOT NULL,
  uncollected INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ledger_entries_credit_ids ON ledger_entries (id) WHERE kind <> 'debit';

-- One row per request, billed or not. Keyed by workspace first: a workspace's list is one range, newest last. `calls`
-- lists the model calls made for it (storage/model-calls.ts gives the form): they are only ever read with their request.
CREATE TABLE usage_rows (
  workspace_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  protocol TEXT NOT NULL,
  requested_model TEXT NOT NULL,
  stack_slug TEXT,
  stack_version INTEGER,
  model TEXT,
  provider TEXT,
  unbillable_reason TEXT,
  http_status INTEGER NOT NULL,
  usage_kind TEXT NOT NULL CHECK (usage_kind IN ('exact', 'at_least', 'unknown')),
  input_tokens INTEGER,
  cached_input_tokens INTEGER,
  cache_write_tokens INTEGER,
  output_tokens INTEGER,
  reasoning_tokens INTEGER,
  hold INTEGER NOT NULL,
  debit INTEGER NOT NULL,
  entry_sequence INTEGER,
  price_version TEXT NOT NULL,
  first_byte_ms INTEGER,
  total_ms INTEGER NOT NULL,
  calls TEXT NOT NULL,
  PRIMARY KEY (workspace_id, request_id)
) STRICT, WITHOUT ROWID;

-- The part of a trace that no other row holds; traces/stored-trace.ts gives its form. With rowids, unlike its sisters:
-- a trace is too long for the leaf of a keyed table and would take a page to itself.
CREATE TABLE route_traces (
  workspace_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  trace TEXT NOT NULL,
  PRIMARY KEY (workspace_id, request_id)
) STRICT;

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
