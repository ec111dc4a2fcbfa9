//! Who signs checkpoints: a key that the store never sees.

use std::sync::Arc;

use conclave_audit::{Checkpoint, KeyName, LogOwner};
use conclave_protocol::OrganisationId;

/// Cheap to clone.
#[derive(Clone)]
pub struct Notary {
    host: KeyName,
    sign: Arc<dyn Fn(&Checkpoint) -> String + Send + Sync>,
}

impl Notary {
    /// `host` names the origins of logs that are begun from here on; `sign` makes a signed note of a checkpoint, under its
    /// origin as the key's name.
    pub fn new(
        host: KeyName,
        sign: impl Fn(&Checkpoint) -> String + Send + Sync + 'static,
    ) -> Self {
        Self {
            host,
            sign: Arc::new(sign),
        }
    }

    /// `None` for a host whose name is too long.
    pub(crate) fn origin(&self, log: Option<OrganisationId>) -> Option<KeyName> {
        let owner = log.map_or(LogOwner::Installation, |OrganisationId(id)| {
            LogOwner::Organisation(id)
        });
        owner.origin(self.host.as_str())
    }

    pub(crate) fn sign(&self, checkpoint: &Checkpoint) -> String {
        (self.sign)(checkpoint)
    }
}
