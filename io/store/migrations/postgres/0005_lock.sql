-- A host lets nobody new in.
ALTER TABLE meeting ADD COLUMN locked BOOLEAN NOT NULL DEFAULT FALSE;
