-- When a meeting takes place, in its host's words, as JSON; how often that was changed; the first of those that follow each
-- other with one code (absent: it is the first); and when the last of all begins.
ALTER TABLE meeting ADD COLUMN schedule TEXT CHECK (length(schedule) <= 16384);
ALTER TABLE meeting ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meeting ADD COLUMN series BLOB;
ALTER TABLE meeting ADD COLUMN last_begins INTEGER;

-- Until then the link alone lets nobody straight in who is not signed in: many machines tried the door.
ALTER TABLE meeting ADD COLUMN guarded_until INTEGER;
