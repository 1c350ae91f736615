// The tables of blueprints, the vault and the gateway keys of agents, as types.

export type RegistryTables = {
  managed_keys: {
    key_id: string;
    workspace_id: string;
    kind: string;
    user_id: string | null;
    user_email: string | null;
    deployment_id: string | null;
    agent: string | null;
    deployment_name: string | null;
    sealed: string | null;
    reuse_until: bigint | number | null;
    current: bigint | number;
  };
  agent_blueprints: {
    id: string;
    workspace_id: string;
    name: string;
    visibility: string;
    created_at: bigint | number;
    archived_at: bigint | number | null;
  };
  agent_builds: {
    blueprint_id: string;
    build_id: string;
    spec_content: string;
    readme: string;
    registry: string;
    warnings: string;
    published_at: bigint | number;
    published_by: string;
  };
  agent_readme_images: {
    workspace_id: string;
    name: string;
    hash: string;
    media_type: string;
    size: bigint | number;
    content: Uint8Array;
    stored_at: bigint | number;
  };
  account_variables: {
    workspace_id: string;
    name: string;
    secret: bigint | number;
    sealed: string;
    description: string;
    created_at: bigint | number;
    updated_at: bigint | number;
    updated_by: string;
  };
};
