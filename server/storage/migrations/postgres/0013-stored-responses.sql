-- Responses that are kept for their callers, encrypted: stored-responses/sealed-response.ts gives the form. A response's
-- id is its request's with another prefix; `previous_id` is the request of the response that it continues. `turn` has what
-- was said and answered, which is what a conversation is gone on from; `rest` the response around the answer.
CREATE TABLE stored_responses (
  workspace_id TEXT COLLATE "C" NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  previous_id TEXT COLLATE "C",
  expires_at BIGINT NOT NULL,
  turn BYTEA NOT NULL,
  rest BYTEA NOT NULL,
  PRIMARY KEY (workspace_id, request_id)
);
CREATE INDEX stored_responses_by_expiry ON stored_responses (expires_at);
-- Compressing them saves nothing and costs time.
ALTER TABLE stored_responses ALTER COLUMN turn SET STORAGE EXTERNAL, ALTER COLUMN rest SET STORAGE EXTERNAL;
