-- Access tokens: long-lived credentials of people for programs. `token_hash` is a keyed hash, `prefix` the first characters
-- of the secret, which are public. With a workspace it counts there alone.

CREATE TABLE access_tokens (
  id TEXT COLLATE "C" PRIMARY KEY,
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  prefix TEXT COLLATE "C" NOT NULL,
  token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
  workspace_id TEXT COLLATE "C" REFERENCES workspaces (id),
  read_only BIGINT NOT NULL CHECK (read_only IN (0, 1)),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  last_used_at BIGINT
);
CREATE INDEX access_tokens_by_user ON access_tokens (user_id);
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);
