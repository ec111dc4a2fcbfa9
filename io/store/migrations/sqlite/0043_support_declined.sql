-- Whom a technician turned away. Their page is told so by its token; of themselves nothing is there any more.
CREATE TABLE support_request_declined (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    -- As the request had it.
    token        BLOB    NOT NULL CHECK (length(token) = 32),
    declined_at  INTEGER NOT NULL
) STRICT;
