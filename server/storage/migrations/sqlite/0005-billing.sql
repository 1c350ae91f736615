-- Payments: what Stripe reported, as it arrived and as facts that only ever grow, and what the ledger was told of it.
-- Money is INTEGER picodollars (10^-12 USD), time is INTEGER Unix milliseconds.

-- A workspace at Stripe, and what its receipts say of it.
CREATE TABLE billing_profiles (
  workspace_id TEXT PRIMARY KEY REFERENCES workspaces (id),
  customer_id TEXT UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  tax_id TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT ''
) STRICT;

-- One pack bought, or tried to. `version` counts the facts that arrived; `booked` and `owed` say what the ledger has of it
-- and what could not be taken back yet, as of `settled_version`; `told` is a JSON list of the events that were written about it.
CREATE TABLE payments (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  kind TEXT NOT NULL CHECK (kind IN ('checkout', 'top_up')),
  amount INTEGER NOT NULL CHECK (amount > 0),
  status TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'paid', 'failed', 'expired')),
  paid INTEGER NOT NULL DEFAULT 0 CHECK (paid >= 0),
  paid_at INTEGER,
  session_id TEXT UNIQUE,
  intent_id TEXT UNIQUE,
  url TEXT,
  failure TEXT,
  invoice_url TEXT,
  invoice_pdf TEXT,
  version INTEGER NOT NULL DEFAULT 0,
  settled_version INTEGER NOT NULL DEFAULT 0,
  booked INTEGER NOT NULL DEFAULT 0,
  owed INTEGER NOT NULL DEFAULT 0 CHECK (owed >= 0),
  told TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payments_by_workspace ON payments (workspace_id, id);
CREATE INDEX payments_owing ON payments (workspace_id) WHERE owed > 0;
CREATE INDEX payments_unsettled ON payments (id) WHERE version > settled_version;
-- At most one automatic payment of a workspace is under way.
CREATE UNIQUE INDEX payments_top_up_under_way ON payments (workspace_id)
WHERE kind = 'top_up' AND (status = 'pending' OR status = 'processing');

-- What is known of a payment intent's charge; it may be known before the payment that it belongs to.
CREATE TABLE payment_charges (
  intent_id TEXT PRIMARY KEY,
  charge_id TEXT NOT NULL,
  refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  receipt_url TEXT
) STRICT;

CREATE TABLE payment_refunds (
  id TEXT PRIMARY KEY,
  intent_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  failed INTEGER NOT NULL CHECK (failed IN (0, 1))
) STRICT;
CREATE INDEX payment_refunds_by_intent ON payment_refunds (intent_id);

CREATE TABLE payment_disputes (
  id TEXT PRIMARY KEY,
  intent_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  returned INTEGER NOT NULL CHECK (returned IN (0, 1)),
  lost INTEGER NOT NULL CHECK (lost IN (0, 1))
) STRICT;
CREATE INDEX payment_disputes_by_intent ON payment_disputes (intent_id);

-- Cards that customers saved; the newest that was not removed pays for automatic top-ups.
CREATE TABLE payment_cards (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  brand TEXT NOT NULL,
  last4 TEXT NOT NULL,
  expires TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  removed INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX payment_cards_by_customer ON payment_cards (customer_id);

-- Stripe's events, stored before they are applied; `body` is what was received, to the letter.
CREATE TABLE stripe_events (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('received', 'applied', 'ignored')),
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  error TEXT
) STRICT;
CREATE INDEX stripe_events_due ON stripe_events (due_at) WHERE status = 'received';

CREATE TABLE auto_top_ups (
  workspace_id TEXT PRIMARY KEY REFERENCES workspaces (id),
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  threshold INTEGER NOT NULL CHECK (threshold > 0),
  pack INTEGER NOT NULL CHECK (pack > 0),
  monthly_cap INTEGER NOT NULL CHECK (monthly_cap > 0),
  failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
  disabled_reason TEXT,
  next_attempt_at INTEGER NOT NULL DEFAULT 0
) STRICT;
