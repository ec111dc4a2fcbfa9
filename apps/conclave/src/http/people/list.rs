//! `GET /api/v1/people`: who has an account, and who is invited.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::people::{Invitation, People, Person};
use conclave_protocol::problem::Problem;
use conclave_protocol::{AccountId, Timestamp};
use conclave_store::read::account::Account;
use conclave_store::read::invitation;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::{MALFORMED_REQUEST, Refusal};
use crate::http::session::sign_in::key;
use crate::http::signed_in::Polling;

/// Which page.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    after: Option<AccountId>,
}

/// Everybody who has an account or an invitation, page by page: `after` the last one of the page before. Asking does not keep the session open.
#[utoipa::path(
    get,
    operation_id = "listPeople",
    path = "/people",
    tag = "people",
    params(("after" = Option<String>, Query, format = Uuid)),
    responses(
        (status = 200, body = People),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Polling(signed_in): Polling,
    occasion: Occasion,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<People>, Refusal> {
    signed_in
        .may_read(
            &app,
            AccountAction::SeePeople,
            Code::new("people"),
            &occasion,
        )
        .await?;
    let organisation = signed_in.account.organisation;
    let Query(Page { after }) = page.map_err(|_| MALFORMED_REQUEST)?;
    let (people, next) = app.store.accounts(organisation, after).await?;
    let known = app.store.known_to_directory(organisation).await?;
    // They are few: all of them are on the first page.
    let invitations = match after {
        None => app.store.invitations(organisation, occasion.now).await?,
        Some(_) => Vec::new(),
    };
    Ok(Json(People {
        people: people
            .into_iter()
            .map(|account| person(&app, account, &known, occasion.now))
            .collect(),
        next,
        invitations: invitations.into_iter().map(invited).collect(),
        sends_mail: app.mail.is_some(),
    }))
}

fn person(app: &App, account: Account, known: &BTreeSet<AccountId>, now: Timestamp) -> Person {
    let key = key(account.email.as_str());
    let is_locked = app.throttles.sign_in().is_locked(key, now)
        || app.throttles.sealed_codes().is_locked(key, now)
        || app.second_factors.wrong().is_locked(account.id, now);
    Person {
        by_directory: known.contains(&account.id),
        is_locked,
        account: account.id,
        email: account.email,
        display_name: account.display_name,
        role: account.role,
        state: account.state,
        created_at: account.created_at,
    }
}

fn invited(invitation: invitation::Invitation) -> Invitation {
    Invitation {
        id: invitation.id,
        email: invitation.email,
        role: invitation.role,
        invited_at: invitation.invited_at,
        expires_at: invitation.expires_at,
    }
}
