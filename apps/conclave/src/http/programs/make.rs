//! `POST /api/v1/programs`: makes a program, and its key.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_policy::program::expiry;
use conclave_protocol::ProgramId;
use conclave_protocol::problem::Problem;
use conclave_protocol::program::{MakeProgram, Program, ProgramMade, ProgramScope, ProgramState};
use conclave_store::action;
use conclave_store::read::program::Scopes;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{PROGRAM_INVALID, Refusal};
use crate::http::program::PREFIX;
use crate::http::signed_in::SignedIn;
use crate::{id, recorded, secret};

/// Makes a program with scopes of its own; its key is shown this once. It ends by its time, when somebody revokes it, and
/// when whoever made it loses the right to make programs. To owners only.
#[utoipa::path(
    post,
    operation_id = "makeProgram",
    path = "/programs",
    tag = "programs",
    request_body = MakeProgram,
    responses(
        (status = 201, body = ProgramMade),
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
    Body(body): Body<MakeProgram>,
) -> Result<(StatusCode, Json<ProgramMade>), Refusal> {
    let expires_at = expiry(body.days, occasion.now).ok_or(PROGRAM_INVALID)?;
    if !are_fit(&body.scopes) {
        return Err(PROGRAM_INVALID.into());
    }
    let id = ProgramId(id::fresh(occasion.now)?);
    let event = Event::ProgramMake {
        program: id.0,
        scopes: body.scopes.iter().copied().map(recorded::scope).collect(),
    };
    signed_in
        .may(&app, AccountAction::MakeProgram, &occasion, &event)
        .await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let account = &signed_in.account;
    let entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    let (text, _) = secret::fresh()?;
    let key = format!("{PREFIX}{text}");
    let act = action::MakeProgram {
        id,
        organisation: account.organisation,
        made_by: account.id,
        name: body.name.clone(),
        key: secret::hash(&key),
        scopes: Scopes(body.scopes.clone()),
        at: occasion.now,
        expires_at,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    let program = Program {
        id,
        name: body.name,
        scopes: body.scopes,
        made_by: account.id,
        made_by_name: account.display_name.clone(),
        created_at: occasion.now,
        expires_at,
        last_used_on: None,
        state: ProgramState::Active,
    };
    Ok((StatusCode::CREATED, Json(ProgramMade { program, key })))
}

/// At least one, and each once.
fn are_fit(scopes: &[ProgramScope]) -> bool {
    let different: BTreeSet<_> = scopes.iter().collect();
    !scopes.is_empty() && different.len() == scopes.len()
}
