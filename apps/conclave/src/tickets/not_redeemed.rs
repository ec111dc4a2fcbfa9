//! A ticket that lets nobody in.

use conclave_audit::Entry;

use super::TicketRefusal;

/// Why, and what is to be recorded of it: a ticket that nobody signed is nobody's.
pub(crate) struct NotRedeemed {
    pub(crate) refusal: TicketRefusal,
    pub(crate) entry: Option<Box<Entry>>,
}

impl<Error: Into<TicketRefusal>> From<Error> for NotRedeemed {
    fn from(error: Error) -> Self {
        Self {
            refusal: error.into(),
            entry: None,
        }
    }
}
