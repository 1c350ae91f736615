-- The first schema on Postgres: what SQLite has after its second migration, table by table; numbers go on together from
-- there. Money is BIGINT picodollars (10^-12 USD), time is BIGINT Unix milliseconds, JSON is TEXT. What is sorted or
-- paged by sorts by its bytes, whatever the database's language.

CREATE TABLE workspaces (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'access_pending')),
  stack_id TEXT,
  created_at BIGINT NOT NULL,
  budget TEXT
);

CREATE TABLE users (
  id TEXT COLLATE "C" PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE members (
  workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id),
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'developer', 'billing', 'viewer')),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
);

CREATE TABLE api_keys (
  id TEXT COLLATE "C" PRIMARY KEY,
  workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id),
  name TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  prefix TEXT NOT NULL,
  secret_hash TEXT COLLATE "C" NOT NULL UNIQUE,
  stack_id TEXT,
  rate_limit_per_minute BIGINT CHECK (rate_limit_per_minute > 0),
  spend_limit BIGINT CHECK (spend_limit >= 0),
  allowed_models TEXT NOT NULL DEFAULT '[]',
  expires_at BIGINT,
  revoked_at BIGINT,
  created_at BIGINT NOT NULL,
  budget TEXT
);
CREATE INDEX api_keys_by_workspace ON api_keys (workspace_id, id);

CREATE TABLE stacks (
  id TEXT COLLATE "C" PRIMARY KEY,
  workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id),
  slug TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'archived')),
  draft TEXT NOT NULL,
  active_version BIGINT,
  cloned_from TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (workspace_id, slug)
);

CREATE TABLE stack_versions (
  stack_id TEXT COLLATE "C" NOT NULL REFERENCES stacks (id),
  version BIGINT NOT NULL CHECK (version > 0),
  policy TEXT NOT NULL,
  note TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (stack_id, version)
);

CREATE TABLE accounts (
  workspace_id TEXT COLLATE "C" PRIMARY KEY REFERENCES workspaces (id),
  balance BIGINT NOT NULL,
  held BIGINT NOT NULL CHECK (held >= 0),
  pledged BIGINT NOT NULL,
  entry_sequence BIGINT NOT NULL CHECK (entry_sequence >= 0),
  chain_head TEXT NOT NULL,
  low_balance_threshold BIGINT CHECK (low_balance_threshold > 0),
  CHECK (held <= pledged AND pledged <= balance)
);

-- Open holds, and those a crash left to expire. A hold that ends with its request leaves: how it ended is in the
-- request's usage row, written in the same transaction. So the table stays small, and reading it whole is cheap.
CREATE TABLE holds (
  request_id TEXT COLLATE "C" PRIMARY KEY,
  workspace_id TEXT COLLATE "C" NOT NULL,
  key_id TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL CHECK (amount >= 0),
  ceiling BIGINT NOT NULL CHECK (ceiling >= amount),
  state TEXT NOT NULL CHECK (state IN ('open', 'posted', 'voided', 'expired')),
  expires_at BIGINT NOT NULL,
  scopes TEXT NOT NULL
);
-- The sweep looks twice a second for holds whose request is gone.
CREATE INDEX holds_by_expiry ON holds (expires_at) WHERE state = 'open';

CREATE TABLE counters (
  scope TEXT COLLATE "C" PRIMARY KEY,
  spent BIGINT NOT NULL CHECK (spent >= 0),
  pledged BIGINT NOT NULL CHECK (pledged >= 0),
  limit_amount BIGINT,
  warn_at BIGINT
);

CREATE TABLE ledger_entries (
  workspace_id TEXT COLLATE "C" NOT NULL,
  sequence BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('credit', 'debit', 'refund', 'adjustment')),
  counterpart TEXT NOT NULL CHECK (counterpart IN ('grants', 'payments', 'usage', 'adjustments')),
  amount BIGINT NOT NULL,
  balance_after BIGINT NOT NULL CHECK (balance_after >= 0),
  request_id TEXT COLLATE "C",
  memo TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  price_version TEXT,
  lines TEXT NOT NULL,
  uncollected BIGINT NOT NULL DEFAULT 0,
  hash TEXT NOT NULL,
  PRIMARY KEY (workspace_id, sequence)
);
CREATE UNIQUE INDEX ledger_entries_booked_ids ON ledger_entries (id) WHERE kind <> 'debit';
CREATE INDEX ledger_entries_refunds ON ledger_entries (workspace_id, request_id) WHERE kind = 'refund';

CREATE TABLE price_lists (
  version TEXT COLLATE "C" PRIMARY KEY,
  prices TEXT NOT NULL,
  recorded_at BIGINT NOT NULL
);

CREATE TABLE usage_rows (
  workspace_id TEXT COLLATE "C" NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL,
  key_id TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  protocol TEXT NOT NULL,
  requested_model TEXT NOT NULL,
  stack_slug TEXT,
  stack_version BIGINT,
  model TEXT,
  provider TEXT,
  unbillable_reason TEXT,
  http_status BIGINT NOT NULL,
  usage_kind TEXT NOT NULL CHECK (usage_kind IN ('exact', 'at_least', 'unknown')),
  input_tokens BIGINT,
  cached_input_tokens BIGINT,
  cache_write_tokens BIGINT,
  output_tokens BIGINT,
  reasoning_tokens BIGINT,
  hold BIGINT NOT NULL,
  ceiling BIGINT NOT NULL,
  debit BIGINT NOT NULL,
  entry_sequence BIGINT,
  price_version TEXT NOT NULL,
  first_byte_ms BIGINT,
  total_ms BIGINT NOT NULL,
  calls TEXT NOT NULL,
  PRIMARY KEY (workspace_id, request_id)
);

CREATE TABLE route_traces (
  workspace_id TEXT COLLATE "C" NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  trace TEXT NOT NULL,
  PRIMARY KEY (workspace_id, request_id)
);
CREATE INDEX route_traces_by_expiry ON route_traces (expires_at);

CREATE TABLE events (
  id TEXT COLLATE "C" PRIMARY KEY,
  workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id),
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  once TEXT COLLATE "C" UNIQUE,
  routed BIGINT NOT NULL CHECK (routed IN (0, 1))
);
CREATE INDEX events_by_workspace ON events (workspace_id, id);
CREATE INDEX events_by_age ON events (created_at);
CREATE INDEX events_unrouted ON events (id) WHERE routed = 0;

CREATE TABLE webhook_endpoints (
  id TEXT COLLATE "C" PRIMARY KEY,
  workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id),
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  previous_secret TEXT,
  previous_secret_until BIGINT,
  event_types TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled')),
  failing_since BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_by_workspace ON webhook_endpoints (workspace_id, id);

CREATE TABLE webhook_deliveries (
  event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id),
  endpoint_id TEXT COLLATE "C" NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
  attempts BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  attempted_at BIGINT,
  last_status BIGINT,
  last_error TEXT,
  PRIMARY KEY (event_id, endpoint_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, event_id);

CREATE TABLE idempotent_requests (
  key_hash TEXT COLLATE "C" PRIMARY KEY,
  workspace_id TEXT COLLATE "C" NOT NULL,
  body_hash TEXT NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL,
  lease_until BIGINT NOT NULL,
  answer BYTEA,
  expires_at BIGINT NOT NULL
);
CREATE INDEX idempotent_requests_by_expiry ON idempotent_requests (expires_at);

CREATE TABLE settings (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT NOT NULL
);

-- How much of a minute's allowance the processes have taken together; `leased` is the last one's part. SQLite has none:
-- its one process counts in memory.
CREATE TABLE rate_windows (
  subject TEXT COLLATE "C" NOT NULL,
  started_at BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  leased BIGINT NOT NULL,
  PRIMARY KEY (subject, started_at)
);
CREATE INDEX rate_windows_by_start ON rate_windows (started_at);
