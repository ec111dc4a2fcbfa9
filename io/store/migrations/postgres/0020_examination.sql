-- Filters that people keep, for themselves or for their organisation. Their names are their own words.
CREATE TABLE saved_view (
    id            UUID    NOT NULL PRIMARY KEY,
    organisation  UUID    NOT NULL REFERENCES organisation (id),
    account       UUID    NOT NULL REFERENCES account (id),
    name          TEXT    NOT NULL,
    filter        TEXT    NOT NULL CHECK (length(filter) <= 4096),
    shared        BOOLEAN NOT NULL,
    changed_at    BIGINT  NOT NULL
);

CREATE INDEX saved_view_by_organisation ON saved_view (organisation, account);

-- What an organisation says of the rules for anomalies, where it says something, and what it said before: what happened is
-- judged by what was in force then.
CREATE TABLE anomaly_rules (
    organisation  UUID    NOT NULL REFERENCES organisation (id),
    revision      BIGINT  NOT NULL,
    since         BIGINT  NOT NULL,
    choices       TEXT    NOT NULL,
    PRIMARY KEY (organisation, revision)
);

-- The last audit entry that the rules were held against.
CREATE TABLE anomaly_watch (
    id        BIGINT  NOT NULL PRIMARY KEY CHECK (id = 1),
    position  BIGINT  NOT NULL
);

-- What is on record already is history: the rules look ahead.
INSERT INTO anomaly_watch (id, position) SELECT 1, COALESCE(MAX(position), 0) FROM audit_outbox;

-- What counts for a rule, as long as its window can be. The subject of what has none is zero, as in findings.
CREATE TABLE anomaly_mark (
    organisation  UUID    NOT NULL REFERENCES organisation (id),
    rule          TEXT    NOT NULL,
    subject       UUID    NOT NULL,
    fact          UUID    NOT NULL,
    counted       UUID    NOT NULL,
    made_by       UUID,
    at            BIGINT  NOT NULL,
    PRIMARY KEY (organisation, rule, subject, fact)
);

CREATE INDEX anomaly_mark_by_time ON anomaly_mark (organisation, rule, at);
CREATE INDEX anomaly_mark_of_rule ON anomaly_mark (rule, at);

-- What the rules found. What was said of it is sealed, and opens with this installation's key alone.
CREATE TABLE anomaly (
    id              UUID    NOT NULL PRIMARY KEY,
    organisation    UUID    NOT NULL REFERENCES organisation (id),
    rule            TEXT    NOT NULL,
    subject         UUID    NOT NULL,
    -- Shortened, as in the log.
    network         TEXT    CHECK (length(network) <= 64),
    count           BIGINT  NOT NULL,
    window_minutes  BIGINT  NOT NULL,
    found_at        BIGINT  NOT NULL,
    reviewed_at     BIGINT,
    reviewed_by     UUID    REFERENCES account (id),
    outcome         TEXT    CHECK ((outcome IS NULL) = (reviewed_at IS NULL)),
    note            BYTEA   CHECK (length(note) <= 8192)
);

CREATE INDEX anomaly_by_organisation ON anomaly (organisation, found_at);
CREATE INDEX anomaly_by_subject ON anomaly (organisation, rule, subject, found_at);
CREATE INDEX anomaly_open ON anomaly (organisation) WHERE reviewed_at IS NULL;

-- Whose acts a finding counted: none of them reviews it.
CREATE TABLE anomaly_maker (
    anomaly  UUID  NOT NULL REFERENCES anomaly (id),
    account  UUID  NOT NULL,
    PRIMARY KEY (anomaly, account)
);
