-- The newest entry of an event that came out so, however many came out otherwise since.
CREATE INDEX audit_entry_by_outcome ON audit_entry (log, event, outcome, seq);
