-- How many bytes of an organisation's recordings are kept: of all that are not deleted.
CREATE TABLE recording_total (
    organisation  BLOB    NOT NULL PRIMARY KEY REFERENCES organisation (id),
    bytes         INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT;

INSERT INTO recording_total (organisation, bytes)
    SELECT organisation, SUM(bytes) FROM recording WHERE deleted_at IS NULL GROUP BY organisation;

-- Its pieces are gone from then on: they go in steps, once it is deleted.
ALTER TABLE recording ADD COLUMN cleared_at INTEGER CHECK (cleared_at IS NULL OR deleted_at IS NOT NULL);

UPDATE recording SET cleared_at = deleted_at WHERE deleted_at IS NOT NULL;

CREATE INDEX recording_uncleared ON recording (deleted_at) WHERE cleared_at IS NULL AND deleted_at IS NOT NULL;
