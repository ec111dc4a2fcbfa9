-- Who helped whom with their computer: each session has a meeting of its own, which is listed among nobody's meetings.
CREATE TABLE support_session (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation   BLOB    NOT NULL REFERENCES organisation (id),
    meeting        BLOB    NOT NULL UNIQUE REFERENCES meeting (id),
    technician     BLOB    NOT NULL REFERENCES account (id),
    opened_at      INTEGER NOT NULL,
    -- Nobody new comes in by code or link from then on.
    code_until     INTEGER NOT NULL,
    -- The participant who is helped. Where they never came in, they are forgotten sooner than this.
    customer       BLOB    CHECK (length(customer) = 16),
    joined_at      INTEGER CHECK ((joined_at IS NULL) = (customer IS NULL)),
    ended_at       INTEGER,
    -- What the agent let be known, counted.
    facts          INTEGER NOT NULL DEFAULT 0 CHECK (facts >= 0),
    feedback_at    INTEGER CHECK (feedback_at IS NULL OR customer IS NOT NULL),
    solved         INTEGER CHECK (solved IS NULL OR (solved IN (0, 1) AND feedback_at IS NOT NULL)),
    rating         INTEGER CHECK (rating IS NULL OR (rating BETWEEN 1 AND 5 AND feedback_at IS NOT NULL))
) STRICT;

CREATE INDEX support_session_of_technician ON support_session (technician, opened_at);
CREATE INDEX support_session_open ON support_session (code_until) WHERE ended_at IS NULL;
