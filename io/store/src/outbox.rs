//! The audit outbox: where entries become durable, in order, beside what they tell of.

use conclave_audit::{Entry, Unwritable};
use conclave_protocol::OrganisationId;
use uuid::Uuid;

use crate::engine::{Link, statements};

/// An entry in the form in which it is kept.
pub(crate) struct Leaf {
    id: Uuid,
    log: Option<OrganisationId>,
    bytes: Vec<u8>,
}

impl Leaf {
    pub(crate) fn of(entry: &Entry) -> Result<Self, Unwritable> {
        Ok(Self {
            id: entry.id,
            log: entry.org.map(OrganisationId),
            bytes: entry.to_canonical()?,
        })
    }

    pub(crate) async fn append(self, link: &mut Link<'_>) -> Result<(), sqlx::Error> {
        append(link, self.id, self.log, self.bytes).await?;
        Ok(())
    }

    /// Whether the entry is on record.
    pub(crate) async fn is_recorded(&self, link: &mut Link<'_>) -> Result<bool, sqlx::Error> {
        Ok(is_recorded(link, self.id).await?.is_some())
    }
}

statements! {
    execute append(id: Uuid, log: Option<OrganisationId>, bytes: Vec<u8>)
        = "INSERT INTO audit_outbox (id, log, bytes) VALUES ($1, $2, $3)";

    optional is_recorded(id: Uuid) -> (bool,)
        = "SELECT TRUE FROM audit_outbox WHERE id = $1";
}
