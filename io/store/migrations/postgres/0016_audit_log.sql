-- The logs: one of each organisation, one of the installation (whose organisation is absent).
CREATE TABLE audit_log (
    number  BIGINT  NOT NULL PRIMARY KEY,
    log     UUID    UNIQUE,
    -- As checkpoints name it, for as long as the log lives.
    origin  TEXT    NOT NULL UNIQUE
);

-- Where in its log each entry of the outbox stands. Its bytes stay in the outbox; what is searched for stands here as well.
CREATE TABLE audit_entry (
    position  BIGINT  NOT NULL PRIMARY KEY REFERENCES audit_outbox (position),
    log       BIGINT  NOT NULL REFERENCES audit_log (number),
    seq       BIGINT  NOT NULL CHECK (seq >= 0),
    hash      BYTEA   NOT NULL CHECK (length(hash) = 32),
    at        BIGINT  NOT NULL,
    event     TEXT    COLLATE "C" NOT NULL,
    outcome   TEXT    NOT NULL,
    actor     UUID,
    object    UUID,
    UNIQUE (log, seq)
);

CREATE INDEX audit_entry_by_event ON audit_entry (log, event, seq);
CREATE INDEX audit_entry_by_actor ON audit_entry (log, actor, seq) WHERE actor IS NOT NULL;
CREATE INDEX audit_entry_by_object ON audit_entry (log, object, seq) WHERE object IS NOT NULL;

-- The hashes that tiles of the levels above the entries' are made of: each is that of a full tile of the level below.
CREATE TABLE audit_tile (
    log    BIGINT  NOT NULL REFERENCES audit_log (number),
    level  BIGINT  NOT NULL CHECK (level BETWEEN 1 AND 6),
    idx    BIGINT  NOT NULL CHECK (idx >= 0),
    hash   BYTEA   NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (log, level, idx)
);

-- Every one that was signed: of one size there is one.
CREATE TABLE audit_checkpoint (
    log   BIGINT  NOT NULL REFERENCES audit_log (number),
    size  BIGINT  NOT NULL CHECK (size > 0),
    root  BYTEA   NOT NULL CHECK (length(root) = 32),
    note  TEXT    NOT NULL,
    PRIMARY KEY (log, size)
);

CREATE OR REPLACE FUNCTION refuse_change_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END;
$$;

CREATE TRIGGER audit_log_keeps_its_rows BEFORE DELETE OR UPDATE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_log();

CREATE TRIGGER audit_log_is_not_emptied BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log();

CREATE TRIGGER audit_entry_keeps_its_rows BEFORE DELETE OR UPDATE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_log();

CREATE TRIGGER audit_entry_is_not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log();

CREATE TRIGGER audit_tile_keeps_its_rows BEFORE DELETE OR UPDATE ON audit_tile
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_log();

CREATE TRIGGER audit_tile_is_not_emptied BEFORE TRUNCATE ON audit_tile
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log();

CREATE TRIGGER audit_checkpoint_keeps_its_rows BEFORE DELETE OR UPDATE ON audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_log();

CREATE TRIGGER audit_checkpoint_is_not_emptied BEFORE TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log();
