-- The logs: one of each organisation, one of the installation (whose organisation is absent).
CREATE TABLE audit_log (
    number  INTEGER NOT NULL PRIMARY KEY,
    log     BLOB    UNIQUE CHECK (length(log) = 16),
    -- As checkpoints name it, for as long as the log lives.
    origin  TEXT    NOT NULL UNIQUE
) STRICT;

-- Where in its log each entry of the outbox stands. Its bytes stay in the outbox; what is searched for stands here as well.
CREATE TABLE audit_entry (
    position  INTEGER NOT NULL PRIMARY KEY REFERENCES audit_outbox (position),
    log       INTEGER NOT NULL REFERENCES audit_log (number),
    seq       INTEGER NOT NULL CHECK (seq >= 0),
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    at        INTEGER NOT NULL,
    event     TEXT    NOT NULL,
    outcome   TEXT    NOT NULL,
    actor     BLOB,
    object    BLOB,
    UNIQUE (log, seq)
) STRICT;

CREATE INDEX audit_entry_by_event ON audit_entry (log, event, seq);
CREATE INDEX audit_entry_by_actor ON audit_entry (log, actor, seq) WHERE actor IS NOT NULL;
CREATE INDEX audit_entry_by_object ON audit_entry (log, object, seq) WHERE object IS NOT NULL;

-- The hashes that tiles of the levels above the entries' are made of: each is that of a full tile of the level below.
CREATE TABLE audit_tile (
    log    INTEGER NOT NULL REFERENCES audit_log (number),
    level  INTEGER NOT NULL CHECK (level BETWEEN 1 AND 6),
    idx    INTEGER NOT NULL CHECK (idx >= 0),
    hash   BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (log, level, idx)
) STRICT, WITHOUT ROWID;

-- Every one that was signed: of one size there is one.
CREATE TABLE audit_checkpoint (
    log   INTEGER NOT NULL REFERENCES audit_log (number),
    size  INTEGER NOT NULL CHECK (size > 0),
    root  BLOB    NOT NULL CHECK (length(root) = 32),
    note  TEXT    NOT NULL,
    PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_log_keeps_its_rows BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_log_keeps_its_words BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_entry_keeps_its_rows BEFORE DELETE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_entry_keeps_its_words BEFORE UPDATE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_tile_keeps_its_rows BEFORE DELETE ON audit_tile
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_tile_keeps_its_words BEFORE UPDATE ON audit_tile
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_checkpoint_keeps_its_rows BEFORE DELETE ON audit_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_checkpoint_keeps_its_words BEFORE UPDATE ON audit_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
