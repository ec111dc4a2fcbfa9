-- What somebody came with, in their program's own words; absent of those who came before this was kept.
ALTER TABLE participant ADD COLUMN client TEXT
    CHECK (client IN ('chrome', 'edge', 'firefox', 'safari', 'other_browser', 'program'));

-- When its holder last proved who they are.
ALTER TABLE account ADD COLUMN last_sign_in_at INTEGER;

CREATE INDEX meeting_of_organisation ON meeting (organisation, started_at) WHERE started_at IS NOT NULL;

-- How a track did, minute by minute. What nothing was sent in has no row.
CREATE TABLE quality_interval (
    participant  BLOB    NOT NULL REFERENCES participant (id),
    session      TEXT    NOT NULL,
    sid          TEXT    NOT NULL,
    direction    TEXT    NOT NULL CHECK (direction IN ('published', 'subscribed')),
    begins_at    INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    -- How much of the minute was measured.
    covers       INTEGER NOT NULL,
    packets      INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    lost         INTEGER NOT NULL,
    -- The worst of the minute.
    jitter       INTEGER NOT NULL,
    round_trip   INTEGER,
    PRIMARY KEY (participant, session, sid, direction, begins_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX quality_interval_by_time ON quality_interval (begins_at);
