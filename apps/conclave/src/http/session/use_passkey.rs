//! `POST /api/v1/session/passkey`: signs in with a passkey, or proves again who sits there.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use conclave_audit::{Actor, Code, Event};
use conclave_policy::second_factor::Assurance;
use conclave_protocol::account::Me;
use conclave_protocol::factor::UsePasskey;
use conclave_protocol::problem::Problem;
use conclave_store::action::{Proof, UsedPasskey};
use conclave_store::read::account::Account;

use super::Entrance;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{CHANGED_MEANWHILE, PASSKEY_REFUSED, PASSKEYS_UNAVAILABLE, Refusal};
use crate::http::signed_in::Entering;
use crate::passkeys::NotAccepted;

/// Signs in; the answer sets the session's cookie. Whoever is signed in to this account goes on under it. With `account`
/// nobody else's passkey will do: so is an act repeated that asked for proof, and falls on nobody else.
#[utoipa::path(
    post,
    operation_id = "usePasskey",
    path = "/session/passkey",
    tag = "accounts",
    request_body = UsePasskey,
    responses(
        (status = 200, body = Me),
        (status = 401, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    before: Option<Entering>,
    occasion: Occasion,
    headers: HeaderMap,
    Body(body): Body<UsePasskey>,
) -> Result<Response, Refusal> {
    let (account, used) = match find(&app, &occasion, body).await? {
        Found::Right(account, used) => (account, used),
        Found::Wrong(account) => return Err(refuse(&app, &occasion, account).await?),
    };
    let before = before.map(|Entering(signed_in)| signed_in);
    let replaces = before
        .filter(|before| before.account.id == account.id)
        .map(|before| before.session);
    let entrance = Entrance {
        account: account.clone(),
        assurance: Assurance::Passkey,
        proof: Proof::Passkey(used),
        shown: None,
        replaces,
    };
    match entrance.open(&app, &occasion, &headers).await {
        Err(refusal) if refusal.kind == CHANGED_MEANWHILE => {
            Err(refuse(&app, &occasion, Some(account)).await?)
        }
        outcome => outcome,
    }
}

enum Found {
    Right(Account, UsedPasskey),
    /// And whose it would be, where it is known at all.
    Wrong(Option<Account>),
}

async fn find(app: &App, occasion: &Occasion, body: UsePasskey) -> Result<Found, Refusal> {
    let passkeys = app.second_factors.passkeys.as_ref();
    let passkeys = passkeys.ok_or(PASSKEYS_UNAVAILABLE)?;
    let (now, wanted) = (occasion.now, body.account);
    let shown = match passkeys.end_use(body.ceremony.reveal(), body.credential, now) {
        Ok(shown) => shown,
        Err(NotAccepted::Wrong) => return Ok(Found::Wrong(None)),
        Err(error) => return Err(error.into()),
    };
    let Some(kept) = app.store.passkey(shown.credential_id()).await? else {
        return Ok(Found::Wrong(None));
    };
    let Some(account) = app.store.account(kept.account).await? else {
        return Ok(Found::Wrong(None));
    };
    // At a machine of several people the browser offers all their passkeys.
    if wanted.is_some_and(|wanted| wanted != account.id) {
        return Ok(Found::Wrong(Some(account)));
    }
    match shown.check(account.id.0, &kept.credential) {
        Ok(after) => {
            let used = UsedPasskey {
                id: kept.id,
                before: kept.credential,
                after,
                at: now,
            };
            Ok(Found::Right(account, used))
        }
        Err(NotAccepted::Wrong) => Ok(Found::Wrong(Some(account))),
        Err(error) => Err(error.into()),
    }
}

async fn refuse(
    app: &App,
    occasion: &Occasion,
    account: Option<Account>,
) -> Result<Refusal, Refusal> {
    let organisation = account.as_ref().map(|account| account.organisation);
    let account = account.map(|account| account.id.0);
    let event = Event::AuthFail { account };
    let entry = occasion.entry(organisation, Actor::Anonymous, event)?;
    app.record(entry.failed(Code::new("wrong_passkey"))).await;
    Ok(PASSKEY_REFUSED.into())
}
