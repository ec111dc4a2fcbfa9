-- The organisation's sealed codes: by one of them, and an account's own address, somebody signs in for emergency access when
-- nothing else signs them in. One set counts; a later one takes its place.
CREATE TABLE emergency_code_set (
    organisation  BLOB    NOT NULL PRIMARY KEY REFERENCES organisation (id),
    made_at       INTEGER NOT NULL,
    made_by       BLOB    NOT NULL REFERENCES account (id)
) STRICT;

CREATE TABLE emergency_code (
    organisation  BLOB    NOT NULL REFERENCES emergency_code_set (organisation),
    -- As it is printed beside it.
    number        INTEGER NOT NULL CHECK (number > 0),
    code_hash     BLOB    NOT NULL CHECK (length(code_hash) = 32),
    used_at       INTEGER,
    used_by       BLOB    REFERENCES account (id) CHECK ((used_by IS NULL) = (used_at IS NULL)),
    PRIMARY KEY (organisation, number)
) STRICT;
