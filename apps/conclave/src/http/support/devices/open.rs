//! `POST /api/v1/support/devices/{device}/sessions`: opens a session at a computer where nobody need be.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_policy::support::CODE_LASTS;
use conclave_protocol::mls::Opaque;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::OpenSupport;
use conclave_protocol::unattended::UnattendedOpened;
use conclave_protocol::{AccountId, MeetingId, SupportSessionId, Timestamp};
use conclave_store::read::unattended::Computer;
use conclave_store::{Record, Refused, WriteError, action};

use super::{NamedComputer, find_to_help, may_be_let_in};
use crate::app::App;
use crate::http::meetings::create::{DRAWS, verifier};
use crate::http::occasion::Occasion;
use crate::http::present::{not_written, recall};
use crate::http::problem::{COMPUTER_OFFLINE, INTERNAL, NO_CODE_FREE, Refusal, SUPPORT_NOT_FOUND};
use crate::http::repeatable::Repeatable;
use crate::http::signed_in::SignedIn;
use crate::http::support::open::meeting_of;
use crate::http::support::shown;
use crate::{id, meeting_code};

/// As `POST /support/sessions`, with what is needed to be let into the computer, which comes into the session by itself once
/// an administrator of its own is shown to it. For whoever was granted it, where policy permits it.
#[utoipa::path(
    post,
    operation_id = "openUnattended",
    path = "/support/devices/{device}/sessions",
    tag = "support",
    params(
        ("device" = String, Path, format = Uuid),
        ("Idempotency-Key" = Option<String>, Header, format = Uuid)
    ),
    request_body = OpenSupport,
    responses(
        (status = 201, body = UnattendedOpened),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    NamedComputer(device): NamedComputer,
    signed_in: SignedIn,
    occasion: Occasion,
    Repeatable { body, command }: Repeatable<OpenSupport>,
) -> Result<(StatusCode, Json<UnattendedOpened>), Refusal> {
    let AccountId(account) = signed_in.account.id;
    let once = command.map(|command| command.once(account, occasion.now));
    let (session, meeting) = (id::fresh(occasion.now)?, id::fresh(occasion.now)?);
    let opened = Event::SupportUnattendedOpened {
        session,
        device: device.0,
    };
    let entry = |event: &Event| {
        let organisation = Some(signed_in.account.organisation);
        occasion.entry(organisation, signed_in.actor(), event.clone())
    };
    signed_in
        .may(&app, AccountAction::HoldSupport, &occasion, &opened)
        .await?;
    let refused = entry(&opened)?;
    let computer = find_to_help(&app, device, &signed_in, &refused).await?;
    may_be_let_in(&app, &computer, &signed_in, &refused).await?;
    if let Some(once) = &once
        && let Some(open) = recall::<action::OpenUnattended>(&app, once, &refused).await?
    {
        return answer(&app, open, &computer, &signed_in, occasion.now).await;
    }
    if !app.computers.is_online(device) {
        return Err(COMPUTER_OFFLINE.into());
    }
    let verifier = verifier(&body.invitation_verifier)?;
    for _ in 0..DRAWS {
        let open = action::OpenSupport {
            id: SupportSessionId(session),
            meeting: meeting_of(
                MeetingId(meeting),
                &signed_in,
                meeting_code::draw()?,
                verifier,
                occasion.now,
            ),
            code_until: occasion.now.plus(CODE_LASTS),
        };
        let act = action::OpenUnattended { open, device };
        let made = entry(&Event::MeetingCreate { meeting })?;
        let offered = entry(&Event::SupportOpened { session, meeting })?;
        let opened = entry(&opened)?;
        let record = Record::from([made, offered, opened.clone()]);
        match app.store.write_once(once.clone(), act, record).await {
            Err(WriteError::Refused(Refused::CodeTaken)) => {}
            Err(error) => return Err(not_written(&app, error, opened).await),
            Ok(open) => {
                return answer(&app, open.done, &computer, &signed_in, occasion.now).await;
            }
        }
    }
    Err(NO_CODE_FREE.into())
}

async fn answer(
    app: &App,
    open: SupportSessionId,
    computer: &Computer,
    technician: &SignedIn,
    now: Timestamp,
) -> Result<(StatusCode, Json<UnattendedOpened>), Refusal> {
    let session = app.store.support_session(open).await?;
    let session = session.ok_or(SUPPORT_NOT_FOUND)?;
    let run = app.computers.run(computer.id).ok_or(COMPUTER_OFFLINE)?;
    let opened = UnattendedOpened {
        session: shown(session, &technician.permitted, now),
        sealing_key: key(&computer.sealing_key)?,
        signing_key: key(&computer.signing_key)?,
        run,
    };
    Ok((StatusCode::CREATED, Json(opened)))
}

fn key(bytes: &[u8]) -> Result<Opaque, Refusal> {
    Opaque::new(bytes.to_vec()).map_err(|_| INTERNAL.into())
}
