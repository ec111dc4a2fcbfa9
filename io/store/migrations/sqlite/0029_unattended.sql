-- Computers that are helped when nobody is there. Their private keys are at the computers alone.
CREATE TABLE support_device (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation  BLOB    NOT NULL REFERENCES organisation (id),
    name          TEXT    NOT NULL,
    signing_key   BLOB    NOT NULL UNIQUE CHECK (length(signing_key) = 32),
    sealing_key   BLOB    NOT NULL CHECK (length(sealing_key) = 1216),
    enrolled_by   BLOB    NOT NULL REFERENCES account (id),
    enrolled_at   INTEGER NOT NULL,
    revoked_at    INTEGER
) STRICT;

CREATE INDEX support_device_of_organisation ON support_device (organisation, name) WHERE revoked_at IS NULL;

-- Links by which a computer says who it is, once.
CREATE TABLE support_enrolment (
    token         BLOB    NOT NULL PRIMARY KEY CHECK (length(token) = 32),
    organisation  BLOB    NOT NULL REFERENCES organisation (id),
    made_by       BLOB    NOT NULL REFERENCES account (id),
    expires_at    INTEGER NOT NULL
) STRICT;

-- Who may help at which of them.
CREATE TABLE support_grant (
    device      BLOB    NOT NULL REFERENCES support_device (id),
    account     BLOB    NOT NULL REFERENCES account (id),
    granted_by  BLOB    NOT NULL REFERENCES account (id),
    granted_at  INTEGER NOT NULL,
    PRIMARY KEY (device, account)
) STRICT;

CREATE INDEX support_grant_of_account ON support_grant (account);

-- Sessions at them.
CREATE TABLE support_unattended (
    session  BLOB NOT NULL PRIMARY KEY REFERENCES support_session (id),
    device   BLOB NOT NULL REFERENCES support_device (id)
) STRICT;

CREATE INDEX support_unattended_at_device ON support_unattended (device);

-- The healthcare profile has it off: where it is on, nobody can say so but by turning it on again.
UPDATE policy_layer
SET settings = json_patch(settings, '{"support_unattended":{"value":false,"locked":true}}')
WHERE kind = 'organisation'
  AND organisation IN (SELECT id FROM organisation WHERE profile_since IS NOT NULL);

UPDATE organisation SET policy_revision = policy_revision + 1 WHERE profile_since IS NOT NULL;
