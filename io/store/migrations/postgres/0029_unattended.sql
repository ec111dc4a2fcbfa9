-- Computers that are helped when nobody is there. Their private keys are at the computers alone.
CREATE TABLE support_device (
    id            UUID   NOT NULL PRIMARY KEY,
    organisation  UUID   NOT NULL REFERENCES organisation (id),
    name          TEXT   NOT NULL,
    signing_key   BYTEA  NOT NULL UNIQUE CHECK (length(signing_key) = 32),
    sealing_key   BYTEA  NOT NULL CHECK (length(sealing_key) = 1216),
    enrolled_by   UUID   NOT NULL REFERENCES account (id),
    enrolled_at   BIGINT NOT NULL,
    revoked_at    BIGINT
);

CREATE INDEX support_device_of_organisation ON support_device (organisation, name) WHERE revoked_at IS NULL;

-- Links by which a computer says who it is, once.
CREATE TABLE support_enrolment (
    token         BYTEA  NOT NULL PRIMARY KEY CHECK (length(token) = 32),
    organisation  UUID   NOT NULL REFERENCES organisation (id),
    made_by       UUID   NOT NULL REFERENCES account (id),
    expires_at    BIGINT NOT NULL
);

-- Who may help at which of them.
CREATE TABLE support_grant (
    device      UUID   NOT NULL REFERENCES support_device (id),
    account     UUID   NOT NULL REFERENCES account (id),
    granted_by  UUID   NOT NULL REFERENCES account (id),
    granted_at  BIGINT NOT NULL,
    PRIMARY KEY (device, account)
);

CREATE INDEX support_grant_of_account ON support_grant (account);

-- Sessions at them.
CREATE TABLE support_unattended (
    session  UUID NOT NULL PRIMARY KEY REFERENCES support_session (id),
    device   UUID NOT NULL REFERENCES support_device (id)
);

CREATE INDEX support_unattended_at_device ON support_unattended (device);

-- The healthcare profile has it off: where it is on, nobody can say so but by turning it on again.
UPDATE policy_layer
SET settings = CAST(CAST(settings AS JSONB) || CAST('{"support_unattended":{"value":false,"locked":true}}' AS JSONB) AS TEXT)
WHERE kind = 'organisation'
  AND organisation IN (SELECT id FROM organisation WHERE profile_since IS NOT NULL);

UPDATE organisation SET policy_revision = policy_revision + 1 WHERE profile_since IS NOT NULL;
