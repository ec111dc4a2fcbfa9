-- The last audit entry that the operator's collector has.
CREATE TABLE collector (
    id       BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    position BIGINT NOT NULL
);
