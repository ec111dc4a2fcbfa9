-- Somebody has seen what lacks of a recording, and says why it may be left so, in their own words, sealed. Each trouble is one
-- for itself: what is found later was not seen.
CREATE TABLE recording_acknowledgement (
    id            UUID    NOT NULL PRIMARY KEY,
    recording     UUID    NOT NULL REFERENCES recording (id),
    trouble       TEXT    NOT NULL CHECK (trouble IN ('incomplete', 'damaged', 'without_feedback')),
    account       UUID    NOT NULL REFERENCES account (id),
    reason        BYTEA   NOT NULL,
    at            BIGINT  NOT NULL,
    UNIQUE (recording, trouble)
);
