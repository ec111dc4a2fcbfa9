//! A change of policy, told to the meetings that go on.

use std::collections::BTreeMap;

use conclave_protocol::meeting::Admission;
use conclave_protocol::policy::Permitted;
use conclave_protocol::{AccountId, OrganisationId};
use conclave_store::ReadError;
use conclave_store::read::meeting::Meeting;

use crate::app::App;
use crate::rights::{self, Gathering};
use crate::rooms::Room;

/// What people may send holds from here on, for everybody who is in a meeting of the organisation: by their own policy, and
/// in a support session by whether its technician may still hold one. Whoever comes at this
/// moment is told as soon as they are in.
pub(crate) async fn tell(app: &App, organisation: OrganisationId) {
    if let Err(error) = tell_all(app, organisation).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a change of policy did not reach every meeting"
        );
    }
}

async fn tell_all(app: &App, organisation: OrganisationId) -> Result<(), ReadError> {
    let state = app.store.policy_state(organisation).await?;
    let mut telling = Telling {
        app,
        organisation,
        revision: state.map_or(0, |state| state.revision),
        known: BTreeMap::new(),
    };
    for meeting in app.store.live_meetings().await? {
        if meeting.organisation == organisation {
            telling.meeting(&meeting).await?;
        }
    }
    Ok(())
}

struct Telling<'a> {
    app: &'a App,
    organisation: OrganisationId,
    /// What is read after it is not older.
    revision: u64,
    /// Somebody may be in several meetings, and all guests are alike.
    known: BTreeMap<Option<AccountId>, Permitted>,
}

impl Telling<'_> {
    async fn meeting(&mut self, meeting: &Meeting) -> Result<(), ReadError> {
        let gathering = Gathering::of(meeting, &self.app.policies).await?;
        for participant in self.app.store.participants(meeting.id).await? {
            if participant.admission != Admission::Admitted {
                continue;
            }
            let permitted = self.permitted(participant.account).await?;
            match Room::reserve(&self.app.media, meeting.id).await {
                Ok(room) => {
                    let permission = rights::permission(participant.role, &permitted, gathering);
                    room.permit(participant.id, permission, self.revision);
                }
                Err(_busy) => tracing::error!("a change of policy did not reach a participant"),
            }
        }
        self.app.channels.changed(meeting.id);
        Ok(())
    }

    async fn permitted(&mut self, account: Option<AccountId>) -> Result<Permitted, ReadError> {
        if let Some(known) = self.known.get(&account) {
            return Ok(*known);
        }
        let policies = &self.app.policies;
        let permitted = policies.permitted(self.organisation, account).await?;
        self.known.insert(account, permitted);
        Ok(permitted)
    }
}
