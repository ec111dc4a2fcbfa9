-- Whoever signs in by the identity provider alone has no password.
ALTER TABLE account ADD COLUMN kept_password TEXT;
UPDATE account SET kept_password = NULLIF(password, '') WHERE state <> 'removed';
ALTER TABLE account DROP COLUMN password;
ALTER TABLE account RENAME COLUMN kept_password TO password;

-- Who somebody is at an identity provider: its issuer and its subject together, never an address.
CREATE TABLE federated_identity (
    issuer        TEXT NOT NULL CHECK (length(issuer) <= 512),
    subject       TEXT NOT NULL CHECK (length(subject) <= 255),
    account       BLOB NOT NULL REFERENCES account (id),
    connected_at  INTEGER NOT NULL,
    last_used_at  INTEGER,
    PRIMARY KEY (issuer, subject),
    UNIQUE (account, issuer)
) STRICT;

-- Sessions that an identity provider opened, in its own words, so that it can end them.
CREATE TABLE federated_session (
    session           BLOB NOT NULL PRIMARY KEY REFERENCES web_session (id_hash) ON DELETE CASCADE,
    issuer            TEXT NOT NULL,
    subject           TEXT NOT NULL,
    provider_session  TEXT
) STRICT;

CREATE INDEX federated_session_by_subject ON federated_session (issuer, subject);
CREATE INDEX federated_session_by_session ON federated_session (issuer, provider_session);
