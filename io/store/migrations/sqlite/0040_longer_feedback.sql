-- What whoever was helped says in words, sealed, is longer than ratings are.
ALTER TABLE recording RENAME COLUMN feedback TO feedback_short;
ALTER TABLE recording ADD COLUMN feedback BLOB CHECK (length(feedback) <= 8448);
UPDATE recording SET feedback = feedback_short WHERE feedback_short IS NOT NULL;
ALTER TABLE recording DROP COLUMN feedback_short;
