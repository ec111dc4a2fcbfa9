//! `POST /api/v1/session/single-sign-on/logout`: the identity provider signs somebody out everywhere
//! (OpenID Connect Back-Channel Logout 1.0).

use axum::extract::rejection::RawFormRejection;
use axum::extract::{RawForm, State};
use axum::http::StatusCode;
use conclave_audit::{Actor, Code, Event};
use conclave_policy::logout_token::LogoutToken;
use conclave_protocol::AccountId;
use conclave_protocol::problem::Problem;
use conclave_protocol::single_sign_on::ProviderLogout;
use conclave_store::action::SignOut;
use conclave_store::read::federated_identity::FederatedSession;
use conclave_store::{Refused, WriteError};
use url::form_urlencoded;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::to_the_end;
use crate::http::problem::{
    LOGOUT_TOKEN_INVALID, MALFORMED_REQUEST, Refusal, SINGLE_SIGN_ON_OFF,
    SINGLE_SIGN_ON_UNAVAILABLE,
};
use crate::single_sign_on::NotArrived;

/// Ends the sessions that the provider opened for whom it names: of that session of its own, or all. Works even while
/// the server can't write its data.
#[utoipa::path(
    post,
    operation_id = "providerLogout",
    path = "/session/single-sign-on/logout",
    tag = "accounts",
    request_body(content = ProviderLogout, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200),
        (status = 400, body = Problem),
        (status = 501, body = Problem),
        (status = 503, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    form: Result<RawForm, RawFormRejection>,
) -> Result<StatusCode, Refusal> {
    let provider = app.single_sign_on.as_ref().ok_or(SINGLE_SIGN_ON_OFF)?;
    let RawForm(form) = form.map_err(|_| MALFORMED_REQUEST)?;
    let mut pairs = form_urlencoded::parse(&form);
    let token = pairs.find(|(name, _)| name == "logout_token");
    let (_, token) = token.ok_or(MALFORMED_REQUEST)?;
    let token = match provider.logout(&token, occasion.now).await {
        Ok(token) => token,
        Err(NotArrived::Unavailable(_)) => return Err(SINGLE_SIGN_ON_UNAVAILABLE.into()),
        Err(error) => {
            let to = Code::new("provider_logout");
            let entry = occasion.entry(None, Actor::Anonymous, Event::AccessRefused { to })?;
            app.record(entry.refused(Code::new(error.code()))).await;
            return Err(LOGOUT_TOKEN_INVALID.into());
        }
    };
    let ended = app.clone();
    to_the_end(async move {
        end_all(&ended, &occasion, &token).await?;
        if let Some(provider) = &ended.single_sign_on {
            provider.logged_out(&token, occasion.now);
        }
        Ok(StatusCode::OK)
    })
    .await
}

/// One that can't be ended keeps none of the others. It looks again, since one may go on under another cookie meanwhile.
async fn end_all(app: &App, occasion: &Occasion, token: &LogoutToken) -> Result<(), Refusal> {
    let (subject, session) = (token.subject.as_deref(), token.session.as_deref());
    let mut refused = None;
    for _ in 0..LOOKS {
        let opened = app
            .store
            .federated_sessions(&token.issuer, subject, session)
            .await?;
        if opened.is_empty() {
            return Ok(());
        }
        refused = None;
        for session in opened {
            if let Err(refusal) = end(app, occasion, session).await {
                refused = Some(refusal);
            }
        }
    }
    refused.map_or(Ok(()), Err)
}

/// A session is renewed by its holder's own act: nobody does so faster than this looks.
const LOOKS: usize = 3;

async fn end(app: &App, occasion: &Occasion, opened: FederatedSession) -> Result<(), Refusal> {
    let AccountId(account) = opened.account;
    let event = Event::AuthSessionRevoke { account };
    let entry = occasion.entry(Some(opened.organisation), Actor::System, event)?;
    let session = opened.id;
    match app
        .store
        .write_or_spool(None, SignOut { session }, entry)
        .await
    {
        // Its holder may have ended it a moment ago.
        Ok(_) | Err(WriteError::Refused(Refused::NotFound)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
