-- A meeting's MLS group, for delivering its members' messages. What the group protects is not here.
-- Of one that has ended the name stays, so that it is never used again.
CREATE TABLE mls_group (
    id          UUID    NOT NULL PRIMARY KEY,
    meeting     UUID    NOT NULL REFERENCES meeting (id),
    epoch       BIGINT  NOT NULL,
    group_info  BYTEA   NOT NULL CHECK (length(group_info) <= 1048576),
    created_at  BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL,
    ended_at    BIGINT
);

CREATE UNIQUE INDEX mls_group_of_meeting ON mls_group (meeting) WHERE ended_at IS NULL;

CREATE TABLE mls_leaf (
    mls_group    UUID    NOT NULL REFERENCES mls_group (id),
    leaf         BIGINT  NOT NULL,
    participant  UUID    NOT NULL REFERENCES participant (id),
    since        BIGINT  NOT NULL,
    PRIMARY KEY (mls_group, leaf)
);

CREATE TABLE mls_commit (
    mls_group  UUID    NOT NULL REFERENCES mls_group (id),
    epoch      BIGINT  NOT NULL,
    sender     UUID    NOT NULL REFERENCES participant (id),
    message    BYTEA   NOT NULL CHECK (length(message) <= 524288),
    PRIMARY KEY (mls_group, epoch)
);
