-- What the organisation's evidence was and is: states of claims as they changed, decisions, agreements, reviews.
CREATE TABLE evidence_change (
    organisation  UUID NOT NULL REFERENCES organisation (id),
    claim         TEXT NOT NULL CHECK (length(claim) <= 64),
    at            BIGINT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('proven', 'stale', 'not_met', 'not_applicable')),
    PRIMARY KEY (organisation, claim, at)
);

CREATE INDEX evidence_change_by_time ON evidence_change (organisation, at);

-- The organisation's own words, which the record has hashes of. The newest about a subject is in force.
CREATE TABLE evidence_decision (
    id              UUID NOT NULL PRIMARY KEY,
    organisation    UUID NOT NULL REFERENCES organisation (id),
    subject         TEXT NOT NULL CHECK (length(subject) <= 64),
    choice          TEXT NOT NULL CHECK (choice IN ('implemented', 'equivalent', 'not_reasonable')),
    reason          TEXT NOT NULL,
    risk            TEXT NOT NULL,
    size            TEXT NOT NULL,
    complexity      TEXT NOT NULL,
    infrastructure  TEXT NOT NULL,
    cost            TEXT NOT NULL,
    decided_by      UUID NOT NULL REFERENCES account (id),
    decided_at      BIGINT NOT NULL,
    replaced_at     BIGINT
);

CREATE UNIQUE INDEX evidence_decision_in_force ON evidence_decision (organisation, subject) WHERE replaced_at IS NULL;
CREATE INDEX evidence_decision_by_time ON evidence_decision (organisation, decided_at);

CREATE TABLE agreement (
    id            UUID NOT NULL PRIMARY KEY,
    organisation  UUID NOT NULL REFERENCES organisation (id),
    party         TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('draft', 'signed', 'ended')),
    signed_at     BIGINT,
    ends_at       BIGINT,
    document      TEXT CHECK (length(document) = 64),
    changed_at    BIGINT NOT NULL
);

CREATE INDEX agreement_of_organisation ON agreement (organisation, id);

CREATE TABLE evidence_review (
    organisation  UUID NOT NULL REFERENCES organisation (id),
    signed_at     BIGINT NOT NULL,
    signed_by     UUID NOT NULL REFERENCES account (id),
    settings      TEXT NOT NULL CHECK (length(settings) = 64),
    PRIMARY KEY (organisation, signed_at)
);
