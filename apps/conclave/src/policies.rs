//! What somebody is permitted at this moment, by all that the store has of it.

use std::time::Duration;

use conclave_policy::rules::{Floor, Layers};
use conclave_policy::session::SessionLimits;
use conclave_policy::support::may_hold;
use conclave_policy::{Decision, Reason};
use conclave_protocol::account::AccountState;
use conclave_protocol::meeting::DataMode;
use conclave_protocol::policy::{LONGEST_IDLE, Permitted, SHORTEST_IDLE, WhoProvesMore};
use conclave_protocol::{AccountId, OrganisationId};
use conclave_store::read::meeting::Meeting;
use conclave_store::read::participant::Participant;
use conclave_store::{ReadError, Store};

use crate::Config;

/// Reads policy. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Policies {
    store: Store,
    pub(crate) floor: Floor,
}

/// What somebody in a meeting is permitted, and at which revision of their organisation's policy.
pub(crate) struct PermittedAt {
    pub(crate) permitted: Permitted,
    pub(crate) revision: u64,
}

impl Policies {
    pub(crate) fn new(store: Store, config: &Config) -> Self {
        Self {
            store,
            floor: floor(config),
        }
    }

    /// What an account of the organisation is permitted, or a guest of it.
    pub(crate) async fn permitted(
        &self,
        organisation: OrganisationId,
        account: Option<AccountId>,
    ) -> Result<Permitted, ReadError> {
        let layers = self.store.layers(organisation, account).await?;
        Ok(layers.permitted(&self.floor))
    }

    /// What decides at a meeting's door, and about its co-hosts: what its host is permitted.
    pub(crate) async fn of_host(&self, meeting: &Meeting) -> Result<Permitted, ReadError> {
        let host = Some(meeting.host);
        self.permitted(meeting.organisation, host).await
    }

    /// That a meeting was made in, whatever policy says by now.
    pub(crate) async fn data_mode(&self, meeting: &Meeting) -> Result<DataMode, ReadError> {
        let mode = self.store.data_mode(meeting.id).await?;
        Ok(mode.unwrap_or(DataMode::Conduit))
    }

    /// Whether a meeting's host may hold support at this moment.
    pub(crate) async fn support_held(&self, meeting: &Meeting) -> Result<Decision, ReadError> {
        let technician = self.store.account(meeting.host).await?;
        let technician = technician.filter(|account| account.state == AccountState::Active);
        let Some(technician) = technician else {
            return Ok(Decision::Deny(Reason::Role));
        };
        let permitted = self.of_host(meeting).await?;
        Ok(may_hold(technician.role, &permitted))
    }

    /// Who has no account of the meeting's organisation is a guest. The revision is read first: what it goes with is no
    /// older.
    pub(crate) async fn of_participant(
        &self,
        meeting: &Meeting,
        participant: &Participant,
    ) -> Result<PermittedAt, ReadError> {
        let state = self.store.policy_state(meeting.organisation).await?;
        let permitted = self
            .permitted(meeting.organisation, participant.account)
            .await?;
        Ok(PermittedAt {
            permitted,
            revision: state.map_or(0, |state| state.revision),
        })
    }

    pub(crate) fn resolve(&self, layers: &Layers) -> Permitted {
        layers.permitted(&self.floor)
    }
}

/// For how long the sessions of somebody who is permitted this last.
pub(crate) fn session_limits(permitted: &Permitted) -> SessionLimits {
    let idle = Duration::from_secs(u64::from(permitted.idle_minutes) * 60);
    SessionLimits::with_idle(idle).unwrap_or_default()
}

/// Whether more than those need a second factor who always do.
pub(crate) fn wants_second_factor(permitted: &Permitted) -> bool {
    permitted.second_factor == WhoProvesMore::Everybody
}

pub(crate) fn floor(config: &Config) -> Floor {
    Floor {
        most: config.policy,
        start: starts_with(config),
    }
}

/// What holds while nobody says otherwise.
pub fn starts_with(config: &Config) -> Permitted {
    let idle = u16::try_from(config.sessions.idle.as_secs() / 60).unwrap_or(LONGEST_IDLE);
    Permitted {
        idle_minutes: idle.clamp(SHORTEST_IDLE, LONGEST_IDLE),
        data_mode: DataMode::Conduit,
        emergency_access: false,
        support_clipboard: false,
        support_files: false,
        support_idle_minutes: 15,
        support_unattended: false,
        support_administrator: false,
        support_queue: false,
        ..Permitted::default()
    }
}
