// The tables of how people sign in, as types.

export type IdentityTables = {
  sessions: {
    id: string;
    user_id: string;
    token: string;
    expires_at: bigint | number;
    ip_address: string | null;
    user_agent: string | null;
    created_at: bigint | number;
    updated_at: bigint | number;
  };
  access_tokens: {
    id: string;
    user_id: string;
    name: string;
    prefix: string;
    token_hash: string;
    workspace_id: string | null;
    read_only: bigint | number;
    created_at: bigint | number;
    expires_at: bigint | number;
    revoked_at: bigint | number | null;
    last_used_at: bigint | number | null;
  };
  credentials: {
    id: string;
    user_id: string;
    provider_id: string;
    account_id: string;
    password: string | null;
    created_at: bigint | number;
    updated_at: bigint | number;
  };
  verifications: {
    id: string;
    identifier: string;
    value: string;
    expires_at: bigint | number;
    created_at: bigint | number;
    updated_at: bigint | number;
  };
  passkeys: { id: string; user_id: string };
  two_factors: { id: string; user_id: string };
  device_codes: { id: string; expires_at: bigint | number; last_polled_at: bigint | number | null };
  sign_in_tries: { id: string; key: string; count: bigint | number; last_request: bigint | number };
};
