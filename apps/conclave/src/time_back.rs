//! The operator's way on where a clock that was far ahead has left a store that is ahead of the time. No server may run
//! meanwhile.

use std::time::Duration;

use conclave_audit::{Actor, Event};
use conclave_store::action::TakeBackTime;
use conclave_store::{Beside, OpenError, Options, ReadError, Store, WriteError};

use crate::secret::NoRandomness;
use crate::{Clock, Config, recorded};

/// Why no time was taken back; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TimeBackError {
    #[error("nothing is recorded that is later than the machine's clock")]
    NotAhead,
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the database can't be read")]
    Read(#[from] ReadError),
    #[error("the database can't be written")]
    Write(#[from] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// Goes on from the machine's clock; by how much that is earlier. Everybody is signed out.
pub(crate) async fn run(config: &Config) -> Result<Duration, TimeBackError> {
    let options = || Options::sqlite(&config.data_dir);
    // Makes no database where there is none.
    Beside::open(&options()).await?.close().await;
    let store = Store::open(options()).await?;
    let taken = take_back(&store).await;
    store.close().await;
    taken
}

async fn take_back(store: &Store) -> Result<Duration, TimeBackError> {
    let to = Clock::default().machine();
    let remembered = store.remembered_time().await?;
    let from = remembered.filter(|at| *at > to);
    let from = from.ok_or(TimeBackError::NotAhead)?;
    let taken = from.since(to);
    let offset_ms = i64::try_from(taken.as_millis()).unwrap_or(i64::MAX);
    let event = Event::SystemTakeBackTime {
        offset_ms: -offset_ms,
    };
    let entry = recorded::entry(to, Actor::Operator, event)?;
    store.write(TakeBackTime { from, to }, entry).await?;
    Ok(taken)
}
