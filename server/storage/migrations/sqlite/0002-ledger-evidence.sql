-- The ledger's evidence (counterparts, hash chain, price lists), ceilings of holds, budgets, events with webhooks, and
-- answers kept for repeated requests. Storage fills in the hashes of entries that were there before.

CREATE TABLE accounts_with_pledges (
  workspace_id TEXT PRIMARY KEY REFERENCES workspaces (id),
  balance INTEGER NOT NULL,
  held INTEGER NOT NULL CHECK (held >= 0),
  pledged INTEGER NOT NULL,
  entry_sequence INTEGER NOT NULL CHECK (entry_sequence >= 0),
  chain_head TEXT NOT NULL,
  low_balance_threshold INTEGER CHECK (low_balance_threshold > 0),
  CHECK (held <= pledged AND pledged <= balance)
) STRICT;
INSERT INTO accounts_with_pledges SELECT workspace_id, balance, held, held, entry_sequence, '', NULL FROM accounts;
DROP TABLE accounts;
ALTER TABLE accounts_with_pledges RENAME TO accounts;

-- Words are compared one by one in what every request writes: for a list after IN, SQLite builds a table at each insert.
CREATE TABLE holds_with_ceilings (
  request_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  ceiling INTEGER NOT NULL CHECK (ceiling >= amount),
  state TEXT NOT NULL CHECK (state = 'open' OR state = 'posted' OR state = 'voided' OR state = 'expired'),
  expires_at INTEGER NOT NULL,
  scopes TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO holds_with_ceilings
SELECT request_id, workspace_id, key_id, amount, amount, state, expires_at, scopes FROM holds;
DROP TABLE holds;
ALTER TABLE holds_with_ceilings RENAME TO holds;

ALTER TABLE counters RENAME COLUMN held TO pledged;
ALTER TABLE counters ADD COLUMN limit_amount INTEGER;
ALTER TABLE counters ADD COLUMN warn_at INTEGER;

CREATE TABLE entries_with_hashes (
  workspace_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind = 'debit' OR kind = 'credit' OR kind = 'refund' OR kind = 'adjustment'),
  counterpart TEXT NOT NULL CHECK (
    counterpart = 'usage' OR counterpart = 'grants' OR counterpart = 'payments' OR counterpart = 'adjustments'
  ),
  amount INTEGER NOT NULL,
  balance_after INTEGER NOT NULL CHECK (balance_after >= 0),
  request_id TEXT,
  memo TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  price_version TEXT,
  lines TEXT NOT NULL,
  uncollected INTEGER NOT NULL DEFAULT 0,
  hash TEXT NOT NULL,
  PRIMARY KEY (workspace_id, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO entries_with_hashes
SELECT workspace_id, sequence, id, kind,
  CASE kind WHEN 'credit' THEN 'grants' WHEN 'debit' THEN 'usage' ELSE 'adjustments' END,
  amount, balance_after, request_id, memo, created_at, price_version, lines, uncollected, ''
FROM ledger_entries;
DROP TABLE ledger_entries;
ALTER TABLE entries_with_hashes RENAME TO ledger_entries;
CREATE UNIQUE INDEX ledger_entries_booked_ids ON ledger_entries (id) WHERE kind <> 'debit';
CREATE INDEX ledger_entries_refunds ON ledger_entries (workspace_id, request_id) WHERE kind = 'refund';

CREATE TABLE usage_rows_compared (
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
  usage_kind TEXT NOT NULL CHECK (usage_kind = 'exact' OR usage_kind = 'at_least' OR usage_kind = 'unknown'),
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
INSERT INTO usage_rows_compared SELECT * FROM usage_rows;
DROP TABLE usage_rows;
ALTER TABLE usage_rows_compared RENAME TO usage_rows;

-- Every price list that a debit was computed with, so that the debit can be recomputed when prices have changed. `prices`
-- is a JSON object: model id -> unit -> picodollars as text.
CREATE TABLE price_lists (
  version TEXT PRIMARY KEY,
  prices TEXT NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;

-- Budgets of workspaces and keys as JSON (contracts/budget.ts); NULL is none.
ALTER TABLE workspaces ADD COLUMN budget TEXT;
ALTER TABLE api_keys ADD COLUMN budget TEXT;

-- A workspace's feed. Ledger notices are written by the transaction that brought them about. `once` names what is told
-- only once; `routed` is 1 when the deliveries to webhooks have been made.
CREATE TABLE events (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  once TEXT UNIQUE,
  routed INTEGER NOT NULL CHECK (routed IN (0, 1))
) STRICT;
CREATE INDEX events_by_workspace ON events (workspace_id, id);
CREATE INDEX events_by_age ON events (created_at);
CREATE INDEX events_unrouted ON events (id) WHERE routed = 0;

CREATE TABLE webhook_endpoints (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  url TEXT NOT NULL,
  -- Both encrypted with a key derived from the master secret; the one before signs too until its time has passed.
  secret TEXT NOT NULL,
  previous_secret TEXT,
  previous_secret_until INTEGER,
  -- JSON list of event types; an empty list is all of them.
  event_types TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled')),
  -- When the first of its unbroken row of failures was; NULL after a success.
  failing_since INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_endpoints_by_workspace ON webhook_endpoints (workspace_id, id);

-- One row per event and endpoint, made when the event is first looked at; a worker claims a due row by moving `due_at`.
CREATE TABLE webhook_deliveries (
  event_id TEXT NOT NULL REFERENCES events (id),
  endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  attempted_at INTEGER,
  last_status INTEGER,
  last_error TEXT,
  PRIMARY KEY (event_id, endpoint_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, event_id);

-- Requests sent with an Idempotency-Key. `key_hash` covers the API key and the header; `body_hash` the path and the body.
-- `answer` is encrypted and NULL while the request runs, which it does until `lease_until` at the latest.
CREATE TABLE idempotent_requests (
  key_hash TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  request_id TEXT NOT NULL,
  lease_until INTEGER NOT NULL,
  answer BLOB,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotent_requests_by_expiry ON idempotent_requests (expires_at);

-- Beside what was shown as held, the most that the request could have come to cost.
ALTER TABLE usage_rows ADD COLUMN ceiling INTEGER NOT NULL DEFAULT 0;
UPDATE usage_rows SET ceiling = hold;
