-- The domain that a passkey was made for (WebAuthn's RP ID); absent of those that were made before this was kept.
ALTER TABLE passkey ADD COLUMN domain TEXT;

-- A browser that several people share is known to each of their accounts, by one cookie. Earlier ones are trusted anew when
-- somebody signs in.
DROP TABLE trusted_device;
CREATE TABLE trusted_device (
    token_hash  BYTEA   NOT NULL CHECK (length(token_hash) = 32),
    account     UUID    NOT NULL REFERENCES account (id),
    created_at  BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    PRIMARY KEY (token_hash, account)
);

CREATE INDEX trusted_device_by_account ON trusted_device (account);
CREATE INDEX trusted_device_by_expiry ON trusted_device (expires_at);

-- Several links of one account hold at a time: whoever asks for another makes none void.
DROP TABLE password_reset;
CREATE TABLE password_reset (
    token_hash  BYTEA   NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    account     UUID    NOT NULL REFERENCES account (id),
    asked_at    BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL
);

CREATE INDEX password_reset_by_account ON password_reset (account, asked_at);

-- The address that somebody wants for their account, until the link that it was sent is opened.
CREATE TABLE email_change (
    account     UUID    NOT NULL PRIMARY KEY REFERENCES account (id),
    token_hash  BYTEA   NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    email       TEXT    NOT NULL,
    asked_at    BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL
);

CREATE INDEX account_pending ON account (created_at) WHERE state = 'pending';
