-- Instants are microseconds since 1970 (UTC), durations microseconds, ids UUIDv7 in 16 bytes, hashes SHA-256.

CREATE TABLE organisation (
    id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
    id                BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation      BLOB    NOT NULL REFERENCES organisation (id),
    email             TEXT    NOT NULL,
    email_normalised  TEXT    NOT NULL,
    display_name      TEXT    NOT NULL,
    role              TEXT    NOT NULL,
    password          TEXT    NOT NULL,
    created_at        INTEGER NOT NULL,
    UNIQUE (organisation, email_normalised)
) STRICT;

CREATE TABLE setup_link (
    token_hash  BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER
) STRICT;

CREATE TABLE web_session (
    id_hash         BLOB    NOT NULL PRIMARY KEY CHECK (length(id_hash) = 32),
    account         BLOB    NOT NULL REFERENCES account (id),
    created_at      INTEGER NOT NULL,
    last_active_at  INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX web_session_by_account ON web_session (account);
CREATE INDEX web_session_by_expiry ON web_session (expires_at);

CREATE TABLE meeting (
    id                   BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation         BLOB    NOT NULL REFERENCES organisation (id),
    host                 BLOB    NOT NULL REFERENCES account (id),
    code                 INTEGER NOT NULL CHECK (code BETWEEN 0 AND 999999999),
    title                TEXT    NOT NULL,
    state                TEXT    NOT NULL CHECK (state IN ('scheduled', 'live', 'ended')),
    revision             INTEGER NOT NULL,
    invitation_verifier  BLOB    NOT NULL CHECK (length(invitation_verifier) = 32),
    created_at           INTEGER NOT NULL,
    starts_at            INTEGER,
    started_at           INTEGER,
    ended_at             INTEGER
) STRICT;

-- A code is free again when its meeting has ended.
CREATE UNIQUE INDEX meeting_by_code ON meeting (code) WHERE state <> 'ended';
CREATE INDEX meeting_by_host ON meeting (host, created_at);
CREATE INDEX meeting_live ON meeting (id) WHERE state = 'live';

CREATE TABLE participant (
    id                     BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    meeting                BLOB    NOT NULL REFERENCES meeting (id),
    credential_hash        BLOB    NOT NULL UNIQUE CHECK (length(credential_hash) = 32),
    display_name           TEXT    NOT NULL,
    account                BLOB    REFERENCES account (id),
    role                   TEXT    NOT NULL,
    admission              TEXT    NOT NULL,
    joined_at              INTEGER NOT NULL,
    admitted_at            INTEGER,
    left_at                INTEGER,
    connected              INTEGER NOT NULL CHECK (connected IN (0, 1)),
    connection_changed_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX participant_by_meeting ON participant (meeting, joined_at);
CREATE INDEX participant_with_a_place ON participant (meeting, joined_at) WHERE left_at IS NULL;
CREATE INDEX participant_gone ON participant (meeting, left_at) WHERE left_at IS NOT NULL;
CREATE INDEX participant_never_in ON participant (left_at) WHERE admitted_at IS NULL;
CREATE INDEX participant_connected ON participant (id) WHERE connected;

CREATE TABLE ticket (
    id_hash      BLOB    NOT NULL PRIMARY KEY CHECK (length(id_hash) = 32),
    participant  BLOB    NOT NULL REFERENCES participant (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('join', 'resume')),
    issued_at    INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    spent_at     INTEGER
) STRICT;

CREATE INDEX ticket_by_participant ON ticket (participant);
CREATE INDEX ticket_by_expiry ON ticket (expires_at);

CREATE TABLE idempotency (
    actor       BLOB    NOT NULL CHECK (length(actor) = 16),
    key         TEXT    NOT NULL,
    request     BLOB    NOT NULL CHECK (length(request) = 32),
    answer      TEXT    NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT;

CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

-- Entries in the order in which they became durable. AUTOINCREMENT: a position is never given twice.
CREATE TABLE audit_outbox (
    position  INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id        BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    log       BLOB,
    bytes     BLOB    NOT NULL CHECK (length(bytes) <= 8192)
) STRICT;

CREATE TRIGGER audit_outbox_keeps_its_rows BEFORE DELETE ON audit_outbox
BEGIN
    SELECT RAISE(ABORT, 'the audit outbox is append-only');
END;

CREATE TRIGGER audit_outbox_keeps_its_words BEFORE UPDATE ON audit_outbox
BEGIN
    SELECT RAISE(ABORT, 'the audit outbox is append-only');
END;

CREATE TABLE quality_session (
    participant    BLOB    NOT NULL REFERENCES participant (id),
    sid            TEXT    NOT NULL,
    path           TEXT    NOT NULL,
    dtls           TEXT    NOT NULL,
    srtp           TEXT    NOT NULL,
    round_trip     INTEGER,
    estimate       INTEGER,
    connected_for  INTEGER NOT NULL,
    recorded_at    INTEGER NOT NULL,
    PRIMARY KEY (participant, sid)
) STRICT;

CREATE TABLE quality_track (
    participant         BLOB    NOT NULL,
    session             TEXT    NOT NULL,
    sid                 TEXT    NOT NULL,
    direction           TEXT    NOT NULL CHECK (direction IN ('published', 'subscribed')),
    kind                TEXT    NOT NULL,
    codec               TEXT    NOT NULL,
    layer               TEXT    NOT NULL,
    packets             INTEGER NOT NULL,
    bytes               INTEGER NOT NULL,
    bitrate             INTEGER NOT NULL,
    lost                INTEGER NOT NULL,
    jitter              INTEGER NOT NULL,
    round_trip          INTEGER,
    nacks               INTEGER NOT NULL,
    key_frame_requests  INTEGER NOT NULL,
    PRIMARY KEY (participant, session, sid, direction),
    FOREIGN KEY (participant, session) REFERENCES quality_session (participant, sid)
) STRICT;

-- Written to find out whether the database can write.
CREATE TABLE probe (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    times  INTEGER NOT NULL
) STRICT;
