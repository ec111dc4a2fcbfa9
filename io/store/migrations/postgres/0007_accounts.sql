-- How an account stands. Of one that was removed the identity stays, so that it is never used again.
ALTER TABLE account ADD COLUMN state TEXT NOT NULL DEFAULT 'active'
    CHECK (state IN ('pending', 'active', 'suspended', 'removed'));

-- Where somebody is at this moment.
CREATE INDEX participant_by_account ON participant (account) WHERE account IS NOT NULL;

-- Links that prove an address. A row goes when its link is spent, replaced or too old.
CREATE TABLE invitation (
    id                UUID    NOT NULL PRIMARY KEY,
    token_hash        BYTEA   NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    organisation      UUID    NOT NULL REFERENCES organisation (id),
    email             TEXT    NOT NULL,
    email_normalised  TEXT    NOT NULL,
    role              TEXT    NOT NULL,
    invited_by        UUID    NOT NULL REFERENCES account (id),
    invited_at        BIGINT  NOT NULL,
    expires_at        BIGINT  NOT NULL,
    UNIQUE (organisation, email_normalised)
);

CREATE TABLE account_request (
    token_hash        BYTEA   NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    organisation      UUID    NOT NULL REFERENCES organisation (id),
    email             TEXT    NOT NULL,
    email_normalised  TEXT    NOT NULL,
    asked_at          BIGINT  NOT NULL,
    expires_at        BIGINT  NOT NULL,
    UNIQUE (organisation, email_normalised)
);

CREATE TABLE password_reset (
    account     UUID    NOT NULL PRIMARY KEY REFERENCES account (id),
    token_hash  BYTEA   NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    asked_at    BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL
);
