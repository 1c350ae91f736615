-- What traces and usage are looked up by: facts of the plan beside the usage, blocks of usage by column, and the
-- texts that stacks store. Requests from before have no category and no savings.

ALTER TABLE usage_rows ADD COLUMN category TEXT;
-- What the strongest allowed model was expected to cost, and what the plan was expected to save against it.
ALTER TABLE usage_rows ADD COLUMN baseline BIGINT;
ALTER TABLE usage_rows ADD COLUMN savings BIGINT;

-- Usage rows by column, some thousands to a block, for lists under a filter and for series (storage/usage-blocks/block.ts
-- gives the form). Each row is in one block: `late` is 1 for those of rows that came after their neighbours were packed.
CREATE TABLE usage_blocks (
  workspace_id TEXT COLLATE "C" NOT NULL,
  late BIGINT NOT NULL,
  number BIGINT NOT NULL,
  first_request TEXT COLLATE "C" NOT NULL,
  last_request TEXT COLLATE "C" NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  head TEXT NOT NULL,
  -- What its rows add up to, as JSON, when they all arrived on one day (UTC).
  sums TEXT,
  data BYTEA NOT NULL,
  PRIMARY KEY (workspace_id, late, number)
);

-- How far a workspace's rows are packed, by request id; `version` changes with every change of its blocks.
CREATE TABLE usage_packed (
  workspace_id TEXT COLLATE "C" PRIMARY KEY,
  packed_to TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);

-- Requests whose rows came so late that the blocks may have passed them; written with the row, gone when it is packed.
CREATE TABLE late_usage (
  workspace_id TEXT COLLATE "C" NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace_id, request_id)
);

-- Prompts and answers of stacks that store them, encrypted.
CREATE TABLE stored_texts (
  workspace_id TEXT COLLATE "C" NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (workspace_id, request_id)
);
CREATE INDEX stored_texts_by_expiry ON stored_texts (expires_at);
