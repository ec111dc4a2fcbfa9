-- What whoever is helped in a session is asked afterwards, as JSON: what its organisation asked as it was opened. `NULL`: what
-- the program asks.
ALTER TABLE support_session ADD COLUMN questions TEXT CHECK (length(questions) <= 4000);

UPDATE support_session SET questions = (
    SELECT q.questions FROM support_question q WHERE q.organisation = support_session.organisation
) WHERE feedback_at IS NULL;
