//! `PUT /api/v1/account/passkeys/{passkey}`: calls a passkey something else.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_protocol::factor::RenamePasskey;
use conclave_protocol::problem::Problem;
use conclave_store::{Refused, action};

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::{NamedPasskey, not_written_as};
use crate::http::problem::{Refusal, SIGN_IN_WAY_NOT_FOUND};
use crate::http::signed_in::SignedIn;

#[utoipa::path(
    put,
    operation_id = "renamePasskey",
    path = "/account/passkeys/{passkey}",
    tag = "accounts",
    params(("passkey" = String, Path, format = Uuid)),
    request_body = RenamePasskey,
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
    NamedPasskey(id): NamedPasskey,
    occasion: Occasion,
    Body(body): Body<RenamePasskey>,
) -> Result<StatusCode, Refusal> {
    let event = Event::AccountPasskeyRename {
        account: super::id(&signed_in),
        passkey: id,
    };
    let entry = super::may_change(&app, &signed_in, &occasion, event).await?;
    let act = action::RenamePasskey {
        id,
        account: signed_in.account.id,
        label: body.label,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => {
            let names = [(Refused::NotFound, SIGN_IN_WAY_NOT_FOUND)];
            Err(not_written_as(&app, error, entry, &names).await)
        }
    }
}
