-- What an account's browsers share, sealed by them to each other; and the list of these, signed by the account's key.
-- The server reads of both who signed them, and nothing else.
CREATE TABLE account_vault (
    account     UUID    NOT NULL PRIMARY KEY REFERENCES account (id),
    version     BIGINT  NOT NULL CHECK (version >= 1),
    -- Entries of the list that belong to this version.
    devices     BIGINT  NOT NULL,
    sealed      BYTEA   NOT NULL CHECK (length(sealed) <= 262144),
    changed_at  BIGINT  NOT NULL
);

CREATE TABLE account_device (
    account   UUID    NOT NULL REFERENCES account (id),
    idx       BIGINT  NOT NULL CHECK (idx BETWEEN 0 AND 511),
    entry     BYTEA   NOT NULL CHECK (length(entry) <= 512),
    added_at  BIGINT  NOT NULL,
    PRIMARY KEY (account, idx)
);

CREATE OR REPLACE FUNCTION refuse_change_of_devices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the list of devices is append-only';
END;
$$;

CREATE TRIGGER account_device_keeps_its_rows BEFORE DELETE OR UPDATE ON account_device
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_devices();

CREATE TRIGGER account_device_is_not_emptied BEFORE TRUNCATE ON account_device
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_devices();

-- Browsers that ask to be added. A session has one request, which goes with it.
CREATE TABLE device_request (
    id          UUID    NOT NULL PRIMARY KEY,
    account     UUID    NOT NULL REFERENCES account (id),
    session     BYTEA   NOT NULL UNIQUE REFERENCES web_session (id_hash) ON DELETE CASCADE,
    request     BYTEA   NOT NULL CHECK (length(request) <= 4096),
    asked_at    BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL
);

CREATE INDEX device_request_by_account ON device_request (account);
CREATE INDEX device_request_by_expiry ON device_request (expires_at);
