-- An enrolment has an end, and a moment that its time counts from. Those that were made before have neither; links to more are
-- made again, with an end.
ALTER TABLE support_device ADD COLUMN ends_at INTEGER;
ALTER TABLE support_device ADD COLUMN counted_from INTEGER;

DROP TABLE support_enrolment;
CREATE TABLE support_enrolment (
    token         BLOB    NOT NULL PRIMARY KEY CHECK (length(token) = 32),
    organisation  BLOB    NOT NULL REFERENCES organisation (id),
    made_by       BLOB    NOT NULL REFERENCES account (id),
    expires_at    INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL
) STRICT;
