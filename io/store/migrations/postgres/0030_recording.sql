-- What support sessions are sealed to. The private part never comes here. The newest is in force; with older ones, what was
-- sealed to them is opened.
CREATE TABLE recording_key (
    id            UUID    NOT NULL PRIMARY KEY,
    organisation  UUID    NOT NULL REFERENCES organisation (id),
    public        BYTEA   NOT NULL CHECK (length(public) = 1216),
    fingerprint   BYTEA   NOT NULL CHECK (length(fingerprint) = 32),
    -- Who keeps the private part, as whoever made it says: a JSON array of names.
    custodians    TEXT    NOT NULL CHECK (length(custodians) <= 4000),
    made_by       UUID    NOT NULL REFERENCES account (id),
    made_at       BIGINT  NOT NULL,
    UNIQUE (organisation, fingerprint)
);

CREATE INDEX recording_key_of_organisation ON recording_key (organisation, made_at);

-- How long recordings that end from here on are kept. Where there is no row, as long as the program says.
CREATE TABLE recording_rule (
    organisation  UUID    NOT NULL PRIMARY KEY REFERENCES organisation (id),
    days          BIGINT  NOT NULL CHECK (days > 0)
);

-- A support session as its agent keeps it, sealed.
CREATE TABLE recording (
    id            UUID    NOT NULL PRIMARY KEY,
    organisation  UUID    NOT NULL REFERENCES organisation (id),
    session       UUID    NOT NULL REFERENCES support_session (id),
    key           UUID    NOT NULL REFERENCES recording_key (id),
    begun_at      BIGINT  NOT NULL,
    -- The number of the next piece: 0 is the header's.
    next          BIGINT  NOT NULL DEFAULT 0 CHECK (next >= 0),
    bytes         BIGINT  NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    -- Over the hashes of all pieces so far.
    chain         BYTEA   CHECK (length(chain) = 32),
    ended_at      BIGINT ,
    -- What the agent says of all pieces. Absent from one that ended incomplete.
    manifest      BYTEA   CHECK (manifest IS NULL OR ended_at IS NOT NULL),
    keep_until    BIGINT  CHECK ((keep_until IS NULL) = (ended_at IS NULL)),
    -- Its pieces are gone from then on.
    deleted_at    BIGINT  CHECK (deleted_at IS NULL OR ended_at IS NOT NULL)
);

CREATE INDEX recording_of_organisation ON recording (organisation, begun_at);
CREATE INDEX recording_of_session ON recording (session);
CREATE INDEX recording_open ON recording (begun_at) WHERE ended_at IS NULL;
CREATE INDEX recording_kept ON recording (keep_until) WHERE deleted_at IS NULL;

CREATE TABLE recording_piece (
    recording     UUID    NOT NULL REFERENCES recording (id),
    number        BIGINT  NOT NULL CHECK (number >= 0),
    sha256        BYTEA   NOT NULL CHECK (length(sha256) = 32),
    content       BYTEA   NOT NULL CHECK (length(content) <= 1048576),
    PRIMARY KEY (recording, number)
);

-- Who was given a recording's pieces, and why, in their own words, sealed.
CREATE TABLE recording_play (
    id            UUID    NOT NULL PRIMARY KEY,
    recording     UUID    NOT NULL REFERENCES recording (id),
    account       UUID    NOT NULL REFERENCES account (id),
    reason        BYTEA   NOT NULL,
    at            BIGINT  NOT NULL
);

CREATE INDEX recording_play_of_recording ON recording_play (recording, at);
