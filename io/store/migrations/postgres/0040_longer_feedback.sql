-- What whoever was helped says in words, sealed, is longer than ratings are.
ALTER TABLE recording DROP CONSTRAINT recording_feedback_check;
ALTER TABLE recording ADD CONSTRAINT recording_feedback_check CHECK (length(feedback) <= 8448);
