-- What an organisation asks after support sessions, as JSON. Where there is no row, what the program asks.
CREATE TABLE support_question (
    organisation  UUID    NOT NULL PRIMARY KEY REFERENCES organisation (id),
    questions     TEXT    NOT NULL CHECK (length(questions) <= 4000)
);

-- What whoever was helped said to them, each with its question, as JSON: ratings alone.
ALTER TABLE support_session ADD COLUMN answers TEXT CHECK (length(answers) <= 4000);
