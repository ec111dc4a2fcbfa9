//! What an entry is found by: read from its bytes, whatever else is in them.

use conclave_audit::EntryTime;
use serde::Deserialize;
use uuid::Uuid;

/// The members that every version of an entry has.
#[derive(Deserialize)]
pub(super) struct Searched {
    pub(super) time: EntryTime,
    pub(super) event: String,
    pub(super) outcome: String,
    actor: Identified,
    #[serde(default)]
    object: Option<Identified>,
}

#[derive(Deserialize)]
struct Identified {
    #[serde(default)]
    id: Option<Uuid>,
}

impl Searched {
    pub(super) fn read(entry: &[u8]) -> Option<Self> {
        serde_json::from_slice(entry).ok()
    }

    /// Absent where nobody with an identity acted.
    pub(super) fn actor(&self) -> Option<Uuid> {
        self.actor.id
    }

    pub(super) fn object(&self) -> Option<Uuid> {
        self.object.as_ref().and_then(|object| object.id)
    }
}
