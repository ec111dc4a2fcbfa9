-- Who asked for a technician's help, and waits. Who they are and what it is about is there as long as they wait, and no longer.
CREATE TABLE support_request (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation  BLOB    NOT NULL REFERENCES organisation (id),
    -- SHA-256 of what their page shows.
    token         BLOB    NOT NULL CHECK (length(token) = 32),
    -- What a link is sealed to, as their page wrote it.
    public_key    BLOB    NOT NULL CHECK (length(public_key) BETWEEN 1 AND 2048),
    name          TEXT    CHECK ((name IS NULL) = (taken_at IS NOT NULL)),
    matter        TEXT    CHECK (matter IS NULL OR taken_at IS NULL),
    asked_at      INTEGER NOT NULL,
    -- When their page last asked how it stands.
    seen_at       INTEGER NOT NULL,
    -- The technician who is about to take them.
    claimed_by    BLOB    REFERENCES account (id),
    claimed_at    INTEGER CHECK ((claimed_at IS NULL) = (claimed_by IS NULL)),
    session       BLOB    REFERENCES support_session (id),
    -- Its link.
    sealed        BLOB    CHECK ((sealed IS NULL) = (session IS NULL) AND length(sealed) <= 4096),
    taken_at      INTEGER CHECK ((taken_at IS NULL) = (session IS NULL))
) STRICT;

CREATE INDEX support_request_waiting ON support_request (organisation, asked_at) WHERE taken_at IS NULL;
