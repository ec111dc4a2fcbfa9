-- Computers in meetings: each is offered a place by the participant who presents it, comes by a code, and is in as a
-- participant of its own kind for as long as its owner is.
CREATE TABLE companion (
    id            UUID    NOT NULL PRIMARY KEY,
    meeting       UUID    NOT NULL REFERENCES meeting (id),
    owner         UUID    NOT NULL REFERENCES participant (id),
    code_hash     BYTEA   NOT NULL UNIQUE CHECK (length(code_hash) = 32),
    offered_at    BIGINT  NOT NULL,
    -- Nobody comes by the code from then on.
    code_until    BIGINT  NOT NULL,
    -- The computer, once it has come.
    participant   UUID    UNIQUE REFERENCES participant (id),
    brought_at    BIGINT  CHECK ((brought_at IS NULL) = (participant IS NULL)),
    -- The participant whom its owner lets use it.
    controller    UUID,
    -- Rises with each choice.
    turn          BIGINT  NOT NULL DEFAULT 0 CHECK (turn >= 0),
    -- What the agent let be known, counted.
    facts         BIGINT  NOT NULL DEFAULT 0 CHECK (facts >= 0)
);

CREATE INDEX companion_of_owner ON companion (owner);
CREATE INDEX companion_in_meeting ON companion (meeting) WHERE participant IS NOT NULL;
