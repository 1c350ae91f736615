-- The audit log, invitations, access requests, users that are shut out, and why a workspace is suspended. Time is INTEGER
-- Unix milliseconds, JSON is TEXT. Ids of people are not references: what they did stays when they are gone.

CREATE TABLE audit_events (
  id TEXT PRIMARY KEY,
  workspace_id TEXT,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('user', 'operator_token', 'key', 'nobody')),
  actor_id TEXT,
  actor_name TEXT,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
  targets TEXT NOT NULL,
  fields TEXT NOT NULL,
  address TEXT,
  user_agent TEXT,
  request_id TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_events_by_workspace ON audit_events (workspace_id, id);
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, id);
CREATE INDEX audit_events_by_action ON audit_events (action, id);
CREATE TRIGGER audit_events_stay_as_they_are BEFORE UPDATE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'audit events never change');
END;
CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'audit events are never deleted');
END;

-- `token_hash` covers what the link holds. An invitation is open until it is accepted, revoked or over.
CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  email TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'developer', 'billing', 'viewer')),
  token_hash TEXT NOT NULL UNIQUE,
  invited_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_at INTEGER,
  accepted_by TEXT,
  revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX invitations_open ON invitations (workspace_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_by_workspace ON invitations (workspace_id, id);
CREATE INDEX invitations_by_email ON invitations (email);
CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE access_requests (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  requested_by TEXT NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  company TEXT NOT NULL,
  intended_use TEXT NOT NULL,
  monthly_volume TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'declined')),
  note TEXT NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX access_requests_pending ON access_requests (workspace_id) WHERE status = 'pending';
CREATE INDEX access_requests_by_workspace ON access_requests (workspace_id, id);
CREATE INDEX access_requests_by_status ON access_requests (status, id);

-- Whoever is here gets in nowhere.
CREATE TABLE disabled_users (
  user_id TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  disabled_at INTEGER NOT NULL
) STRICT;

ALTER TABLE workspaces ADD COLUMN status_reason TEXT;
