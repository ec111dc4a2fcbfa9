//! `GET /api/v1/groups`: the organisation's groups.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::policy::GroupList;
use conclave_protocol::problem::Problem;

use super::{member, shown};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// All groups, 200 at the most; and everybody who could be in one.
#[utoipa::path(
    get,
    operation_id = "listGroups",
    path = "/groups",
    tag = "policies",
    responses(
        (status = 200, body = GroupList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<GroupList>, Refusal> {
    let to = Code::new("group_list");
    let action = AccountAction::ReadPolicy;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let groups = app.store.account_groups(organisation).await?;
    let people = app.store.people_of(organisation).await?;
    Ok(Json(GroupList {
        groups: groups.into_iter().map(shown).collect(),
        people: people.into_iter().map(member).collect(),
    }))
}
