-- Whoever is signed in signs in anew: nobody knows how they proved who they are.
DELETE FROM web_session;

-- How a session's holder proved who they are, when they did so last, and in which kind of browser.
ALTER TABLE web_session ADD COLUMN assurance TEXT NOT NULL DEFAULT 'password';
ALTER TABLE web_session ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE web_session ADD COLUMN browser TEXT NOT NULL DEFAULT 'other';

-- The secret of an account's authenticator program, sealed under a key of the installation.
CREATE TABLE account_totp (
    account    UUID NOT NULL PRIMARY KEY REFERENCES account (id),
    sealed     BYTEA NOT NULL CHECK (length(sealed) <= 128),
    -- Of the last code that was used.
    last_step  BIGINT NOT NULL,
    set_up_at  BIGINT NOT NULL
);

-- Those that are left: each goes when it is used.
CREATE TABLE recovery_code (
    account    UUID NOT NULL REFERENCES account (id),
    code_hash  BYTEA NOT NULL CHECK (length(code_hash) = 32),
    PRIMARY KEY (account, code_hash)
);

CREATE TABLE passkey (
    id             UUID NOT NULL PRIMARY KEY,
    account        UUID NOT NULL REFERENCES account (id),
    credential_id  BYTEA NOT NULL UNIQUE CHECK (length(credential_id) <= 1024),
    -- What webauthn-rs keeps of it, as JSON: the public key, the counter.
    credential     TEXT NOT NULL CHECK (length(credential) <= 8192),
    label          TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    last_used_at   BIGINT
);

CREATE INDEX passkey_by_account ON passkey (account, created_at);

-- Browsers in which an account's holder has signed in: others' wrong passwords don't lock them out.
CREATE TABLE trusted_device (
    token_hash  BYTEA NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    account     UUID NOT NULL REFERENCES account (id),
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);

CREATE INDEX trusted_device_by_account ON trusted_device (account);
CREATE INDEX trusted_device_by_expiry ON trusted_device (expires_at);
