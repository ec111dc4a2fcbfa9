-- Whoever is signed in signs in anew: nobody knows how they proved who they are.
DELETE FROM web_session;

-- How a session's holder proved who they are, when they did so last, and in which kind of browser.
ALTER TABLE web_session ADD COLUMN assurance TEXT NOT NULL DEFAULT 'password';
ALTER TABLE web_session ADD COLUMN authenticated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE web_session ADD COLUMN browser TEXT NOT NULL DEFAULT 'other';

-- The secret of an account's authenticator program, sealed under a key of the installation.
CREATE TABLE account_totp (
    account    BLOB NOT NULL PRIMARY KEY REFERENCES account (id),
    sealed     BLOB NOT NULL CHECK (length(sealed) <= 128),
    -- Of the last code that was used.
    last_step  INTEGER NOT NULL,
    set_up_at  INTEGER NOT NULL
) STRICT;

-- Those that are left: each goes when it is used.
CREATE TABLE recovery_code (
    account    BLOB NOT NULL REFERENCES account (id),
    code_hash  BLOB NOT NULL CHECK (length(code_hash) = 32),
    PRIMARY KEY (account, code_hash)
) STRICT;

CREATE TABLE passkey (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    account        BLOB NOT NULL REFERENCES account (id),
    credential_id  BLOB NOT NULL UNIQUE CHECK (length(credential_id) <= 1024),
    -- What webauthn-rs keeps of it, as JSON: the public key, the counter.
    credential     TEXT NOT NULL CHECK (length(credential) <= 8192),
    label          TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    last_used_at   INTEGER
) STRICT;

CREATE INDEX passkey_by_account ON passkey (account, created_at);

-- Browsers in which an account's holder has signed in: others' wrong passwords don't lock them out.
CREATE TABLE trusted_device (
    token_hash  BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    account     BLOB NOT NULL REFERENCES account (id),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX trusted_device_by_account ON trusted_device (account);
CREATE INDEX trusted_device_by_expiry ON trusted_device (expires_at);
