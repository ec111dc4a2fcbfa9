-- Why it is over.
ALTER TABLE meeting ADD COLUMN ended_because TEXT
    CHECK (ended_because IN ('host', 'administrator', 'empty', 'host_absent', 'too_long'));

-- Time-outs of its own, where it has shorter ones than the installation.
ALTER TABLE meeting ADD COLUMN empty_time_out BIGINT;
ALTER TABLE meeting ADD COLUMN host_absent_time_out BIGINT;
ALTER TABLE meeting ADD COLUMN longest_time_out BIGINT;
ALTER TABLE meeting ADD COLUMN idle_share_time_out BIGINT;

-- Made a co-host.
ALTER TABLE participant ADD COLUMN co_host_since BIGINT;

-- Who comes straight in, and what happens to who is not on the list of a meeting for the invited.
ALTER TABLE meeting ADD COLUMN entry TEXT NOT NULL DEFAULT 'link'
    CHECK (entry IN ('link', 'lobby', 'invited'));
ALTER TABLE meeting ADD COLUMN uninvited TEXT NOT NULL DEFAULT 'wait'
    CHECK (uninvited IN ('wait', 'refuse'));

CREATE TABLE meeting_invited (
    meeting           UUID  NOT NULL REFERENCES meeting (id),
    email             TEXT  NOT NULL,
    email_normalised  TEXT  NOT NULL,
    PRIMARY KEY (meeting, email_normalised)
);
