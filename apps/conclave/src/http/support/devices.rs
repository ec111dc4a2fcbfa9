//! Computers that are helped when nobody is there: enrolled, granted, renewed, taken out, and asked to let somebody in.
//!
//! # Security
//!
//! The server says who may ask; the computer itself asks for an administrator of its own. What a technician types goes to the
//! computer sealed, and is neither read nor kept here.

pub(crate) mod credentials;
pub(crate) mod enrol;
pub(crate) mod grant;
pub(crate) mod granted;
pub(crate) mod invite;
pub(crate) mod line;
pub(crate) mod list;
pub(crate) mod open;
pub(crate) mod renew;
pub(crate) mod revoke;
pub(crate) mod withdraw;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use conclave_audit::{Code, Entry, Event, Hex};
use conclave_policy::unattended::{Standing, has_ended, may_help};
use conclave_policy::{Decision, Reason};
use conclave_protocol::account::AccountState;
use conclave_protocol::meeting::EndCause;
use conclave_protocol::unattended::ToDevice;
use conclave_protocol::{AccountId, SupportDeviceId};
use conclave_store::read::unattended::{Computer, Unattended};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::computers::end_from_outside;
use crate::http::occasion::Occasion;
use crate::http::present::{decide, named};
use crate::http::problem::{COMPUTER_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;
use crate::recorded;

/// The computer that the address names.
pub(crate) struct NamedComputer(SupportDeviceId);

impl FromRequestParts<App> for NamedComputer {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "device").await;
        id.map(Self).ok_or(COMPUTER_NOT_FOUND.into())
    }
}

/// Of a computer's two keys, in hexadecimal: people compare it.
fn fingerprint(signing_key: &[u8], sealing_key: &[u8]) -> String {
    let hash = Sha256::new()
        .chain_update(signing_key)
        .chain_update(sealing_key)
        .finalize();
    let hash: [u8; 32] = hash.into();
    Hex(hash).to_string()
}

/// One of the caller's organisation that was not taken out. That there is none is recorded as `entry`'s refusal.
async fn find(
    app: &App,
    id: SupportDeviceId,
    signed_in: &SignedIn,
    entry: &Entry,
) -> Result<Computer, Refusal> {
    let found = app.store.computer(id).await?;
    let organisation = signed_in.account.organisation;
    let found = found.filter(|found| found.organisation == organisation);
    match found.filter(|found| found.revoked_at.is_none()) {
        Some(computer) => Ok(computer),
        None => Err(not_there(app, entry, "no_such_computer").await),
    }
}

/// As [`find`], to help there: one whose enrolment is over is as one that was taken out.
async fn find_to_help(
    app: &App,
    id: SupportDeviceId,
    signed_in: &SignedIn,
    entry: &Entry,
) -> Result<Computer, Refusal> {
    let computer = find(app, id, signed_in, entry).await?;
    if !has_ended(computer.ends_at, app.clock.now()) {
        return Ok(computer);
    }
    app.computers.look_for_ends();
    Err(not_there(app, entry, "enrolment_over").await)
}

async fn not_there(app: &App, entry: &Entry, reason: &'static str) -> Refusal {
    let refused = entry.clone().refused(Code::new(reason));
    app.record(refused).await;
    COMPUTER_NOT_FOUND.into()
}

/// Whether the caller may be let in there, as things stand at this moment, and not as they stood when the request came: a
/// computer takes its time to answer. A refusal is recorded as `entry`'s.
async fn may_be_let_in(
    app: &App,
    computer: &Computer,
    signed_in: &SignedIn,
    entry: &Entry,
) -> Result<(), Refusal> {
    let (id, now) = (signed_in.account.id, app.clock.now());
    let standing = Standing {
        is_revoked: computer.revoked_at.is_some(),
        has_ended: has_ended(computer.ends_at, now),
        is_granted: app.store.is_granted(computer.id, id, now).await?,
    };
    let account = app.store.account(id).await?;
    let may = match account.filter(|account| account.state == AccountState::Active) {
        Some(account) => {
            let organisation = account.organisation;
            let permitted = app.policies.permitted(organisation, Some(id)).await?;
            may_help(account.role, &permitted, standing)
        }
        None => Decision::Deny(Reason::Role),
    };
    decide(app, may, entry).await
}

/// Ends what runs at a computer: of somebody who may not help there any more, or all. Works also while the server can't write
/// its data. What can't be ended keeps nothing else from its end; the first failure is answered.
async fn end_running(
    app: &App,
    device: SupportDeviceId,
    technician: Option<AccountId>,
    entry: &Entry,
    occasion: &Occasion,
) -> Result<(), Refusal> {
    let mut outcome = Ok(());
    for running in app.store.running_at(device, technician).await? {
        app.computers.tell(
            device,
            ToDevice::End {
                session: running.session,
            },
        );
        outcome = outcome.and(end(app, &running, entry, occasion).await);
    }
    outcome
}

async fn end(
    app: &App,
    running: &Unattended,
    entry: &Entry,
    occasion: &Occasion,
) -> Result<(), Refusal> {
    let event = Event::MeetingEnd {
        meeting: running.meeting.0,
    };
    let mut entry = recorded::following(entry, occasion.now, event)?;
    entry.reason = recorded::end_cause(EndCause::Administrator);
    end_from_outside(app, running.meeting, entry, occasion.now).await
}
