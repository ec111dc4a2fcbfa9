-- What whoever was helped thinks of it, sealed by their agent as the recording is that the session ended with.
ALTER TABLE recording ADD COLUMN feedback BYTEA CHECK (length(feedback) <= 512);
ALTER TABLE recording ADD COLUMN feedback_sha256 BYTEA CHECK (length(feedback_sha256) = 32);
-- Of a session's recordings the last one waits for it; those of before this was kept wait for none.
ALTER TABLE recording ADD COLUMN feedback_state TEXT NOT NULL DEFAULT 'elsewhere'
    CHECK (feedback_state IN ('elsewhere', 'awaited', 'kept', 'missing'));

CREATE INDEX recording_awaits_feedback ON recording (begun_at) WHERE feedback_state = 'awaited';
