//! The operator's way on where a clock that was far ahead has left a store that is ahead of the time. No server may run
//! meanwhile.

use std::time::Duration;

use conclave_audit::{Actor, Code, Entry, Event};
use conclave_protocol::{OrganisationId, Timestamp};
use conclave_store::action::{TakeBackTime, TakenBack};
use conclave_store::{Beside, OpenError, Options, ReadError, Record, Store, WriteError};

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
    let record = Record::after(move |taken: &TakenBack| {
        // Without randomness there are no entries, and without entries nothing is taken back.
        ended(to, taken).map_or_else(|_| Vec::new(), |ended| [vec![entry], ended].concat())
    });
    store.write(TakeBackTime { from, to }, record).await?;
    Ok(taken)
}

/// What ended before its time.
fn ended(at: Timestamp, taken: &TakenBack) -> Result<Vec<Entry>, NoRandomness> {
    let emergencies = taken.emergencies.iter().map(|(organisation, id)| {
        let invoked = Some(id.0);
        (*organisation, Event::EmergencyEnd { invoked }, TIME)
    });
    let left = taken.left.iter().map(|(organisation, meeting, who)| {
        let (meeting, participant) = (meeting.0, who.0);
        let event = Event::MeetingLeave {
            meeting,
            participant,
        };
        (*organisation, event, EMERGENCY_OVER)
    });
    let programs = taken.programs.iter().map(|(organisation, id)| {
        let program = id.0;
        (*organisation, Event::ProgramRevoke { program }, TIME)
    });
    let computers = taken.computers.iter().map(|(organisation, id)| {
        let device = id.0;
        (*organisation, Event::SupportDeviceEnded { device }, TIME)
    });
    let ended = emergencies.chain(left).chain(programs).chain(computers);
    let entries = ended.map(|(organisation, event, why)| because(at, organisation, event, why));
    entries.collect()
}

fn because(
    at: Timestamp,
    organisation: OrganisationId,
    event: Event,
    why: &'static str,
) -> Result<Entry, NoRandomness> {
    let mut entry = recorded::entry(at, Actor::System, event)?;
    entry.reason = Some(Code::new(why));
    Ok(recorded::filed(entry, Some(organisation)))
}

/// As where it runs out by itself.
const TIME: &str = "time";
const EMERGENCY_OVER: &str = "emergency_over";
