//! `POST /api/v1/invitations`: invites an address.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Entry, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::mailed_link;
use conclave_policy::people::may_invite;
use conclave_protocol::InvitationId;
use conclave_protocol::people::{Invitation, Invite, Invited};
use conclave_protocol::problem::Problem;
use conclave_store::{Record, action};

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::{decide, not_written};
use crate::http::problem::{BUSY, EMAIL_UNUSABLE, INTERNAL, Refusal};
use crate::http::signed_in::SignedIn;
use crate::mail::Letter;
use crate::{id, recorded, secret};

/// Invites an address for a week. The server mails the link, or answers it where it sends no mail. Inviting again sends a
/// fresh link; the old one is void.
#[utoipa::path(
    post,
    operation_id = "invite",
    path = "/invitations",
    tag = "people",
    request_body = Invite,
    responses(
        (status = 201, body = Invited),
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
    Body(body): Body<Invite>,
) -> Result<(StatusCode, Json<Invited>), Refusal> {
    let id = InvitationId(id::fresh(occasion.now)?);
    let event = Event::UserInvite {
        invitation: id.0,
        role: recorded::account_role(body.role),
    };
    signed_in
        .may(&app, AccountAction::ManagePeople, &occasion, &event)
        .await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let organisation = Some(signed_in.account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    decide(&app, may_invite(signed_in.account.role, body.role), &entry).await?;
    let (token, hash) = secret::fresh()?;
    let link = app.link("invited", &token);
    let invitation = Invitation {
        id,
        email: body.email,
        role: body.role,
        invited_at: occasion.now,
        expires_at: occasion.now.plus(mailed_link::INVITATION),
    };
    let letter = letter(&app, &signed_in, &invitation, &link).await?;
    let act = action::Invite {
        id,
        token: hash,
        organisation: signed_in.account.organisation,
        email: invitation.email.clone(),
        role: invitation.role,
        invited_by: signed_in.account.id,
        at: invitation.invited_at,
        expires_at: invitation.expires_at,
    };
    write(&app, act, entry, &occasion).await?;
    let link = match letter {
        Some(letter) => {
            letter.send();
            None
        }
        None => Some(link),
    };
    Ok((StatusCode::CREATED, Json(Invited { invitation, link })))
}

/// The letter with the link, and its place in the queue; `None` where the server sends no mail.
async fn letter(
    app: &App,
    signed_in: &SignedIn,
    invitation: &Invitation,
    link: &str,
) -> Result<Option<crate::mail::Outgoing>, Refusal> {
    let Some(mail) = &app.mail else {
        return Ok(None);
    };
    let organisation = app.store.organisation(signed_in.account.organisation);
    let organisation = organisation.await?.ok_or(INTERNAL)?;
    let letter = Letter::invitation(&invitation.email, &organisation.name, link);
    let letter = letter.ok_or(EMAIL_UNUSABLE)?;
    Ok(Some(mail.take(letter).ok_or(BUSY)?))
}

async fn write(
    app: &App,
    act: action::Invite,
    entry: Entry,
    occasion: &Occasion,
) -> Result<(), Refusal> {
    let record = record(&act, &entry, occasion);
    match app.store.write(act, record).await {
        Ok(_) => Ok(()),
        Err(error) => Err(not_written(app, error, entry).await),
    }
}

/// The act, and the end of an earlier invitation.
fn record(
    act: &action::Invite,
    entry: &Entry,
    occasion: &Occasion,
) -> Record<Option<InvitationId>> {
    let (entry, occasion, organisation) = (entry.clone(), occasion.clone(), act.organisation);
    Record::after(move |before: &Option<InvitationId>| {
        let Some(InvitationId(invitation)) = *before else {
            return vec![entry];
        };
        let event = Event::UserWithdrawInvitation { invitation };
        let ended = occasion.entry(Some(organisation), entry.actor.clone(), event);
        // Without randomness there is no entry, and without entries no invitation.
        ended.map_or_else(|_| Vec::new(), |ended| vec![ended, entry])
    })
}
