-- An enrolment has an end, and a moment that its time counts from. Those that were made before have neither; links to more are
-- made again, with an end.
ALTER TABLE support_device ADD COLUMN ends_at BIGINT;
ALTER TABLE support_device ADD COLUMN counted_from BIGINT;

DROP TABLE support_enrolment;
CREATE TABLE support_enrolment (
    token         BYTEA  NOT NULL PRIMARY KEY CHECK (length(token) = 32),
    organisation  UUID   NOT NULL REFERENCES organisation (id),
    made_by       UUID   NOT NULL REFERENCES account (id),
    expires_at    BIGINT NOT NULL,
    ends_at       BIGINT NOT NULL
);
