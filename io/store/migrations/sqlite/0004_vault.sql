-- What an account's browsers share, sealed by them to each other; and the list of these, signed by the account's key.
-- The server reads of both who signed them, and nothing else.
CREATE TABLE account_vault (
    account     BLOB    NOT NULL PRIMARY KEY REFERENCES account (id),
    version     INTEGER NOT NULL CHECK (version >= 1),
    -- Entries of the list that belong to this version.
    devices     INTEGER NOT NULL,
    sealed      BLOB    NOT NULL CHECK (length(sealed) <= 262144),
    changed_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE account_device (
    account   BLOB    NOT NULL REFERENCES account (id),
    idx       INTEGER NOT NULL CHECK (idx BETWEEN 0 AND 511),
    entry     BLOB    NOT NULL CHECK (length(entry) <= 512),
    added_at  INTEGER NOT NULL,
    PRIMARY KEY (account, idx)
) STRICT;

CREATE TRIGGER account_device_keeps_its_rows BEFORE DELETE ON account_device
BEGIN
    SELECT RAISE(ABORT, 'the list of devices is append-only');
END;

CREATE TRIGGER account_device_keeps_its_words BEFORE UPDATE ON account_device
BEGIN
    SELECT RAISE(ABORT, 'the list of devices is append-only');
END;

-- Browsers that ask to be added. A session has one request, which goes with it.
CREATE TABLE device_request (
    id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    account     BLOB    NOT NULL REFERENCES account (id),
    session     BLOB    NOT NULL UNIQUE REFERENCES web_session (id_hash) ON DELETE CASCADE,
    request     BLOB    NOT NULL CHECK (length(request) <= 4096),
    asked_at    INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX device_request_by_account ON device_request (account);
CREATE INDEX device_request_by_expiry ON device_request (expires_at);
