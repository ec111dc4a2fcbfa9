//! `PUT /api/v1/agreements/{agreement}`: what became of an agreement.

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::evidence::KeepAgreement;
use conclave_protocol::problem::Problem;
use conclave_store::Refused;
use conclave_store::action::ChangeAgreement;
use uuid::Uuid;

use super::{state, words};
use crate::app::App;
use crate::evidence::{coded, digest};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::{named, not_written_as};
use crate::http::problem::{AGREEMENT_INVALID, AGREEMENT_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// The agreement that the address names.
pub(crate) struct NamedAgreement(Uuid);

impl FromRequestParts<App> for NamedAgreement {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "agreement").await;
        id.map(Self).ok_or(AGREEMENT_NOT_FOUND.into())
    }
}

/// What the register says of it from here on; what it said before is kept beside it. To owners and admins only.
#[utoipa::path(
    put,
    operation_id = "changeAgreement",
    path = "/agreements/{agreement}",
    tag = "evidence",
    params(("agreement" = String, Path, format = Uuid)),
    request_body = KeepAgreement,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedAgreement(id): NamedAgreement,
    Body(body): Body<KeepAgreement>,
) -> Result<StatusCode, Refusal> {
    body.check().map_err(|_| AGREEMENT_INVALID)?;
    let event = Event::AgreementChange {
        agreement: id,
        state: state(body.state),
        words: coded(&digest(&body)),
    };
    let action = AccountAction::DecideEvidence;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let organisation = signed_in.account.organisation;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let act = ChangeAgreement {
        id,
        organisation,
        words: words(body),
        by: signed_in.account.id,
        at: occasion.now,
    };
    let Err(error) = app.store.write(act, entry.clone()).await else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let names = [(Refused::NotFound, AGREEMENT_NOT_FOUND)];
    Err(not_written_as(&app, error, entry, &names).await)
}
