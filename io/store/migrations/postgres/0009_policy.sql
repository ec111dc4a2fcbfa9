-- Who may what: groups of accounts, and what organisation, groups and accounts say, as JSON by setting.
CREATE TABLE account_group (
    id             UUID    NOT NULL PRIMARY KEY,
    organisation   UUID    NOT NULL REFERENCES organisation (id),
    name           TEXT    NOT NULL,
    name_folded    TEXT    NOT NULL,
    created_at     BIGINT NOT NULL,
    UNIQUE (organisation, name_folded)
);

CREATE TABLE account_group_member (
    account        UUID    NOT NULL REFERENCES account (id),
    account_group  UUID    NOT NULL REFERENCES account_group (id) ON DELETE CASCADE,
    PRIMARY KEY (account, account_group)
);

CREATE INDEX account_group_member_by_group ON account_group_member (account_group);

CREATE TABLE policy_layer (
    organisation  UUID    NOT NULL REFERENCES organisation (id),
    -- Of the organisation, group or account.
    subject       UUID    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('organisation', 'group', 'account')),
    settings      TEXT    NOT NULL CHECK (length(settings) <= 4096),
    PRIMARY KEY (organisation, subject)
);

-- Rises with each change of a layer, a group or a membership.
ALTER TABLE organisation ADD COLUMN policy_revision BIGINT NOT NULL DEFAULT 0;
-- Since when the healthcare profile is on, and who asks to leave it.
ALTER TABLE organisation ADD COLUMN profile_since BIGINT;
ALTER TABLE organisation ADD COLUMN profile_leave_by UUID;
ALTER TABLE organisation ADD COLUMN profile_leave_at BIGINT;
-- What is kept of it: as its host's policy was when it was made, so that nobody changes it under who is in.
ALTER TABLE meeting ADD COLUMN data_mode TEXT NOT NULL DEFAULT 'conduit' CHECK (data_mode IN ('conduit', 'retain', 'archive'));
