//! `DELETE /api/v1/invitations/{invitation}`: makes an invitation's link void.

use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::people::may_invite;
use conclave_protocol::InvitationId;
use conclave_protocol::problem::Problem;
use conclave_store::action::WithdrawInvitation;
use conclave_store::{Refused, WriteError};

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{decide, not_written};
use crate::http::problem::{INVITATION_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// The invitation that the address names.
pub(crate) struct NamedInvitation(InvitationId);

/// Withdraws an invitation that nobody has accepted.
#[utoipa::path(
    delete,
    operation_id = "withdrawInvitation",
    path = "/invitations/{invitation}",
    tag = "people",
    params(("invitation" = String, Path, format = Uuid)),
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
    NamedInvitation(id): NamedInvitation,
    occasion: Occasion,
) -> Result<StatusCode, Refusal> {
    let event = Event::UserWithdrawInvitation { invitation: id.0 };
    signed_in
        .may(&app, AccountAction::ManagePeople, &occasion, &event)
        .await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let organisation = signed_in.account.organisation;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let found = app.store.invitation(id).await?;
    let Some(invitation) = found.filter(|found| found.organisation == organisation) else {
        let refused = entry.refused(Code::new("no_such_invitation"));
        app.record(refused).await;
        return Err(INVITATION_NOT_FOUND.into());
    };
    let decision = may_invite(signed_in.account.role, invitation.role);
    decide(&app, decision, &entry).await?;
    let act = WithdrawInvitation { id };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error @ WriteError::Refused(Refused::NotFound)) => {
            not_written(&app, error, entry).await;
            Err(INVITATION_NOT_FOUND.into())
        }
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}

impl FromRequestParts<App> for NamedInvitation {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let params = RawPathParams::from_request_parts(parts, &()).await.ok();
        let named = params.as_ref().and_then(|params| {
            let (_, text) = params.iter().find(|(name, _)| *name == "invitation")?;
            text.parse().ok()
        });
        named.map(Self).ok_or(INVITATION_NOT_FOUND.into())
    }
}
