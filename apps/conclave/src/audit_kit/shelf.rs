//! Where a kit's parts are read: each with a connection of its own beside people's questions, for whoever takes the kit may be
//! slow.

use conclave_audit::TilePath;
use conclave_store::log::{LogHead, Logs, Signed};
use conclave_store::{ReadError, Store};

use super::{KitError, bundle};

pub(crate) enum Shelf {
    /// A connection that nobody else needs.
    Beside(Box<Logs>),
    /// The running server's.
    Server(Store),
}

impl Shelf {
    pub(super) async fn checkpoints(
        &mut self,
        log: &LogHead,
        larger_than: u64,
        most: u32,
    ) -> Result<Vec<Signed>, ReadError> {
        match self {
            Self::Beside(logs) => logs.checkpoints(log, larger_than, most).await,
            Self::Server(store) => {
                let mut logs = store.logs().await?;
                logs.checkpoints(log, larger_than, most).await
            }
        }
    }

    pub(super) async fn tile(
        &mut self,
        log: &LogHead,
        path: TilePath,
    ) -> Result<Vec<u8>, ReadError> {
        match self {
            Self::Beside(logs) => logs.tile(log, path).await,
            Self::Server(store) => {
                let mut logs = store.logs().await?;
                logs.tile(log, path).await
            }
        }
    }

    pub(super) async fn bundle(
        &mut self,
        log: &LogHead,
        path: TilePath,
    ) -> Result<Vec<u8>, KitError> {
        match self {
            Self::Beside(logs) => bundle(logs, log, path).await,
            Self::Server(store) => {
                let mut logs = store.logs().await?;
                bundle(&mut logs, log, path).await
            }
        }
    }
}
