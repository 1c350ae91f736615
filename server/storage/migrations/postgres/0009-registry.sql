-- Accounts, blueprints and gateway keys of agents: the slug of a workspace, the registry, the vault, and keys that agents get
-- by themselves. Times are BIGINT Unix milliseconds, JSON is TEXT, yes and no are 1 and 0.

-- The workspace's name in paths. Workspaces from before get one made from their id.
ALTER TABLE workspaces ADD COLUMN slug TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE workspaces SET slug = replace(id, '_', '-');
CREATE UNIQUE INDEX workspaces_by_slug ON workspaces (slug) WHERE slug <> '';

ALTER TABLE api_keys DROP CONSTRAINT api_keys_purpose_check;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_purpose_check
CHECK (purpose IN ('api', 'playground', 'development', 'deployment'));

-- What a gateway key of an agent stands for. `sealed` is its secret, encrypted, and NULL once the key has ended; `current` is 1
-- for the one key that its holder has now. Who it belonged to stays when the key has ended: usage is told by it.
CREATE TABLE managed_keys (
  key_id TEXT COLLATE "C" PRIMARY KEY REFERENCES api_keys (id),
  workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id),
  kind TEXT NOT NULL CHECK (kind IN ('development', 'deployment')),
  user_id TEXT COLLATE "C",
  user_email TEXT,
  deployment_id TEXT COLLATE "C",
  agent TEXT COLLATE "C",
  deployment_name TEXT,
  sealed TEXT,
  reuse_until BIGINT,
  current BIGINT NOT NULL CHECK (current IN (0, 1)),
  CHECK ((kind = 'development') = (user_id IS NOT NULL AND user_email IS NOT NULL)),
  CHECK ((kind = 'deployment') = (deployment_id IS NOT NULL AND agent IS NOT NULL AND deployment_name IS NOT NULL))
);
CREATE UNIQUE INDEX managed_keys_of_user ON managed_keys (workspace_id, user_id)
WHERE kind = 'development' AND current = 1;
CREATE UNIQUE INDEX managed_keys_of_deployment ON managed_keys (deployment_id)
WHERE kind = 'deployment' AND current = 1;
CREATE INDEX managed_keys_by_workspace ON managed_keys (workspace_id, key_id);
CREATE INDEX managed_keys_by_user ON managed_keys (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE agent_blueprints (
  id TEXT COLLATE "C" PRIMARY KEY,
  workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id),
  name TEXT COLLATE "C" NOT NULL,
  visibility TEXT NOT NULL CHECK (visibility IN ('private', 'public')),
  created_at BIGINT NOT NULL,
  archived_at BIGINT,
  UNIQUE (workspace_id, name)
);

-- A build never changes. `warnings` is a JSON list of what its check found doubtful.
CREATE TABLE agent_builds (
  blueprint_id TEXT COLLATE "C" NOT NULL REFERENCES agent_blueprints (id),
  build_id TEXT COLLATE "C" NOT NULL,
  spec_content TEXT NOT NULL,
  readme TEXT NOT NULL,
  registry TEXT NOT NULL,
  warnings TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  published_by TEXT NOT NULL,
  PRIMARY KEY (blueprint_id, build_id)
);
CREATE UNIQUE INDEX agent_builds_by_time ON agent_builds (blueprint_id, published_at);

-- Images of readmes; they may come before their blueprint does.
CREATE TABLE agent_readme_images (
  workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id),
  name TEXT COLLATE "C" NOT NULL,
  hash TEXT COLLATE "C" NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  content BYTEA NOT NULL,
  stored_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name, hash)
);

-- Values are encrypted, those of plain variables too.
CREATE TABLE account_variables (
  workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id),
  name TEXT COLLATE "C" NOT NULL,
  secret BIGINT NOT NULL CHECK (secret IN (0, 1)),
  sealed TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, name)
);
