-- What the organisation makes of each risk. The newest is in force, and the others are kept.
CREATE TABLE risk_assessment (
    id             UUID    NOT NULL PRIMARY KEY,
    organisation   UUID    NOT NULL REFERENCES organisation (id),
    risk           TEXT    NOT NULL CHECK (length(risk) <= 64),
    choice         TEXT    NOT NULL CHECK (choice IN ('accepted', 'reduced', 'shared', 'avoided')),
    likelihood     TEXT    NOT NULL CHECK (likelihood IN ('low', 'moderate', 'high')),
    impact         TEXT    NOT NULL CHECK (impact IN ('low', 'moderate', 'high')),
    reason         TEXT    NOT NULL,
    next_look_at   BIGINT  NOT NULL,
    assessed_by    UUID    NOT NULL REFERENCES account (id),
    assessed_at    BIGINT  NOT NULL,
    replaced_at    BIGINT
);

CREATE UNIQUE INDEX risk_assessment_in_force ON risk_assessment (organisation, risk) WHERE replaced_at IS NULL;
CREATE INDEX risk_assessment_by_time ON risk_assessment (organisation, assessed_at);

-- All that the register of agreements ever said. Who changed what was there before is not known.
CREATE TABLE agreement_version (
    agreement      UUID    NOT NULL REFERENCES agreement (id),
    number         BIGINT  NOT NULL,
    organisation   UUID    NOT NULL REFERENCES organisation (id),
    party          TEXT    NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('draft', 'signed', 'ended')),
    signed_at      BIGINT,
    ends_at        BIGINT,
    document       TEXT    CHECK (length(document) = 64),
    changed_by     UUID    REFERENCES account (id),
    changed_at     BIGINT  NOT NULL,
    PRIMARY KEY (agreement, number)
);

CREATE INDEX agreement_version_of_organisation ON agreement_version (organisation, changed_at);

INSERT INTO agreement_version (agreement, number, organisation, party, state, signed_at, ends_at, document, changed_at)
    SELECT id, 1, organisation, party, state, signed_at, ends_at, document, changed_at FROM agreement;

-- Complaints and requests about privacy. What was said of them is sealed, and opens with this installation's key alone.
CREATE TABLE complaint (
    id             UUID    NOT NULL PRIMARY KEY,
    organisation   UUID    NOT NULL REFERENCES organisation (id),
    kind           TEXT    NOT NULL,
    words          BYTEA   NOT NULL CHECK (length(words) <= 8192),
    received_at    BIGINT  NOT NULL,
    entered_by     UUID    NOT NULL REFERENCES account (id),
    entered_at     BIGINT  NOT NULL,
    closed_by      UUID    REFERENCES account (id),
    closed_at      BIGINT  CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    outcome        TEXT    CHECK ((outcome IS NULL) = (closed_at IS NULL)),
    note           BYTEA   CHECK (length(note) <= 8192)
);

CREATE INDEX complaint_of_organisation ON complaint (organisation, entered_at);

-- From when to when the evidence was looked after without a break.
CREATE TABLE evidence_watch (
    organisation   UUID    NOT NULL REFERENCES organisation (id),
    began_at       BIGINT  NOT NULL,
    good_until     BIGINT  NOT NULL,
    PRIMARY KEY (organisation, began_at)
);

CREATE INDEX evidence_watch_by_end ON evidence_watch (organisation, good_until);

-- The sentence as it was told then; absent while it was not proven, and where it was not kept.
ALTER TABLE evidence_change ADD COLUMN sentence TEXT CHECK (length(sentence) <= 1000);

-- Since when it stands so: before the row's own moment where only the sentence is another.
ALTER TABLE evidence_change ADD COLUMN state_since BIGINT NOT NULL DEFAULT 0;
UPDATE evidence_change SET state_since = at;

-- What was taken out, as it was issued.
CREATE TABLE evidence_export (
    id             UUID    NOT NULL PRIMARY KEY,
    organisation   UUID    NOT NULL REFERENCES organisation (id),
    at             BIGINT  NOT NULL,
    made_by        UUID    NOT NULL REFERENCES account (id),
    made_at        BIGINT  NOT NULL,
    sha256         TEXT    NOT NULL CHECK (length(sha256) = 64),
    note           TEXT    NOT NULL CHECK (length(note) <= 1048576)
);

CREATE INDEX evidence_export_of_organisation ON evidence_export (organisation, id);

-- What is looked up with each question for the evidence.
CREATE INDEX emergency_use_unreviewed ON emergency_use (organisation, review_due_at) WHERE reviewed_at IS NULL;
CREATE INDEX quality_session_by_time ON quality_session (recorded_at);
