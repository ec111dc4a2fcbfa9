-- Whether whoever holds the invitation's link comes straight in: not since somebody was turned away or put out.
ALTER TABLE meeting ADD COLUMN link_admits INTEGER NOT NULL DEFAULT 1 CHECK (link_admits IN (0, 1));

-- What is looked through wherever a participant is forgotten.
CREATE INDEX mls_leaf_by_participant ON mls_leaf (participant);
CREATE INDEX mls_commit_by_sender ON mls_commit (sender);
