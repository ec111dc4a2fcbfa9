-- When the server read all of it last.
ALTER TABLE recording ADD COLUMN looked_at BIGINT CHECK (looked_at IS NULL OR ended_at IS NOT NULL);
-- When it was found that what is kept is not what came.
ALTER TABLE recording ADD COLUMN damaged_at BIGINT CHECK (damaged_at IS NULL OR ended_at IS NOT NULL);

CREATE INDEX recording_looked_at ON recording (looked_at)
    WHERE ended_at IS NOT NULL AND deleted_at IS NULL AND damaged_at IS NULL;
CREATE INDEX recording_damaged ON recording (damaged_at) WHERE damaged_at IS NOT NULL AND deleted_at IS NULL;
