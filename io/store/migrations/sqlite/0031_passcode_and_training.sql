-- How often its passcode was changed: which of those that follow from its link holds.
ALTER TABLE meeting ADD COLUMN passcode_number INTEGER NOT NULL DEFAULT 0 CHECK (passcode_number >= 0);

-- By the word of who was trained; absent until they give it.
ALTER TABLE training ADD COLUMN acknowledged_at INTEGER;

-- A code that led to a meeting leads to no other one: whoever still has its invitation would come to strangers.
CREATE INDEX meeting_by_former_code ON meeting (code) WHERE state = 'ended';
