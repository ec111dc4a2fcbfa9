//! `GET` and `POST /api/v1/evidence/review`: all security settings, and that somebody has gone through them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::evidence::{Review, SignReview, SignedReview};
use conclave_protocol::problem::Problem;
use conclave_store::{Refused, action};

use crate::app::App;
use crate::evidence::{Inquiry, coded, digest};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{CHANGED_MEANWHILE, Refusal};
use crate::http::signed_in::SignedIn;

/// Each setting as it is for whoever is permitted the most, and as it is recommended. To owners, admins, account managers
/// and auditors.
#[utoipa::path(
    get,
    operation_id = "readSettingsReview",
    path = "/evidence/review",
    tag = "evidence",
    responses(
        (status = 200, body = Review),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn read(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<Review>, Refusal> {
    let to = Code::new("settings_review");
    let action = AccountAction::ReadEvidence;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let inquiry = Inquiry::make(&app, organisation, occasion.now).await?;
    let is_current = inquiry.review_is_current(occasion.now);
    let last = inquiry.last_review.map(|last| SignedReview {
        by: last.signed_by,
        by_name: last.signed_by_name,
        at: last.signed_at,
        is_current,
    });
    Ok(Json(Review {
        digest: digest(&inquiry.settings),
        settings: inquiry.settings,
        last,
    }))
}

/// Signs that all of them were gone through, as they were when they were read. To owners and admins only.
#[utoipa::path(
    post,
    operation_id = "signSettingsReview",
    path = "/evidence/review",
    tag = "evidence",
    request_body = SignReview,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn sign(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<SignReview>,
) -> Result<StatusCode, Refusal> {
    let organisation = signed_in.account.organisation;
    let inquiry = Inquiry::make(&app, organisation, occasion.now).await?;
    let settings = digest(&inquiry.settings);
    let event = Event::EvidenceReview {
        organisation: organisation.0,
        settings: coded(&settings),
    };
    let action = AccountAction::DecideEvidence;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    if body.digest != settings {
        app.record(entry.refused(Code::new(Refused::Conflict.code())))
            .await;
        return Err(CHANGED_MEANWHILE.into());
    }
    let act = action::SignReview {
        organisation,
        settings,
        by: signed_in.account.id,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}
