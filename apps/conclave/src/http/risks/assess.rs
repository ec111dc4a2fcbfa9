//! `PUT /api/v1/risks/{risk}`: what the organisation makes of a risk.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::evidence::{may_look_again, risk};
use conclave_protocol::problem::Problem;
use conclave_protocol::risk::{AssessRisk, Risk};
use conclave_store::action;

use super::shown;
use crate::app::App;
use crate::evidence::{coded, digest};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::{named, not_written};
use crate::http::problem::{ASSESSMENT_INVALID, RISK_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;
use crate::id;

/// The risk that the address names, by its id.
pub(crate) struct NamedRisk(Option<Code>);

impl FromRequestParts<App> for NamedRisk {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let text: Option<String> = named(parts, "risk").await;
        let known = text.filter(|text| risk(text).is_some());
        Ok(Self(known.and_then(|text| Code::parse(&text))))
    }
}

/// Replaces what was said of it before, which is kept. The reason is kept beside the record, which has a hash of all of it.
/// Somebody looks again within two years. To owners and admins only.
#[utoipa::path(
    put,
    operation_id = "assessRisk",
    path = "/risks/{risk}",
    tag = "evidence",
    params(("risk" = String, Path)),
    request_body = AssessRisk,
    responses(
        (status = 200, body = Risk),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedRisk(subject): NamedRisk,
    Body(body): Body<AssessRisk>,
) -> Result<Json<Risk>, Refusal> {
    let id = id::fresh(occasion.now)?;
    let event = Event::RiskAssess {
        assessment: id,
        risk: subject.clone().unwrap_or(Code::new("unknown")),
        choice: Code::new(body.choice.code()),
        words: coded(&digest(&body)),
    };
    let action = AccountAction::DecideEvidence;
    signed_in.may(&app, action, &occasion, &event).await?;
    let found = subject.as_ref().and_then(|id| risk(id.as_str()));
    let found = found.ok_or(RISK_NOT_FOUND)?;
    if !may_look_again(occasion.now, body.next_look_at) {
        return Err(ASSESSMENT_INVALID.into());
    }
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let organisation = signed_in.account.organisation;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let act = action::AssessRisk {
        id,
        organisation,
        risk: found.id.to_owned(),
        choice: body.choice,
        likelihood: body.likelihood,
        impact: body.impact,
        reason: body.reason,
        next_look_at: body.next_look_at,
        by: signed_in.account.id,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    let assessments = app
        .store
        .risk_assessments(organisation, occasion.now)
        .await?;
    Ok(Json(shown(found, &assessments, occasion.now)))
}
