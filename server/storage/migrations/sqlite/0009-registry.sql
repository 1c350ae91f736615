-- Accounts, blueprints and gateway keys of agents: the slug of a workspace, the registry, the vault, and keys that agents get
-- by themselves. Times are INTEGER Unix milliseconds, JSON is TEXT, yes and no are 1 and 0.

-- The workspace's name in paths. Workspaces from before get one made from their id.
ALTER TABLE workspaces ADD COLUMN slug TEXT NOT NULL DEFAULT '';
UPDATE workspaces SET slug = replace(id, '_', '-');
CREATE UNIQUE INDEX workspaces_by_slug ON workspaces (slug) WHERE slug <> '';

CREATE TABLE api_keys_of_agents (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  name TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  prefix TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  stack_id TEXT,
  rate_limit_per_minute INTEGER CHECK (rate_limit_per_minute > 0),
  spend_limit INTEGER CHECK (spend_limit >= 0),
  allowed_models TEXT NOT NULL DEFAULT '[]',
  expires_at INTEGER,
  revoked_at INTEGER,
  created_at INTEGER NOT NULL,
  budget TEXT,
  purpose TEXT NOT NULL DEFAULT 'api' CHECK (purpose IN ('api', 'playground', 'development', 'deployment')),
  previous_prefix TEXT,
  previous_secret_hash TEXT,
  previous_ends_at INTEGER,
  rotated_at INTEGER,
  last_used_at INTEGER
) STRICT;
INSERT INTO api_keys_of_agents
SELECT id, workspace_id, name, mode, prefix, secret_hash, stack_id, rate_limit_per_minute, spend_limit, allowed_models,
  expires_at, revoked_at, created_at, budget, purpose, previous_prefix, previous_secret_hash, previous_ends_at,
  rotated_at, last_used_at
FROM api_keys;
DROP TABLE api_keys;
ALTER TABLE api_keys_of_agents RENAME TO api_keys;
CREATE INDEX api_keys_by_workspace ON api_keys (workspace_id, id);
CREATE UNIQUE INDEX api_keys_by_previous_secret ON api_keys (previous_secret_hash)
WHERE previous_secret_hash IS NOT NULL;
CREATE UNIQUE INDEX api_keys_of_playground ON api_keys (workspace_id, mode)
WHERE purpose = 'playground' AND revoked_at IS NULL;

-- What a gateway key of an agent stands for. `sealed` is its secret, encrypted, and NULL once the key has ended; `current` is 1
-- for the one key that its holder has now. Who it belonged to stays when the key has ended: usage is told by it.
CREATE TABLE managed_keys (
  key_id TEXT PRIMARY KEY REFERENCES api_keys (id),
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  kind TEXT NOT NULL CHECK (kind IN ('development', 'deployment')),
  user_id TEXT,
  user_email TEXT,
  deployment_id TEXT,
  agent TEXT,
  deployment_name TEXT,
  sealed TEXT,
  reuse_until INTEGER,
  current INTEGER NOT NULL CHECK (current IN (0, 1)),
  CHECK ((kind = 'development') = (user_id IS NOT NULL AND user_email IS NOT NULL)),
  CHECK ((kind = 'deployment') = (deployment_id IS NOT NULL AND agent IS NOT NULL AND deployment_name IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX managed_keys_of_user ON managed_keys (workspace_id, user_id)
WHERE kind = 'development' AND current = 1;
CREATE UNIQUE INDEX managed_keys_of_deployment ON managed_keys (deployment_id)
WHERE kind = 'deployment' AND current = 1;
CREATE INDEX managed_keys_by_workspace ON managed_keys (workspace_id, key_id);
CREATE INDEX managed_keys_by_user ON managed_keys (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE agent_blueprints (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  name TEXT NOT NULL,
  visibility TEXT NOT NULL CHECK (visibility IN ('private', 'public')),
  created_at INTEGER NOT NULL,
  archived_at INTEGER,
  UNIQUE (workspace_id, name)
) STRICT;

-- A build never changes. `warnings` is a JSON list of what its check found doubtful.
CREATE TABLE agent_builds (
  blueprint_id TEXT NOT NULL REFERENCES agent_blueprints (id),
  build_id TEXT NOT NULL,
  spec_content TEXT NOT NULL,
  readme TEXT NOT NULL,
  registry TEXT NOT NULL,
  warnings TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  published_by TEXT NOT NULL,
  PRIMARY KEY (blueprint_id, build_id)
) STRICT;
CREATE UNIQUE INDEX agent_builds_by_time ON agent_builds (blueprint_id, published_at);

-- Images of readmes; they may come before their blueprint does.
CREATE TABLE agent_readme_images (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  content BLOB NOT NULL,
  stored_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, name, hash)
) STRICT;

-- Values are encrypted, those of plain variables too.
CREATE TABLE account_variables (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  name TEXT NOT NULL,
  secret INTEGER NOT NULL CHECK (secret IN (0, 1)),
  sealed TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, name)
) STRICT;
