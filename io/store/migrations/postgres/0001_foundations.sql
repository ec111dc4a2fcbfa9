-- Instants are microseconds since 1970 (UTC), durations microseconds, ids UUIDv7, hashes SHA-256.

CREATE TABLE organisation (
    id          UUID    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL
);

CREATE TABLE account (
    id                UUID    NOT NULL PRIMARY KEY,
    organisation      UUID    NOT NULL REFERENCES organisation (id),
    email             TEXT    NOT NULL,
    email_normalised  TEXT    NOT NULL,
    display_name      TEXT    NOT NULL,
    role              TEXT    NOT NULL,
    password          TEXT    NOT NULL,
    created_at        BIGINT  NOT NULL,
    UNIQUE (organisation, email_normalised)
);

CREATE TABLE setup_link (
    token_hash  BYTEA   NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    created_at  BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    used_at     BIGINT
);

CREATE TABLE web_session (
    id_hash         BYTEA   NOT NULL PRIMARY KEY CHECK (length(id_hash) = 32),
    account         UUID    NOT NULL REFERENCES account (id),
    created_at      BIGINT  NOT NULL,
    last_active_at  BIGINT  NOT NULL,
    expires_at      BIGINT  NOT NULL
);

CREATE INDEX web_session_by_account ON web_session (account);
CREATE INDEX web_session_by_expiry ON web_session (expires_at);

CREATE TABLE meeting (
    id                   UUID    NOT NULL PRIMARY KEY,
    organisation         UUID    NOT NULL REFERENCES organisation (id),
    host                 UUID    NOT NULL REFERENCES account (id),
    code                 BIGINT  NOT NULL CHECK (code BETWEEN 0 AND 999999999),
    title                TEXT    NOT NULL,
    state                TEXT    NOT NULL CHECK (state IN ('scheduled', 'live', 'ended')),
    revision             BIGINT  NOT NULL,
    invitation_verifier  BYTEA   NOT NULL CHECK (length(invitation_verifier) = 32),
    created_at           BIGINT  NOT NULL,
    starts_at            BIGINT,
    started_at           BIGINT,
    ended_at             BIGINT
);

-- A code is free again when its meeting has ended.
CREATE UNIQUE INDEX meeting_by_code ON meeting (code) WHERE state <> 'ended';
CREATE INDEX meeting_by_host ON meeting (host, created_at);
CREATE INDEX meeting_live ON meeting (id) WHERE state = 'live';

CREATE TABLE participant (
    id                     UUID    NOT NULL PRIMARY KEY,
    meeting                UUID    NOT NULL REFERENCES meeting (id),
    credential_hash        BYTEA   NOT NULL UNIQUE CHECK (length(credential_hash) = 32),
    display_name           TEXT    NOT NULL,
    account                UUID    REFERENCES account (id),
    role                   TEXT    NOT NULL,
    admission              TEXT    NOT NULL,
    joined_at              BIGINT  NOT NULL,
    admitted_at            BIGINT,
    left_at                BIGINT,
    connected              BOOLEAN NOT NULL,
    connection_changed_at  BIGINT  NOT NULL
);

CREATE INDEX participant_by_meeting ON participant (meeting, joined_at);
CREATE INDEX participant_with_a_place ON participant (meeting, joined_at) WHERE left_at IS NULL;
CREATE INDEX participant_gone ON participant (meeting, left_at) WHERE left_at IS NOT NULL;
CREATE INDEX participant_never_in ON participant (left_at) WHERE admitted_at IS NULL;
CREATE INDEX participant_connected ON participant (id) WHERE connected;

CREATE TABLE ticket (
    id_hash      BYTEA   NOT NULL PRIMARY KEY CHECK (length(id_hash) = 32),
    participant  UUID    NOT NULL REFERENCES participant (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('join', 'resume')),
    issued_at    BIGINT  NOT NULL,
    expires_at   BIGINT  NOT NULL,
    spent_at     BIGINT
);

CREATE INDEX ticket_by_participant ON ticket (participant);
CREATE INDEX ticket_by_expiry ON ticket (expires_at);

CREATE TABLE idempotency (
    actor       UUID    NOT NULL,
    key         TEXT    NOT NULL,
    request     BYTEA   NOT NULL CHECK (length(request) = 32),
    answer      TEXT    NOT NULL,
    expires_at  BIGINT  NOT NULL,
    PRIMARY KEY (actor, key)
);

CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

-- Entries in the order in which they became durable. A position is never given twice; a write that failed leaves a gap.
CREATE TABLE audit_outbox (
    position  BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id        UUID    NOT NULL UNIQUE,
    log       UUID,
    bytes     BYTEA   NOT NULL CHECK (length(bytes) <= 8192)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit outbox is append-only';
END;
$$;

CREATE TRIGGER audit_outbox_keeps_its_rows BEFORE DELETE OR UPDATE ON audit_outbox
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_outbox_is_not_emptied BEFORE TRUNCATE ON audit_outbox
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE quality_session (
    participant    UUID    NOT NULL REFERENCES participant (id),
    sid            TEXT    NOT NULL,
    path           TEXT    NOT NULL,
    dtls           TEXT    NOT NULL,
    srtp           TEXT    NOT NULL,
    round_trip     BIGINT,
    estimate       BIGINT,
    connected_for  BIGINT  NOT NULL,
    recorded_at    BIGINT  NOT NULL,
    PRIMARY KEY (participant, sid)
);

CREATE TABLE quality_track (
    participant         UUID    NOT NULL,
    session             TEXT    NOT NULL,
    sid                 TEXT    NOT NULL,
    direction           TEXT    NOT NULL CHECK (direction IN ('published', 'subscribed')),
    kind                TEXT    NOT NULL,
    codec               TEXT    NOT NULL,
    layer               TEXT    NOT NULL,
    packets             BIGINT  NOT NULL,
    bytes               BIGINT  NOT NULL,
    bitrate             BIGINT  NOT NULL,
    lost                BIGINT  NOT NULL,
    jitter              BIGINT  NOT NULL,
    round_trip          BIGINT,
    nacks               BIGINT  NOT NULL,
    key_frame_requests  BIGINT  NOT NULL,
    PRIMARY KEY (participant, session, sid, direction),
    FOREIGN KEY (participant, session) REFERENCES quality_session (participant, sid)
);

-- Written to find out whether the database can write.
CREATE TABLE probe (
    id     BIGINT  NOT NULL PRIMARY KEY CHECK (id = 1),
    times  BIGINT  NOT NULL
);
