-- What traces and usage are looked up by: facts of the plan beside the usage, blocks of usage by column, and the
-- texts that stacks store. Requests from before have no category and no savings.

ALTER TABLE usage_rows ADD COLUMN category TEXT;
-- What the strongest allowed model was expected to cost, and what the plan was expected to save against it.
ALTER TABLE usage_rows ADD COLUMN baseline INTEGER;
ALTER TABLE usage_rows ADD COLUMN savings INTEGER;

-- Usage rows by column, some thousands to a block, for lists under a filter and for series (storage/usage-blocks/block.ts
-- gives the form). Each row is in one block: `late` is 1 for those of rows that came after their neighbours were packed.
CREATE TABLE usage_blocks (
  workspace_id TEXT NOT NULL,
  late INTEGER NOT NULL,
  number INTEGER NOT NULL,
  first_request TEXT NOT NULL,
  last_request TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  head TEXT NOT NULL,
  -- What its rows add up to, as JSON, when they all arrived on one day (UTC).
  sums TEXT,
  data BLOB NOT NULL,
  PRIMARY KEY (workspace_id, late, number)
) STRICT;

-- How far a workspace's rows are packed, by request id; `version` changes with every change of its blocks.
CREATE TABLE usage_packed (
  workspace_id TEXT PRIMARY KEY,
  packed_to TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Requests whose rows came so late that the blocks may have passed them; written with the row, gone when it is packed.
CREATE TABLE late_usage (
  workspace_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  PRIMARY KEY (workspace_id, request_id)
) STRICT, WITHOUT ROWID;

-- Prompts and answers of stacks that store them, encrypted.
CREATE TABLE stored_texts (
  workspace_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (workspace_id, request_id)
) STRICT;
CREATE INDEX stored_texts_by_expiry ON stored_texts (expires_at);
