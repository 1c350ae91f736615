-- What traces and usage are looked up by: facts of the plan beside the usage, sums of usage by hour and day, and the
-- texts that stacks store. Requests from before have no category and no savings.

ALTER TABLE usage_rows ADD COLUMN category TEXT;
-- What the strongest allowed model was expected to cost, and what the plan was expected to save against it.
ALTER TABLE usage_rows ADD COLUMN baseline BIGINT;
ALTER TABLE usage_rows ADD COLUMN savings BIGINT;

-- Usage rows summed by the hour (span 1) and the day (span 24); `period` counts spans since 1970 in UTC. Absent names are
-- ''. `took_NN` counts answers by their time: below 16 ms, then ranges each 1.41 times as long as the one before.
-- `first_request` and `last_request` bound the rows summed.
CREATE TABLE usage_sums (
  workspace_id TEXT COLLATE "C" NOT NULL,
  span BIGINT NOT NULL,
  period BIGINT NOT NULL,
  key_id TEXT COLLATE "C" NOT NULL,
  model TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  stack_slug TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  first_request TEXT COLLATE "C" NOT NULL,
  last_request TEXT COLLATE "C" NOT NULL,
  requests BIGINT NOT NULL,
  errors BIGINT NOT NULL,
  unbilled BIGINT NOT NULL,
  debit BIGINT NOT NULL,
  savings BIGINT NOT NULL,
  input_tokens BIGINT NOT NULL,
  cached_input_tokens BIGINT NOT NULL,
  cache_write_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  reasoning_tokens BIGINT NOT NULL,
  most_debit BIGINT NOT NULL,
  most_ms BIGINT NOT NULL,
  took_00 INTEGER NOT NULL, took_01 INTEGER NOT NULL, took_02 INTEGER NOT NULL, took_03 INTEGER NOT NULL,
  took_04 INTEGER NOT NULL, took_05 INTEGER NOT NULL, took_06 INTEGER NOT NULL, took_07 INTEGER NOT NULL,
  took_08 INTEGER NOT NULL, took_09 INTEGER NOT NULL, took_10 INTEGER NOT NULL, took_11 INTEGER NOT NULL,
  took_12 INTEGER NOT NULL, took_13 INTEGER NOT NULL, took_14 INTEGER NOT NULL, took_15 INTEGER NOT NULL,
  took_16 INTEGER NOT NULL, took_17 INTEGER NOT NULL, took_18 INTEGER NOT NULL, took_19 INTEGER NOT NULL,
  took_20 INTEGER NOT NULL, took_21 INTEGER NOT NULL, took_22 INTEGER NOT NULL, took_23 INTEGER NOT NULL,
  took_24 INTEGER NOT NULL, took_25 INTEGER NOT NULL, took_26 INTEGER NOT NULL, took_27 INTEGER NOT NULL,
  took_28 INTEGER NOT NULL, took_29 INTEGER NOT NULL, took_30 INTEGER NOT NULL, took_31 INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, span, period, key_id, model, provider, stack_slug, category)
);

-- How far a workspace's rows are summed, by request id; `version` changes with every change of its sums.
CREATE TABLE usage_summed (
  workspace_id TEXT COLLATE "C" PRIMARY KEY,
  summed_to TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);

-- Requests whose rows came so late that the sums may have passed them; written with the row, gone when it is summed.
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
