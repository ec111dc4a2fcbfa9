-- Who sees to what was decided, and when somebody decides anew; absent of what was decided before.
ALTER TABLE evidence_decision ADD COLUMN owner TEXT CHECK (length(owner) <= 64);
ALTER TABLE evidence_decision ADD COLUMN due INTEGER;
