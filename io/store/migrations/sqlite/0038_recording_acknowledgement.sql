-- Somebody has seen what lacks of a recording, and says why it may be left so, in their own words, sealed. Each trouble is one
-- for itself: what is found later was not seen.
CREATE TABLE recording_acknowledgement (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    recording     BLOB    NOT NULL REFERENCES recording (id),
    trouble       TEXT    NOT NULL CHECK (trouble IN ('incomplete', 'damaged', 'without_feedback')),
    account       BLOB    NOT NULL REFERENCES account (id),
    reason        BLOB    NOT NULL,
    at            INTEGER NOT NULL,
    UNIQUE (recording, trouble)
) STRICT;
