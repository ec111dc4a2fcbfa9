-- Computers in meetings: each is offered a place by the participant who presents it, comes by a code, and is in as a
-- participant of its own kind for as long as its owner is.
CREATE TABLE companion (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    meeting       BLOB    NOT NULL REFERENCES meeting (id),
    owner         BLOB    NOT NULL REFERENCES participant (id),
    code_hash     BLOB    NOT NULL UNIQUE CHECK (length(code_hash) = 32),
    offered_at    INTEGER NOT NULL,
    -- Nobody comes by the code from then on.
    code_until    INTEGER NOT NULL,
    -- The computer, once it has come.
    participant   BLOB    UNIQUE REFERENCES participant (id),
    brought_at    INTEGER CHECK ((brought_at IS NULL) = (participant IS NULL)),
    -- The participant whom its owner lets use it.
    controller    BLOB    CHECK (length(controller) = 16),
    -- Rises with each choice.
    turn          INTEGER NOT NULL DEFAULT 0 CHECK (turn >= 0),
    -- What the agent let be known, counted.
    facts         INTEGER NOT NULL DEFAULT 0 CHECK (facts >= 0)
) STRICT;

CREATE INDEX companion_of_owner ON companion (owner);
CREATE INDEX companion_in_meeting ON companion (meeting) WHERE participant IS NOT NULL;
