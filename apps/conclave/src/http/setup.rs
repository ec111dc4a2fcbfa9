//! `POST /api/v1/setup`: spends the one-time link and makes the owner.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse};
use conclave_audit::{Actor, Code, Event};
use conclave_policy::password::Context;
use conclave_policy::rules::Layers;
use conclave_policy::setup_link::SetupLink;
use conclave_policy::{Decision, Reason};
use conclave_protocol::account::{AccountRole, Me, SetUp};
use conclave_protocol::problem::Problem;
use conclave_protocol::{AccountId, OrganisationId};
use conclave_store::TokenHash;
use conclave_store::action::CreateOwner;

use super::body::Body;
use super::chosen_password::choose;
use super::occasion::Occasion;
use super::problem::{OWNER_EXISTS, Refusal, SETUP_LINK_INVALID};
use super::session::{Opening, seconds};
use crate::app::App;
use crate::{id, policies, recorded, secret};

/// Makes the organisation and its owner, and signs the owner in.
#[utoipa::path(
    post,
    operation_id = "setUp",
    path = "/setup",
    tag = "accounts",
    request_body = SetUp,
    responses(
        (status = 201, body = Me),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(super) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<SetUp>,
) -> Result<impl IntoResponse, Refusal> {
    let token = secret::hash(body.token.reveal());
    let account = AccountId(id::fresh(occasion.now)?);
    check_link(&app, &occasion, token, account).await?;
    let context = Context {
        organisation: body.organisation.as_str(),
        display_name: body.display_name.as_str(),
        email: body.email.as_str(),
    };
    let password = choose(&body.password, context)?;
    let password = app.passwords.hash(password).await?;
    let opening = Opening::new(account, &occasion)?;
    let organisation = OrganisationId(id::fresh(occasion.now)?);
    let owner = recorded::account_with(account, AccountRole::Owner, Some(opening.session.id));
    let AccountId(id) = account;
    let made = Event::UserCreateOwner { account: id };
    let login = Event::AuthLogin {
        account: id,
        unknown_browser: false,
    };
    let entries = [
        occasion.entry(Some(organisation), Actor::Operator, made)?,
        occasion.entry(Some(organisation), owner, login)?,
    ];
    let permitted = app.policies.resolve(&Layers::default());
    let limits = policies::session_limits(&permitted);
    let me = Json(Me {
        account,
        organisation,
        organisation_name: body.organisation.clone(),
        email: body.email.clone(),
        display_name: body.display_name.clone(),
        role: AccountRole::Owner,
        permitted,
        second_factor_due: true,
        idle_left: seconds(limits.left(opening.times(), occasion.now)),
        emergency_only: false,
    });
    let act = CreateOwner {
        token,
        organisation,
        organisation_name: body.organisation,
        account,
        email: body.email,
        display_name: body.display_name,
        password,
        session: opening.session,
        at: occasion.now,
    };
    app.store.write(act, entries).await?;
    Ok((StatusCode::CREATED, AppendHeaders([opening.cookie]), me))
}

/// Before any hashing: a stranger without the link costs nothing.
async fn check_link(
    app: &App,
    occasion: &Occasion,
    token: TokenHash,
    AccountId(account): AccountId,
) -> Result<(), Refusal> {
    let refused = async |reason| {
        let event = Event::UserCreateOwner { account };
        let entry = occasion.entry(None, Actor::Anonymous, event)?;
        app.record(entry.refused(reason)).await;
        Ok::<(), Refusal>(())
    };
    if app.store.owner_exists().await? {
        refused(Code::new("owner_exists")).await?;
        return Err(OWNER_EXISTS.into());
    }
    let decision = match app.store.setup_link(token).await? {
        Some(link) => SetupLink {
            expires_at: link.expires_at,
            used_at: link.used_at,
        }
        .check(occasion.now),
        None => Decision::Deny(Reason::Expired),
    };
    if let Decision::Deny(_) = decision {
        refused(Code::new("setup_link_invalid")).await?;
        return Err(SETUP_LINK_INVALID.into());
    }
    Ok(())
}
