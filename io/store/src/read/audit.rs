//! The audit outbox: entries in the order in which they became durable.

use conclave_protocol::OrganisationId;

use crate::engine::{row, statements};

row! {
    /// One entry as it was written.
    pub struct Recorded {
        /// Rises with every entry of the installation, with gaps.
        pub position: i64,
        /// The organisation's log that it belongs to; absent for the installation's.
        pub log: Option<OrganisationId>,
        /// [`conclave_audit::Entry::to_canonical`].
        pub bytes: Vec<u8>,
    }
}

statements! {
    all recorded_after(position: i64, most: u32) -> Recorded
        = "SELECT position, log, bytes FROM audit_outbox
           WHERE position > $1 ORDER BY position LIMIT $2";

    optional collected() -> (i64,)
        = "SELECT position FROM collector";
    optional last_recorded() -> (Vec<u8>,)
        = "SELECT bytes FROM audit_outbox ORDER BY position DESC LIMIT 1";
}
