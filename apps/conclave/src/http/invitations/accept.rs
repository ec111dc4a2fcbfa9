//! `POST /api/v1/invitations/accept`: spends an invitation's link and makes an account.
//!
//! Whoever has the mail has the address: the link verifies it, and the invitation is an administrator's approval.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse};
use conclave_audit::{Actor, Event};
use conclave_policy::password::Context;
use conclave_policy::second_factor::{self, Assurance};
use conclave_protocol::AccountId;
use conclave_protocol::account::Me;
use conclave_protocol::people::Accept;
use conclave_protocol::personal::DisplayName;
use conclave_protocol::problem::Problem;
use conclave_store::TokenHash;
use conclave_store::action::{AcceptInvitation, Chosen};
use conclave_store::read::invitation::Invitation;

use crate::app::App;
use crate::http::body::Body;
use crate::http::chosen_password::choose;
use crate::http::mailed_link;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{INTERNAL, Refusal};
use crate::http::session::{Opening, seconds};
use crate::{id, policies, recorded, secret};

/// Makes the account that the link is for, and signs its holder in.
#[utoipa::path(
    post,
    operation_id = "acceptInvitation",
    path = "/invitations/accept",
    tag = "accounts",
    request_body = Accept,
    responses(
        (status = 201, body = Me),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<Accept>,
) -> Result<impl IntoResponse, Refusal> {
    let token = secret::hash(body.token.reveal());
    let invitation = find(&app, &occasion, token).await?;
    let organisation = app.store.organisation(invitation.organisation).await?;
    let organisation = organisation.ok_or(INTERNAL)?;
    let context = Context {
        organisation: organisation.name.as_str(),
        display_name: body.display_name.as_str(),
        email: invitation.email.as_str(),
    };
    let password = choose(&body.password, context)?;
    let chosen = Chosen::Password(app.passwords.hash(password).await?);
    let name = body.display_name;
    make(&app, &occasion, token, name, chosen, Assurance::Password).await
}

async fn find(app: &App, occasion: &Occasion, token: TokenHash) -> Result<Invitation, Refusal> {
    let found = app.store.invitation_by_token(token, occasion.now).await?;
    if let Some(invitation) = found {
        return Ok(invitation);
    }
    let event = Event::UserAcceptInvitation {
        invitation: None,
        account: None,
    };
    Err(mailed_link::invalid(app, occasion, event).await?)
}

/// Spends the link: whoever holds it has chosen how to sign in.
pub(in crate::http) async fn make(
    app: &App,
    occasion: &Occasion,
    token: TokenHash,
    display_name: DisplayName,
    chosen: Chosen,
    assurance: Assurance,
) -> Result<impl IntoResponse + use<>, Refusal> {
    let invitation = find(app, occasion, token).await?;
    let organisation = app.store.organisation(invitation.organisation).await?;
    let organisation = organisation.ok_or(INTERNAL)?;
    let account = AccountId(id::fresh(occasion.now)?);
    let mut opening = Opening::new(account, occasion)?;
    opening.session.assurance = assurance;
    let permitted = app
        .policies
        .permitted(organisation.id, Some(account))
        .await?;
    let session = Some(opening.session.id);
    let holder = recorded::proved_by(account, invitation.role, session, assurance);
    let AccountId(id) = account;
    let made = Event::UserAcceptInvitation {
        invitation: Some(invitation.id.0),
        account: Some(id),
    };
    let made = occasion.entry(Some(organisation.id), Actor::Anonymous, made)?;
    let login = Event::AuthLogin {
        account: id,
        unknown_browser: false,
    };
    let login = occasion.entry(Some(organisation.id), holder, login)?;
    let times = opening.times();
    let act = AcceptInvitation {
        token,
        account,
        display_name: display_name.clone(),
        chosen,
        session: opening.session,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, [made.clone(), login]).await {
        return Err(not_written(app, error, made).await);
    }
    let me = Json(Me {
        account,
        organisation: organisation.id,
        organisation_name: organisation.name,
        email: invitation.email,
        display_name,
        role: invitation.role,
        second_factor_due: second_factor::restricts(
            invitation.role,
            policies::wants_second_factor(&permitted),
            assurance,
        ),
        idle_left: seconds(policies::session_limits(&permitted).left(times, occasion.now)),
        permitted,
        emergency_only: false,
    });
    Ok((StatusCode::CREATED, AppendHeaders([opening.cookie]), me))
}
