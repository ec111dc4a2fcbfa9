-- Whom a technician turned away. Their page is told so by its token; of themselves nothing is there any more.
CREATE TABLE support_request_declined (
    id           UUID    NOT NULL PRIMARY KEY,
    -- As the request had it.
    token        BYTEA   NOT NULL CHECK (length(token) = 32),
    declined_at  BIGINT  NOT NULL
);
