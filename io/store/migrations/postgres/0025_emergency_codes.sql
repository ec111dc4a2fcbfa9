-- The organisation's sealed codes: by one of them, and an account's own address, somebody signs in for emergency access when
-- nothing else signs them in. One set counts; a later one takes its place.
CREATE TABLE emergency_code_set (
    organisation  UUID   NOT NULL PRIMARY KEY REFERENCES organisation (id),
    made_at       BIGINT NOT NULL,
    made_by       UUID   NOT NULL REFERENCES account (id)
);

CREATE TABLE emergency_code (
    organisation  UUID   NOT NULL REFERENCES emergency_code_set (organisation),
    -- As it is printed beside it.
    number        BIGINT NOT NULL CHECK (number > 0),
    code_hash     BYTEA  NOT NULL CHECK (length(code_hash) = 32),
    used_at       BIGINT,
    used_by       UUID   REFERENCES account (id) CHECK ((used_by IS NULL) = (used_at IS NULL)),
    PRIMARY KEY (organisation, number)
);
