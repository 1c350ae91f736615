-- Keys rotate: the secret before the last rotation works for a while. When a key was last used. The playground's keys.

ALTER TABLE api_keys ADD COLUMN purpose TEXT NOT NULL DEFAULT 'api' CHECK (purpose IN ('api', 'playground'));
ALTER TABLE api_keys ADD COLUMN previous_prefix TEXT;
ALTER TABLE api_keys ADD COLUMN previous_secret_hash TEXT COLLATE "C";
ALTER TABLE api_keys ADD COLUMN previous_ends_at BIGINT;
ALTER TABLE api_keys ADD COLUMN rotated_at BIGINT;
ALTER TABLE api_keys ADD COLUMN last_used_at BIGINT;
CREATE UNIQUE INDEX api_keys_by_previous_secret ON api_keys (previous_secret_hash)
WHERE previous_secret_hash IS NOT NULL;
CREATE UNIQUE INDEX api_keys_of_playground ON api_keys (workspace_id, mode)
WHERE purpose = 'playground' AND revoked_at IS NULL;
