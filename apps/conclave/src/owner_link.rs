//! The one-time link that makes the owner: printed at start, as long as there is none.

use conclave_audit::{Actor, Event};
use conclave_policy::setup_link::SetupLink;
use conclave_store::action::PrintSetupLink;
use conclave_store::{ReadError, Refused, Store, WriteError};

use crate::secret::{self, NoRandomness};
use crate::{Clock, recorded};

/// Why no link could be made; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OwnerLinkError {
    #[error("whether there is an owner could not be read")]
    Read(#[from] ReadError),
    #[error("the owner's link could not be written")]
    Write(#[from] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// The link below `origin`, with its secret in the fragment, which browsers send to nobody.
/// `None` when there is an owner.
pub(crate) async fn make(
    store: &Store,
    clock: &Clock,
    origin: &str,
) -> Result<Option<String>, OwnerLinkError> {
    if store.owner_exists().await? {
        return Ok(None);
    }
    let now = clock.now();
    let (token, hash) = secret::fresh()?;
    let entry = recorded::entry(now, Actor::Operator, Event::SystemSetupLink)?;
    let act = PrintSetupLink {
        token: hash,
        at: now,
        expires_at: SetupLink::printed_at(now).expires_at,
    };
    match store.write(act, entry).await {
        Err(WriteError::Refused(Refused::OwnerExists)) => Ok(None),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(Some(format!("{origin}/setup#{token}"))),
    }
}
