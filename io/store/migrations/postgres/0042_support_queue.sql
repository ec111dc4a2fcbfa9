-- Who asked for a technician's help, and waits. Who they are and what it is about is there as long as they wait, and no longer.
CREATE TABLE support_request (
    id            UUID    NOT NULL PRIMARY KEY,
    organisation  UUID    NOT NULL REFERENCES organisation (id),
    -- SHA-256 of what their page shows.
    token         BYTEA   NOT NULL CHECK (length(token) = 32),
    -- What a link is sealed to, as their page wrote it.
    public_key    BYTEA   NOT NULL CHECK (length(public_key) BETWEEN 1 AND 2048),
    name          TEXT    CHECK ((name IS NULL) = (taken_at IS NOT NULL)),
    matter        TEXT    CHECK (matter IS NULL OR taken_at IS NULL),
    asked_at      BIGINT  NOT NULL,
    -- When their page last asked how it stands.
    seen_at       BIGINT  NOT NULL,
    -- The technician who is about to take them.
    claimed_by    UUID    REFERENCES account (id),
    claimed_at    BIGINT  CHECK ((claimed_at IS NULL) = (claimed_by IS NULL)),
    session       UUID    REFERENCES support_session (id),
    -- Its link.
    sealed        BYTEA   CHECK ((sealed IS NULL) = (session IS NULL) AND length(sealed) <= 4096),
    taken_at      BIGINT  CHECK ((taken_at IS NULL) = (session IS NULL))
);

CREATE INDEX support_request_waiting ON support_request (organisation, asked_at) WHERE taken_at IS NULL;
