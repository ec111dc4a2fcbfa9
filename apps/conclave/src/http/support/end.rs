//! `POST /api/v1/support/sessions/{support}/end`: ends a session, with its meeting.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event};
use conclave_policy::Decision;
use conclave_policy::support::may_see;
use conclave_protocol::AccountId;
use conclave_protocol::meeting::{CommandDone, EndCause};
use conclave_protocol::problem::Problem;
use conclave_store::action::{EndMeeting, Revision};
use conclave_store::read::support::SupportSession;
use conclave_store::{Refused, WriteError};

use super::NamedSupport;
use crate::app::App;
use crate::http::command::{self, Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{not_written, recall, to_the_end};
use crate::http::problem::{Refusal, SUPPORT_NOT_FOUND};
use crate::http::signed_in::SignedIn;
use crate::rooms::Room;
use crate::{ending, recorded};

/// Ends the session for both. For its technician, and for owners, admins and account managers of the organisation; to
/// everybody else it does not exist. Works even while the server can't write its data, and changes nothing where it is over.
#[utoipa::path(
    post,
    operation_id = "endSupport",
    path = "/support/sessions/{support}/end",
    tag = "support",
    params(
        ("support" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    responses(
        (status = 200, body = CommandDone),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    NamedSupport(id): NamedSupport,
    signed_in: SignedIn,
    key: Command,
    occasion: Occasion,
) -> Result<Json<CommandDone>, Refusal> {
    let session = app.store.support_session(id).await?;
    let session = session.filter(|found| found.organisation == signed_in.account.organisation);
    let session = session.ok_or(SUPPORT_NOT_FOUND)?;
    sees(&app, &session, &signed_in, &occasion).await?;
    let AccountId(account) = signed_in.account.id;
    let once = key.once(account, occasion.now);
    let cause = cause(&session, &signed_in);
    let event = Event::MeetingEnd {
        meeting: session.meeting.0,
    };
    let organisation = Some(session.organisation);
    let mut entry = occasion.entry(organisation, signed_in.actor(), event)?;
    if let Some(revision) = recall::<EndMeeting>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    if session.standing().ended_at.is_some() {
        return is_over(&app, &session).await;
    }
    entry.reason = recorded::end_cause(cause);
    let act = EndMeeting {
        meeting: session.meeting,
        cause,
        at: occasion.now,
    };
    to_the_end(async move {
        let room = Room::reserve(&app.media, session.meeting).await?;
        let written = ending::write(&app.store, Some(once), act, entry.clone());
        match written.await {
            // Somebody else was faster.
            Err(WriteError::Refused(Refused::MeetingEnded)) => is_over(&app, &session).await,
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(kept) => {
                room.end();
                app.channels.changed(session.meeting);
                Ok(command::kept(kept))
            }
        }
    })
    .await
}

/// What is wanted holds: nothing is done, and nothing recorded.
async fn is_over(app: &App, session: &SupportSession) -> Result<Json<CommandDone>, Refusal> {
    let meeting = app.store.meeting(session.meeting).await?;
    let revision = meeting.map_or(0, |meeting| meeting.revision);
    Ok(done(Revision(revision)))
}

/// A refusal is recorded.
async fn sees(
    app: &App,
    session: &SupportSession,
    signed_in: &SignedIn,
    occasion: &Occasion,
) -> Result<(), Refusal> {
    let account = &signed_in.account;
    let Decision::Deny(reason) = may_see(&session.standing(), account.id, account.role) else {
        return Ok(());
    };
    let event = ending::of_session(session, cause(session, signed_in), occasion.now);
    let organisation = Some(session.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    app.record(entry.refused(Code::new(reason.code()))).await;
    Err(SUPPORT_NOT_FOUND.into())
}

fn cause(session: &SupportSession, signed_in: &SignedIn) -> EndCause {
    match session.technician == signed_in.account.id {
        true => EndCause::Host,
        false => EndCause::Administrator,
    }
}
