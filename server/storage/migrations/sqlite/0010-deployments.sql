-- Deployments: agents that run under a name, the revisions they went through, the runs of their jobs, and the codes by
-- which the front door lets a signed-in member in.

CREATE TABLE deployments (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  blueprint_id TEXT NOT NULL,
  blueprint_name TEXT NOT NULL,
  display_name TEXT NOT NULL,
  label TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('pending', 'provisioning', 'active', 'failed', 'scaled_down', 'stopped',
    'suspended', 'undeploying', 'undeployed')),
  status_reason TEXT,
  status_since INTEGER NOT NULL,
  wish TEXT NOT NULL CHECK (wish IN ('running', 'stopped', 'undeployed')),
  revision INTEGER NOT NULL,
  serving_revision INTEGER,
  -- 1 while the serving revision's containers run, 0 while they stand still.
  running INTEGER NOT NULL,
  -- Where the front door leads to, as JSON; null while it leads nowhere.
  door TEXT,
  -- Values made once, such as passwords of databases, encrypted.
  sealed_values TEXT,
  version INTEGER NOT NULL,
  -- When the worker is to look at it; null while there is nothing to do.
  due_at INTEGER,
  -- How often in a row the worker could not finish.
  tries INTEGER NOT NULL,
  lease_by TEXT,
  lease_until INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX deployments_by_name ON deployments (workspace_id, display_name) WHERE wish <> 'undeployed';
CREATE INDEX deployments_due ON deployments (due_at) WHERE due_at IS NOT NULL;

-- `sealed_template` is what it runs with, encrypted; `vault_names` lists the variables of the vault that it refers to.
-- Who made a call to the gateway is told by the times: one revision serves from `serving_from` until `serving_to`.
CREATE TABLE deployment_revisions (
  deployment_id TEXT NOT NULL REFERENCES deployments (id),
  number INTEGER NOT NULL,
  build_id TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'provisioning', 'active', 'replaced', 'failed', 'superseded')),
  reason TEXT NOT NULL CHECK (reason IN ('deploy', 'redeploy', 'rollback', 'key_rotation')),
  from_revision INTEGER,
  failure TEXT,
  sealed_template TEXT NOT NULL,
  vault_names TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  serving_from INTEGER,
  serving_to INTEGER,
  PRIMARY KEY (deployment_id, number)
) STRICT, WITHOUT ROWID;

-- What a rollout did, for people who watch it.
CREATE TABLE deployment_steps (
  deployment_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  workload TEXT,
  message TEXT NOT NULL,
  PRIMARY KEY (deployment_id, revision, number)
) STRICT, WITHOUT ROWID;

-- The times of jobs whose schedule the engine does not keep by itself.
CREATE TABLE job_schedules (
  deployment_id TEXT NOT NULL,
  job TEXT NOT NULL,
  cron TEXT NOT NULL,
  next_at INTEGER NOT NULL,
  PRIMARY KEY (deployment_id, job)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_schedules_by_time ON job_schedules (next_at);

CREATE TABLE job_runs (
  id TEXT PRIMARY KEY,
  deployment_id TEXT NOT NULL,
  job TEXT NOT NULL,
  started_by TEXT NOT NULL CHECK (started_by IN ('manual', 'schedule', 'startup')),
  status TEXT NOT NULL CHECK (status IN ('waiting', 'running', 'succeeded', 'failed')),
  exit_code INTEGER,
  message TEXT,
  lease_by TEXT,
  lease_until INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX job_runs_of_deployment ON job_runs (deployment_id, job, id);
CREATE INDEX job_runs_open ON job_runs (status, lease_until) WHERE status IN ('waiting', 'running');

-- A code works once and for a minute: whoever spends it deletes it.
CREATE TABLE door_codes (
  code_hash TEXT PRIMARY KEY,
  deployment_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  -- Of what the browser that asked for it holds.
  browser_hash TEXT NOT NULL,
  path TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX door_codes_by_expiry ON door_codes (expires_at);
