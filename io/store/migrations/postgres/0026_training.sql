-- Who was trained in what, when, and until when that is good. A row that was entered by mistake is withdrawn, and stays.
CREATE TABLE training (
    id            UUID   NOT NULL PRIMARY KEY,
    organisation  UUID   NOT NULL REFERENCES organisation (id),
    account       UUID   NOT NULL REFERENCES account (id),
    topic         TEXT   NOT NULL CHECK (length(topic) <= 400),
    completed_at  BIGINT NOT NULL,
    good_until    BIGINT NOT NULL CHECK (good_until > completed_at),
    entered_by    UUID   NOT NULL REFERENCES account (id),
    entered_at    BIGINT NOT NULL,
    withdrawn_by  UUID   REFERENCES account (id),
    withdrawn_at  BIGINT CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);

CREATE INDEX training_of_organisation ON training (organisation, entered_at);
CREATE INDEX training_of_account ON training (account) WHERE withdrawn_at IS NULL;
