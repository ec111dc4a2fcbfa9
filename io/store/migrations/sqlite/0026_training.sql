-- Who was trained in what, when, and until when that is good. A row that was entered by mistake is withdrawn, and stays.
CREATE TABLE training (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation  BLOB    NOT NULL REFERENCES organisation (id),
    account       BLOB    NOT NULL REFERENCES account (id),
    topic         TEXT    NOT NULL CHECK (length(topic) <= 400),
    completed_at  INTEGER NOT NULL,
    good_until    INTEGER NOT NULL CHECK (good_until > completed_at),
    entered_by    BLOB    NOT NULL REFERENCES account (id),
    entered_at    INTEGER NOT NULL,
    withdrawn_by  BLOB    REFERENCES account (id),
    withdrawn_at  INTEGER CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
) STRICT;

CREATE INDEX training_of_organisation ON training (organisation, entered_at);
CREATE INDEX training_of_account ON training (account) WHERE withdrawn_at IS NULL;
