-- Programs that act by a key of their own, and end when whoever made them loses the right to.
CREATE TABLE program (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation  BLOB    NOT NULL REFERENCES organisation (id),
    made_by       BLOB    NOT NULL REFERENCES account (id),
    name          TEXT    NOT NULL,
    key_hash      BLOB    NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    -- JSON: a list of names.
    scopes        TEXT    NOT NULL CHECK (length(scopes) <= 256),
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    -- The beginning of a day (UTC).
    last_used_on  INTEGER,
    revoked_at    INTEGER
) STRICT;

CREATE INDEX program_by_organisation ON program (organisation, created_at);
CREATE INDEX program_by_maker ON program (made_by) WHERE revoked_at IS NULL;

-- Accounts that the organisation's directory has made or changed, and what it calls them.
CREATE TABLE directory_account (
    account         BLOB    NOT NULL PRIMARY KEY REFERENCES account (id),
    organisation    BLOB    NOT NULL REFERENCES organisation (id),
    external_id     TEXT,
    -- The directory brought it; others it found.
    made            INTEGER NOT NULL CHECK (made IN (0, 1)),
    -- How it stood when the directory suspended it, until somebody restores it.
    suspended_from  TEXT CHECK (suspended_from IN ('pending', 'active')),
    changed_at      INTEGER NOT NULL,
    UNIQUE (organisation, external_id)
) STRICT;

-- Groups of which the directory says who is in them.
CREATE TABLE directory_group (
    account_group  BLOB    NOT NULL PRIMARY KEY REFERENCES account_group (id) ON DELETE CASCADE,
    organisation   BLOB    NOT NULL REFERENCES organisation (id),
    external_id    TEXT,
    changed_at     INTEGER NOT NULL,
    UNIQUE (organisation, external_id)
) STRICT;
