-- What the control plane looks up. The first index also makes it impossible to book one grant twice; it covers credits
-- only, so that debits on the request path do not pay for it.

CREATE UNIQUE INDEX ledger_credits_by_id ON ledger_entries (id) WHERE kind = 'credit';
CREATE INDEX usage_rows_by_workspace ON usage_rows (workspace_id, request_id);
CREATE INDEX route_traces_by_workspace ON route_traces (workspace_id, request_id);
