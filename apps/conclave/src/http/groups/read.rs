//! `GET /api/v1/groups/{group}`: who is in a group.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::policy::GroupMembers;
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::NamedGroup;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// A group and those who are in it, by name.
#[utoipa::path(
    get,
    operation_id = "readGroup",
    path = "/groups/{group}",
    tag = "policies",
    params(("group" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = GroupMembers),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedGroup(group): NamedGroup,
) -> Result<Json<GroupMembers>, Refusal> {
    let action = AccountAction::ReadPolicy;
    let to = Code::new("group");
    signed_in.may_read(&app, action, to, &occasion).await?;
    let group = super::find(&app, &signed_in, group).await?;
    let members = app.store.group_members(group.id).await?;
    Ok(Json(GroupMembers {
        group,
        members: members.into_iter().map(super::member).collect(),
    }))
}
