//! The queue: somebody without an account asks for help, and one technician takes them, or turns them away.
//!
//! # Security
//!
//! Who asks, and what it is about, is kept while they wait, and is in no entry and no line of the log. The link of the session
//! comes sealed to a key of their page's, and is not read here.

pub(crate) mod ask;
pub(crate) mod claim;
pub(crate) mod decline;
pub(crate) mod list;
pub(crate) mod standing;
pub(crate) mod take;
pub(crate) mod withdraw;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use conclave_audit::{Entry, Event};
use conclave_policy::Decision;
use conclave_policy::capability::AccountAction;
use conclave_policy::support_queue::{may_ask, may_take};
use conclave_protocol::{OrganisationId, SupportRequestId};
use conclave_store::read::support_queue::SupportRequest;
use conclave_store::{Refused, TokenHash};

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{bearer, decide, named};
use crate::http::problem::{Kind, Refusal, SUPPORT_REQUEST_NOT_FOUND};
use crate::http::signed_in::SignedIn;
use crate::secret;

/// The request that the address names, to technicians.
pub(crate) struct NamedHelp(SupportRequestId);

impl FromRequestParts<App> for NamedHelp {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "request").await;
        id.map(Self).ok_or(SUPPORT_REQUEST_NOT_FOUND.into())
    }
}

/// The request that the address names, and the token of its page: 256 random bits, which nobody guesses, so that a wrong one is
/// not on record.
pub(crate) struct Shown {
    id: SupportRequestId,
    token: TokenHash,
}

impl FromRequestParts<App> for Shown {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "request").await;
        let id = id.ok_or(SUPPORT_REQUEST_NOT_FOUND)?;
        let token = secret::hash(bearer(parts).ok_or(SUPPORT_REQUEST_NOT_FOUND)?);
        Ok(Self { id, token })
    }
}

/// Whoever asked, by the token of their page.
pub(crate) struct Asker {
    request: SupportRequest,
    token: TokenHash,
}

impl FromRequestParts<App> for Asker {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let Shown { id, token } = Shown::from_request_parts(parts, app).await?;
        let request = app.store.support_request(id, token).await?;
        let request = request.ok_or(SUPPORT_REQUEST_NOT_FOUND)?;
        Ok(Self { request, token })
    }
}

/// Whether anybody may ask for help, of the organisation that people sign in to.
pub(in crate::http) async fn is_open(app: &App) -> Result<bool, Refusal> {
    let Some(organisation) = app.store.first_organisation().await? else {
        return Ok(false);
    };
    Ok(queue_of(app, organisation.id).await?.is_allowed())
}

async fn queue_of(app: &App, organisation: OrganisationId) -> Result<Decision, Refusal> {
    let permitted = app.policies.permitted(organisation, None).await?;
    Ok(may_ask(&permitted))
}

/// Of what a technician is about to do.
fn entry_of_helper(
    signed_in: &SignedIn,
    occasion: &Occasion,
    event: Event,
) -> Result<Entry, Refusal> {
    let organisation = Some(signed_in.account.organisation);
    Ok(occasion.entry(organisation, signed_in.actor(), event)?)
}

/// Whether they may. A refusal is recorded as `entry`'s.
async fn may_help(
    app: &App,
    signed_in: &SignedIn,
    occasion: &Occasion,
    entry: &Entry,
) -> Result<(), Refusal> {
    signed_in
        .may(app, AccountAction::HoldSupport, occasion, &entry.event)
        .await?;
    let may = may_take(signed_in.account.role, &signed_in.permitted);
    decide(app, may, entry).await
}

const NAMES: [(Refused, Kind); 1] = [(Refused::NotFound, SUPPORT_REQUEST_NOT_FOUND)];
