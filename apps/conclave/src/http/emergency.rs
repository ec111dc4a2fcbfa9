//! Emergency access: taken, used, ended, reviewed; and the sealed codes that lead to it.

pub(super) mod codes;
pub(super) mod end;
pub(super) mod invoke;
pub(super) mod make_codes;
pub(super) mod meetings;
pub(super) mod review;
pub(super) mod standing;
pub(super) mod uses;
pub(super) mod words;

use conclave_audit::Event;
use conclave_policy::emergency::{self, Unlocked};
use conclave_protocol::EmergencyUseId;
use conclave_protocol::emergency::OpenEmergency;
use conclave_store::read::emergency::EmergencyUse;

use super::occasion::Occasion;
use super::present::decide;
use super::problem::{EMERGENCY_NOT_FOUND, EMERGENCY_NOT_OPEN, Refusal};
use super::signed_in::SignedIn;
use crate::app::App;

/// The use by which this opens for who asks. A refusal is recorded as `event`'s.
pub(super) async fn opened(
    app: &App,
    signed_in: &SignedIn,
    occasion: &Occasion,
    what: Unlocked,
    event: Event,
) -> Result<EmergencyUse, Refusal> {
    let open = app.store.open_emergency(signed_in.account.id).await?;
    let standing = open.as_ref().map(EmergencyUse::standing);
    let permitted = &signed_in.permitted;
    let decision = emergency::opens(what, permitted, standing.as_ref(), occasion.now);
    let organisation = Some(signed_in.account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    decide(app, decision, &entry).await?;
    open.ok_or(EMERGENCY_NOT_OPEN.into())
}

/// A use of the reviewer's own organisation.
async fn reviewed(
    app: &App,
    signed_in: &SignedIn,
    id: EmergencyUseId,
) -> Result<EmergencyUse, Refusal> {
    let found = app.store.emergency(id).await?;
    let organisation = signed_in.account.organisation;
    let found = found.filter(|found| found.organisation == organisation);
    found.ok_or(EMERGENCY_NOT_FOUND.into())
}

fn shown(open: &EmergencyUse) -> OpenEmergency {
    OpenEmergency {
        id: open.id,
        reason: open.reason,
        invoked_at: open.invoked_at,
        expires_at: open.expires_at,
    }
}
