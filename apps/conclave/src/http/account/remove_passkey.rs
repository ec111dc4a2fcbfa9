//! `DELETE /api/v1/account/passkeys/{passkey}`: a passkey opens the account no longer.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use conclave_audit::Event;
use conclave_protocol::problem::Problem;
use conclave_store::{Refused, action};

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{NamedPasskey, not_written_as};
use crate::http::problem::{Refusal, SIGN_IN_WAY_NOT_FOUND};
use crate::http::session::renew;
use crate::http::signed_in::SignedIn;

/// Removes it. The session goes on under another cookie, the account's others end.
#[utoipa::path(
    delete,
    operation_id = "removePasskey",
    path = "/account/passkeys/{passkey}",
    tag = "accounts",
    params(("passkey" = String, Path, format = Uuid)),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    NamedPasskey(id): NamedPasskey,
    occasion: Occasion,
) -> Result<impl IntoResponse, Refusal> {
    let event = Event::AccountPasskeyRemove {
        account: super::id(&signed_in),
        passkey: id,
    };
    let entry = super::may_change(&app, &signed_in, &occasion, event).await?;
    let (renewal, cookie) = renew(&signed_in, signed_in.assurance(), &occasion)?;
    let act = action::RemovePasskey {
        id,
        account: signed_in.account.id,
        keep_one: super::keeps_one(&signed_in),
        renewal,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok((StatusCode::NO_CONTENT, cookie)),
        Err(error) => {
            let names = [(Refused::NotFound, SIGN_IN_WAY_NOT_FOUND)];
            Err(not_written_as(&app, error, entry, &names).await)
        }
    }
}
