//! `GET /api/v1/programs`: which programs have a key.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::program::ProgramList;

use super::shown;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Newest first, 200 at the most, without their keys. To owners, admins and auditors.
#[utoipa::path(
    get,
    operation_id = "listPrograms",
    path = "/programs",
    tag = "programs",
    responses(
        (status = 200, body = ProgramList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<ProgramList>, Refusal> {
    let to = Code::new("programs");
    let action = AccountAction::SeePrograms;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let programs = app.store.programs(signed_in.account.organisation).await?;
    let programs = programs.into_iter().map(|one| shown(one, occasion.now));
    Ok(Json(ProgramList {
        programs: programs.collect(),
    }))
}
