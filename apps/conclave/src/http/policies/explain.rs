//! `GET /api/v1/policies/explain`: why somebody may or may not.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::rules::explain;
use conclave_protocol::AccountId;
use conclave_protocol::policy::{Explained, Setting};
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::http::groups::shown;
use crate::http::occasion::Occasion;
use crate::http::problem::{MALFORMED_REQUEST, POLICY_SUBJECT_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// Whom the question is about.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    account: AccountId,
}

/// Each setting's value for an account, who decided it, and whose lock held it.
#[utoipa::path(
    get,
    operation_id = "explainPolicy",
    path = "/policies/explain",
    tag = "policies",
    params(("account" = String, Query, format = Uuid)),
    responses(
        (status = 200, body = Explained),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    about: Result<Query<About>, QueryRejection>,
) -> Result<Json<Explained>, Refusal> {
    let action = AccountAction::ReadPolicy;
    let to = Code::new("explanation");
    signed_in.may_read(&app, action, to, &occasion).await?;
    let Query(About { account }) = about.map_err(|_| MALFORMED_REQUEST)?;
    let organisation = signed_in.account.organisation;
    let found = app.store.account(account).await?;
    let found = found.filter(|found| found.organisation == organisation);
    let found = found.ok_or(POLICY_SUBJECT_NOT_FOUND)?;
    let layers = app.store.layers(organisation, Some(account)).await?;
    let memberships = app.store.memberships(organisation).await?;
    let groups = app.store.account_groups(organisation).await?.into_iter();
    let is_in = |group| memberships.contains(&(account, group));
    let floor = &app.policies.floor;
    Ok(Json(Explained {
        display_name: found.display_name,
        explanations: Setting::ALL
            .map(|setting| explain(setting, &layers, floor))
            .to_vec(),
        groups: groups.filter(|group| is_in(group.id)).map(shown).collect(),
    }))
}
