//! `DELETE /api/v1/programs/{program}`: ends a program.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_store::Refused;
use conclave_store::action::RevokeProgram;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{NamedProgram, not_written_as};
use crate::http::problem::{PROGRAM_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// Makes a program's key worthless, at once and for good. Works even while the server can't write its data. To owners and
/// admins only.
#[utoipa::path(
    delete,
    operation_id = "revokeProgram",
    path = "/programs/{program}",
    tag = "programs",
    params(("program" = String, Path, format = Uuid)),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedProgram(program): NamedProgram,
) -> Result<StatusCode, Refusal> {
    let event = Event::ProgramRevoke { program: program.0 };
    signed_in
        .may(&app, AccountAction::RevokeProgram, &occasion, &event)
        .await?;
    let organisation = signed_in.account.organisation;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let act = RevokeProgram {
        program,
        organisation,
        by: signed_in.account.id,
        at: occasion.now,
    };
    let written = app.store.write_or_spool(None, act, entry.clone()).await;
    let Err(error) = written else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let names = [(Refused::NotFound, PROGRAM_NOT_FOUND)];
    Err(not_written_as(&app, error, entry, &names).await)
}
