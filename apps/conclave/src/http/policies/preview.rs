//! `POST /api/v1/policies/preview`: what a change would change, for how many.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::rules::{Population, Subject, preview};
use conclave_protocol::policy::{PolicyPreview, PreviewPolicy};
use conclave_protocol::problem::Problem;

use super::Standing;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{MALFORMED_REQUEST, Refusal};
use crate::http::signed_in::SignedIn;

/// What becomes different for whom, if a layer had these words. Changes nothing.
#[utoipa::path(
    post,
    operation_id = "previewPolicy",
    path = "/policies/preview",
    tag = "policies",
    request_body = PreviewPolicy,
    responses(
        (status = 200, body = PolicyPreview),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<PreviewPolicy>,
) -> Result<Json<PolicyPreview>, Refusal> {
    let action = AccountAction::ReadPolicy;
    let to = Code::new("policy_preview");
    signed_in.may_read(&app, action, to, &occasion).await?;
    let subject = match (body.group, body.account) {
        (None, None) => Subject::Organisation,
        (Some(group), None) => Subject::Group(group),
        (None, Some(account)) => Subject::Account(account),
        (Some(_), Some(_)) => return Err(MALFORMED_REQUEST.into()),
    };
    let organisation = signed_in.account.organisation;
    let standing = Standing::read(&app, organisation, subject).await?;
    let rows = app.store.all_layers(organisation).await?;
    let population = Population::new(
        rows.into_iter().map(|row| (row.subject(), row.settings)),
        app.store.account_ids(organisation).await?,
        app.store.memberships(organisation).await?,
    );
    let floor = &app.policies.floor;
    let (accounts, changes) = preview(&population, subject, &body.settings, floor);
    Ok(Json(PolicyPreview {
        revision: standing.state.revision,
        accounts,
        changes,
    }))
}
