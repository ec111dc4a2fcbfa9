//! Members' MLS messages, of which the delivery service reads the framing.

use conclave_policy::delivery::MOST_MEMBERS;
use conclave_policy::delivery::framing::{Sender, read_commit, read_group_info};

/// What is read is within bounds, and one message is of one kind only.
pub(crate) fn mls_message(bytes: &[u8]) {
    let commit = read_commit(bytes);
    if let Ok(commit) = &commit {
        let changes = &commit.changes;
        assert!(changes.references.len() + changes.removes.len() <= MOST_MEMBERS);
        if commit.sender == Sender::Joiner {
            assert!(changes.references.is_empty() && !changes.context);
            assert!(changes.removes.len() <= 1);
        }
    }
    let info = read_group_info(bytes);
    assert!(commit.is_err() || info.is_err());
    // Nothing may follow.
    let longer = [bytes, &[0]].concat();
    assert!(commit.is_err() || read_commit(&longer).is_err());
    assert!(info.is_err() || read_group_info(&longer).is_err());
}
