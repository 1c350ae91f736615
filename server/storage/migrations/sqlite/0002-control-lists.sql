-- Lists a workspace's requests newest first without reading those of others.

CREATE INDEX usage_rows_by_workspace ON usage_rows (workspace_id, request_id);
CREATE INDEX route_traces_by_workspace ON route_traces (workspace_id, request_id);
