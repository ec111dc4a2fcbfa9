-- The last audit entry that the operator's collector has.
CREATE TABLE collector (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL
) STRICT;
