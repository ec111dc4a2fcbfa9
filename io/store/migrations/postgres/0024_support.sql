-- Who helped whom with their computer: each session has a meeting of its own, which is listed among nobody's meetings.
CREATE TABLE support_session (
    id             UUID    NOT NULL PRIMARY KEY,
    organisation   UUID    NOT NULL REFERENCES organisation (id),
    meeting        UUID    NOT NULL UNIQUE REFERENCES meeting (id),
    technician     UUID    NOT NULL REFERENCES account (id),
    opened_at      BIGINT  NOT NULL,
    -- Nobody new comes in by code or link from then on.
    code_until     BIGINT  NOT NULL,
    -- The participant who is helped. Where they never came in, they are forgotten sooner than this.
    customer       UUID,
    joined_at      BIGINT  CHECK ((joined_at IS NULL) = (customer IS NULL)),
    ended_at       BIGINT,
    -- What the agent let be known, counted.
    facts          BIGINT  NOT NULL DEFAULT 0 CHECK (facts >= 0),
    feedback_at    BIGINT  CHECK (feedback_at IS NULL OR customer IS NOT NULL),
    solved         BOOLEAN CHECK (solved IS NULL OR feedback_at IS NOT NULL),
    rating         BIGINT  CHECK (rating IS NULL OR (rating BETWEEN 1 AND 5 AND feedback_at IS NOT NULL))
);

CREATE INDEX support_session_of_technician ON support_session (technician, opened_at);
CREATE INDEX support_session_open ON support_session (code_until) WHERE ended_at IS NULL;
