-- A host lets nobody new in.
ALTER TABLE meeting ADD COLUMN locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1));
