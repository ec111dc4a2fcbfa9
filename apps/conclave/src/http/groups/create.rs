//! `POST /api/v1/groups`: makes a group.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_protocol::AccountGroupId;
use conclave_protocol::policy::{Group, NameGroup};
use conclave_protocol::problem::Problem;
use conclave_store::action::CreateAccountGroup;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;
use crate::id;

/// Makes a group that nobody is in. To owners and admins only.
#[utoipa::path(
    post,
    operation_id = "createGroup",
    path = "/groups",
    tag = "policies",
    request_body = NameGroup,
    responses(
        (status = 201, body = Group),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<NameGroup>,
) -> Result<(StatusCode, Json<Group>), Refusal> {
    let group = AccountGroupId(id::fresh(occasion.now)?);
    let act = CreateAccountGroup {
        id: group,
        organisation: signed_in.account.organisation,
        name: body.name.clone(),
        at: occasion.now,
    };
    let event = Event::GroupCreate { group: group.0 };
    super::change(app, signed_in, occasion, event, act).await?;
    let made = Group {
        id: group,
        name: body.name,
        members: 0,
        by_directory: false,
    };
    Ok((StatusCode::CREATED, Json(made)))
}
