-- Responses that are kept for their callers, encrypted: stored-responses/sealed-response.ts gives the form. A response's
-- id is its request's with another prefix; `previous_id` is the request of the response that it continues. `turn` has what
-- was said and answered, which is what a conversation is gone on from; `rest` the response around the answer.
CREATE TABLE stored_responses (
  workspace_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  previous_id TEXT,
  expires_at INTEGER NOT NULL,
  turn BLOB NOT NULL,
  rest BLOB NOT NULL,
  PRIMARY KEY (workspace_id, request_id)
) STRICT;
CREATE INDEX stored_responses_by_expiry ON stored_responses (expires_at);
