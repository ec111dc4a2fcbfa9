-- The latest moment that a server at this database has told, so that none begins before it.
CREATE TABLE server_time (
    id  INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    at  INTEGER NOT NULL
) STRICT;

-- What happened in a time, by the entries' own clocks, which are not quite in the order of their numbers.
CREATE INDEX audit_entry_by_time ON audit_entry (log, at, seq);
