-- A meeting's MLS group, for delivering its members' messages. What the group protects is not here.
-- Of one that has ended the name stays, so that it is never used again.
CREATE TABLE mls_group (
    id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    meeting     BLOB    NOT NULL REFERENCES meeting (id),
    epoch       INTEGER NOT NULL,
    group_info  BLOB    NOT NULL CHECK (length(group_info) <= 1048576),
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    ended_at    INTEGER
) STRICT;

CREATE UNIQUE INDEX mls_group_of_meeting ON mls_group (meeting) WHERE ended_at IS NULL;

CREATE TABLE mls_leaf (
    mls_group    BLOB    NOT NULL REFERENCES mls_group (id),
    leaf         INTEGER NOT NULL,
    participant  BLOB    NOT NULL REFERENCES participant (id),
    since        INTEGER NOT NULL,
    PRIMARY KEY (mls_group, leaf)
) STRICT;

CREATE TABLE mls_commit (
    mls_group  BLOB    NOT NULL REFERENCES mls_group (id),
    epoch      INTEGER NOT NULL,
    sender     BLOB    NOT NULL REFERENCES participant (id),
    message    BLOB    NOT NULL CHECK (length(message) <= 524288),
    PRIMARY KEY (mls_group, epoch)
) STRICT;
