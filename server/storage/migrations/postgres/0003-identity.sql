-- People: how they sign in, and their sessions. Times are BIGINT Unix milliseconds, yes and no are 1 and 0. What would let a
-- reader of the database sign in is stored as a hash or encrypted.

ALTER TABLE users ADD COLUMN email_verified BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN image TEXT;
ALTER TABLE users ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN two_factor_enabled BIGINT NOT NULL DEFAULT 0;
-- Whether this person operates the whole installation.
ALTER TABLE users ADD COLUMN is_operator BIGINT NOT NULL DEFAULT 0;
UPDATE users SET email = lower(email), updated_at = created_at;

-- `token` is a keyed hash of what the browser or program holds.
CREATE TABLE sessions (
  id TEXT COLLATE "C" PRIMARY KEY,
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token TEXT COLLATE "C" NOT NULL UNIQUE,
  expires_at BIGINT NOT NULL,
  ip_address TEXT,
  user_agent TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- A way in: a password (provider_id is `credential`), or an identity at a provider. Tokens of providers are encrypted.
CREATE TABLE credentials (
  id TEXT COLLATE "C" PRIMARY KEY,
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  provider_id TEXT COLLATE "C" NOT NULL,
  account_id TEXT COLLATE "C" NOT NULL,
  access_token TEXT,
  refresh_token TEXT,
  id_token TEXT,
  access_token_expires_at BIGINT,
  refresh_token_expires_at BIGINT,
  scope TEXT,
  password TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (provider_id, account_id)
);
CREATE INDEX credentials_by_user ON credentials (user_id);

-- What waits for its answer: links that were sent, sign-ins under way, links that make an owner. `identifier` is a hash.
CREATE TABLE verifications (
  id TEXT COLLATE "C" PRIMARY KEY,
  identifier TEXT COLLATE "C" NOT NULL,
  value TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX verifications_by_identifier ON verifications (identifier);
CREATE INDEX verifications_by_expiry ON verifications (expires_at);

CREATE TABLE passkeys (
  id TEXT COLLATE "C" PRIMARY KEY,
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT,
  public_key TEXT NOT NULL,
  credential_id TEXT COLLATE "C" NOT NULL UNIQUE,
  counter BIGINT NOT NULL,
  device_type TEXT NOT NULL,
  backed_up BIGINT NOT NULL,
  transports TEXT,
  aaguid TEXT,
  created_at BIGINT
);
CREATE INDEX passkeys_by_user ON passkeys (user_id);

-- The secret of an authenticator app and its backup codes, both encrypted.
CREATE TABLE two_factors (
  id TEXT COLLATE "C" PRIMARY KEY,
  user_id TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
  secret TEXT NOT NULL,
  backup_codes TEXT NOT NULL,
  verified BIGINT NOT NULL DEFAULT 1,
  failed_verification_count BIGINT NOT NULL DEFAULT 0,
  locked_until BIGINT
);

-- Programs that wait for a person to let them in. Both codes are keyed hashes.
CREATE TABLE device_codes (
  id TEXT COLLATE "C" PRIMARY KEY,
  device_code TEXT COLLATE "C" NOT NULL UNIQUE,
  user_code TEXT COLLATE "C" NOT NULL UNIQUE,
  user_id TEXT COLLATE "C" REFERENCES users (id) ON DELETE CASCADE,
  expires_at BIGINT NOT NULL,
  status TEXT NOT NULL,
  last_polled_at BIGINT,
  polling_interval BIGINT,
  client_id TEXT,
  scope TEXT
);
CREATE INDEX device_codes_by_expiry ON device_codes (expires_at);

-- Tries within a window, by address and path or by account, counted over every process.
CREATE TABLE sign_in_tries (
  id TEXT COLLATE "C" PRIMARY KEY,
  key TEXT COLLATE "C" NOT NULL UNIQUE,
  count BIGINT NOT NULL,
  last_request BIGINT NOT NULL
);
CREATE INDEX sign_in_tries_by_time ON sign_in_tries (last_request);
