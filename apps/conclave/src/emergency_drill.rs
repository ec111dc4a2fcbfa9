//! The operator's drill: emergency access taken, used, ended and reviewed, in a meeting that is made for it, with no words of
//! anybody's. A server may run beside it.

mod people;
mod rehearsal;

use std::fmt;

use conclave_audit::{Actor, Code, Event};
use conclave_protocol::OrganisationId;
use conclave_store::action::KeepDrill;
use conclave_store::{Beside, OpenError, Options, ReadError, WriteError};

use crate::installation_key::{InstallationKey, KeyError};
use crate::sealing::{self, Sealing, Unopened};
use crate::secret::NoRandomness;
use crate::{Clock, Config, id, recorded};

use rehearsal::Rehearsal;

/// What is tried, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Holder,
    Reviewer,
    Meeting,
    Invoke,
    Enter,
    End,
    Closed,
    Words,
    Review,
}

/// What came of it.
pub(crate) struct Report {
    pub(crate) failed_at: Option<Step>,
}

/// Why there was no drill; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DrillError {
    #[error("there is no organisation yet")]
    NoOrganisation,
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the database can't be read")]
    Read(#[from] ReadError),
    #[error("what came of the drill can't be written")]
    Write(#[source] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
enum StepError {
    #[error("it is not as it must be")]
    NotSo,
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Unopened(#[from] Unopened),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl Step {
    const ALL: [Self; 9] = [
        Self::Holder,
        Self::Reviewer,
        Self::Meeting,
        Self::Invoke,
        Self::Enter,
        Self::End,
        Self::Closed,
        Self::Words,
        Self::Review,
    ];

    /// Its stable name.
    const fn code(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Reviewer => "reviewer",
            Self::Meeting => "meeting",
            Self::Invoke => "invoke",
            Self::Enter => "enter",
            Self::End => "end",
            Self::Closed => "closed",
            Self::Words => "words",
            Self::Review => "review",
        }
    }

    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::Holder => "policy lets somebody take emergency access",
            Self::Reviewer => "somebody else may review it",
            Self::Meeting => "a meeting was made for the drill, and locked",
            Self::Invoke => "emergency access was taken",
            Self::Enter => "it led into the locked meeting",
            Self::End => "its end put out whoever was in by it",
            Self::Closed => "after its end it opened nothing",
            Self::Words => "what was said of it was sealed, and opened with the installation's key",
            Self::Review => "it was reviewed",
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in Step::ALL {
            let mark = match self.failed_at {
                Some(failed) if step == failed => "FAILED",
                Some(failed) if step > failed => "not tried",
                _ => "ok",
            };
            writeln!(f, "{mark:<9}  {}", step.says())?;
        }
        match self.failed_at {
            None => writeln!(f, "The drill passed, and is on record."),
            Some(_) => writeln!(f, "The drill failed, and is on record."),
        }
    }
}

/// Tries all of it in the first organisation, and keeps what came of it.
pub(crate) async fn run(config: &Config) -> Result<Report, DrillError> {
    let mut store = Beside::open(&Options::sqlite(&config.data_dir)).await?;
    let report = drill(&mut store, config).await;
    store.close().await;
    report
}

async fn drill(store: &mut Beside, config: &Config) -> Result<Report, DrillError> {
    let organisation = store.first_organisation().await?;
    let organisation = organisation.ok_or(DrillError::NoOrganisation)?.id;
    let key = InstallationKey::open(&config.data_dir, sealing::KEY_FILE)?;
    let clock = Clock::beside(store).await?;
    let mut rehearsal = Rehearsal {
        store,
        config,
        clock: clock.clone(),
        sealing: Sealing::new(key),
        organisation,
    };
    let failed_at = match rehearsal.play().await {
        Ok(()) => None,
        Err((step, error)) => {
            tracing::warn!(step = step.code(), %error, "a step of the drill failed");
            Some(step)
        }
    };
    keep(store, organisation, failed_at, &clock).await?;
    Ok(Report { failed_at })
}

async fn keep(
    store: &mut Beside,
    organisation: OrganisationId,
    failed_at: Option<Step>,
    clock: &Clock,
) -> Result<(), DrillError> {
    let now = clock.now();
    let drill = id::fresh(now)?;
    let entry = recorded::entry(now, Actor::Operator, Event::EmergencyDrill { drill })?;
    let entry = recorded::filed(entry, Some(organisation));
    let entry = match failed_at {
        None => entry,
        Some(step) => entry.failed(Code::new(step.code())),
    };
    let act = KeepDrill {
        id: drill,
        organisation,
        failed_at: failed_at.map(Step::code),
        at: now,
    };
    store.write(act, entry).await.map_err(DrillError::Write)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_how_far_it_came() {
        let passed = Report { failed_at: None }.to_string();
        assert!(passed.contains("The drill passed") && !passed.contains("not tried"));

        let failed = Report {
            failed_at: Some(Step::Words),
        };
        let text = failed.to_string();
        assert!(text.contains("ok         after its end"), "{text}");
        assert!(text.contains("FAILED     what was said"), "{text}");
        assert!(text.contains("not tried  it was reviewed"), "{text}");
    }
}
