-- Uses of emergency access. What was said of them is sealed, and opens with this installation's key alone.
CREATE TABLE emergency_use (
    id             UUID   NOT NULL PRIMARY KEY,
    organisation   UUID   NOT NULL REFERENCES organisation (id),
    -- Absent for the operator's drill.
    account        UUID   REFERENCES account (id),
    reason         TEXT   NOT NULL,
    words          BYTEA  NOT NULL CHECK (length(words) <= 8192),
    invoked_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    ended_at       BIGINT,
    ended_by       TEXT   CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    review_due_at  BIGINT NOT NULL,
    reviewed_at    BIGINT,
    reviewed_by    UUID   REFERENCES account (id),
    outcome        TEXT   CHECK ((outcome IS NULL) = (reviewed_at IS NULL)),
    note           BYTEA  CHECK (length(note) <= 8192)
);

CREATE INDEX emergency_use_by_organisation ON emergency_use (organisation, invoked_at);
CREATE UNIQUE INDEX emergency_use_open_of_account ON emergency_use (account) WHERE ended_at IS NULL;
CREATE INDEX emergency_use_open ON emergency_use (expires_at) WHERE ended_at IS NULL;

-- Who came into a meeting by which use.
CREATE TABLE emergency_visit (
    participant    UUID   NOT NULL PRIMARY KEY REFERENCES participant (id) ON DELETE CASCADE,
    meeting        UUID   NOT NULL REFERENCES meeting (id),
    emergency_use  UUID   NOT NULL REFERENCES emergency_use (id)
);

CREATE INDEX emergency_visit_by_meeting ON emergency_visit (meeting);
CREATE INDEX emergency_visit_by_use ON emergency_visit (emergency_use);

CREATE TABLE emergency_drill (
    id            UUID   NOT NULL PRIMARY KEY,
    organisation  UUID   NOT NULL REFERENCES organisation (id),
    at            BIGINT NOT NULL,
    -- The step that failed; absent where it passed.
    failed_at     TEXT   CHECK (length(failed_at) <= 64)
);

CREATE INDEX emergency_drill_by_organisation ON emergency_drill (organisation, at);
