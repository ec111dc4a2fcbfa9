-- Programs that act by a key of their own, and end when whoever made them loses the right to.
CREATE TABLE program (
    id            UUID   NOT NULL PRIMARY KEY,
    organisation  UUID   NOT NULL REFERENCES organisation (id),
    made_by       UUID   NOT NULL REFERENCES account (id),
    name          TEXT   NOT NULL,
    key_hash      BYTEA  NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    -- JSON: a list of names.
    scopes        TEXT   NOT NULL CHECK (length(scopes) <= 256),
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    -- The beginning of a day (UTC).
    last_used_on  BIGINT,
    revoked_at    BIGINT
);

CREATE INDEX program_by_organisation ON program (organisation, created_at);
CREATE INDEX program_by_maker ON program (made_by) WHERE revoked_at IS NULL;

-- Accounts that the organisation's directory has made or changed, and what it calls them.
CREATE TABLE directory_account (
    account         UUID   NOT NULL PRIMARY KEY REFERENCES account (id),
    organisation    UUID   NOT NULL REFERENCES organisation (id),
    external_id     TEXT,
    -- The directory brought it; others it found.
    made            BOOLEAN NOT NULL,
    -- How it stood when the directory suspended it, until somebody restores it.
    suspended_from  TEXT CHECK (suspended_from IN ('pending', 'active')),
    changed_at      BIGINT NOT NULL,
    UNIQUE (organisation, external_id)
);

-- Groups of which the directory says who is in them.
CREATE TABLE directory_group (
    account_group  UUID   NOT NULL PRIMARY KEY REFERENCES account_group (id) ON DELETE CASCADE,
    organisation   UUID   NOT NULL REFERENCES organisation (id),
    external_id    TEXT,
    changed_at     BIGINT NOT NULL,
    UNIQUE (organisation, external_id)
);
