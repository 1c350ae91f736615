// The tables of deployments as types.

import type { Generated } from "kysely";

type Whole = bigint | number;

export type DeploymentTables = {
  deployments: {
    id: string;
    workspace_id: string;
    blueprint_id: string;
    blueprint_name: string;
    display_name: string;
    label: string;
    status: string;
    status_reason: string | null;
    status_since: Whole;
    wish: string;
    revision: Whole;
    serving_revision: Whole | null;
    running: Whole;
    door: string | null;
    sealed_values: string | null;
    version: Whole;
    due_at: Whole | null;
    tries: Whole;
    lease_by: string | null;
    lease_until: Whole;
    created_by: string;
    created_at: Whole;
    updated_at: Whole;
  };
  deployment_revisions: {
    deployment_id: string;
    number: Whole;
    build_id: string;
    status: string;
    reason: string;
    from_revision: Whole | null;
    failure: string | null;
    sealed_template: string;
    vault_names: string;
    created_by: string;
    created_at: Whole;
    started_at: Whole | null;
    serving_from: Whole | null;
    serving_to: Whole | null;
  };
  deployment_steps: {
    deployment_id: string;
    revision: Whole;
    number: Whole;
    at: Whole;
    kind: string;
    workload: string | null;
    message: string;
  };
  job_schedules: { deployment_id: string; job: string; cron: string; next_at: Whole };
  job_runs: {
    id: string;
    deployment_id: string;
    job: string;
    started_by: string;
    status: string;
    exit_code: Whole | null;
    message: string | null;
    lease_by: string | null;
    lease_until: Generated<Whole>;
    created_at: Whole;
    started_at: Whole | null;
    ended_at: Whole | null;
  };
  door_codes: {
    code_hash: string;
    deployment_id: string;
    user_id: string;
    session_id: string;
    browser_hash: string;
    path: string;
    expires_at: Whole;
  };
};
