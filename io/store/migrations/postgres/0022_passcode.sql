-- Came with the link, or has shown since that they know the passcode.
ALTER TABLE participant ADD COLUMN proven BOOLEAN NOT NULL DEFAULT FALSE;
