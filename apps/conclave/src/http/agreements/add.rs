//! `POST /api/v1/agreements`: enters an agreement in the register.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::evidence::{Agreement, KeepAgreement};
use conclave_protocol::problem::Problem;
use conclave_store::action::AddAgreement;

use super::{listed, state, words};
use crate::app::App;
use crate::evidence::{coded, digest};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{AGREEMENT_INVALID, INTERNAL, Refusal};
use crate::http::signed_in::SignedIn;
use crate::id;

/// The document itself stays with the organisation; its hash says later which one was meant. To owners and admins only.
#[utoipa::path(
    post,
    operation_id = "addAgreement",
    path = "/agreements",
    tag = "evidence",
    request_body = KeepAgreement,
    responses(
        (status = 201, body = Agreement),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<KeepAgreement>,
) -> Result<(StatusCode, Json<Agreement>), Refusal> {
    body.check().map_err(|_| AGREEMENT_INVALID)?;
    let id = id::fresh(occasion.now)?;
    let event = Event::AgreementAdd {
        agreement: id,
        state: state(body.state),
        words: coded(&digest(&body)),
    };
    let action = AccountAction::DecideEvidence;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let organisation = signed_in.account.organisation;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let act = AddAgreement {
        id,
        organisation,
        words: words(body),
        by: signed_in.account.id,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    let listed = listed(&app, organisation, occasion.now).await?;
    let added = listed.into_iter().find(|agreement| agreement.id == id);
    Ok((StatusCode::CREATED, Json(added.ok_or(INTERNAL)?)))
}
