-- Came with the link, or has shown since that they know the passcode.
ALTER TABLE participant ADD COLUMN proven INTEGER NOT NULL DEFAULT 0 CHECK (proven IN (0, 1));
