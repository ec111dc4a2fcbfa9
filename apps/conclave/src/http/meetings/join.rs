//! `POST /api/v1/meetings/{code}/join`: knocks, or comes in.
//!
//! A code that does not exist, a meeting that is over and an invitation of another meeting get
//! one answer at one time, and each is charged as a guess.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use conclave_policy::Throttled;
use conclave_protocol::meeting::{JoinMeeting, Joined, MeetingCode};
use conclave_protocol::problem::Problem;
use tokio::time::Instant;

use super::knock::Knock;
use super::repeat::Repeat;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::own_browser::{Kept, remember};
use crate::http::present::{TypedCode, to_the_end};
use crate::http::problem::{IDEMPOTENCY_KEY_NOT_RANDOM, Refusal};
use crate::http::repeatable::Repeatable;
use crate::http::signed_in::SignedIn;

/// Asks to be let in. The answer holds the participant's credential; all requests with one key are
/// one participant, and get the same.
#[utoipa::path(
    post,
    operation_id = "joinMeeting",
    path = "/meetings/{code}/join",
    tag = "meetings",
    params(
        ("code" = String, Path, description = "Nine digits, with or without dashes"),
        (
            "Idempotency-Key" = Option<String>, Header, format = Uuid,
            description = "A random UUID (version 4), kept secret for a day: whoever shows it is answered with the participant's credential"
        )
    ),
    request_body = JoinMeeting,
    responses(
        (status = 201, body = Joined),
        (status = 400, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    signed_in: Option<SignedIn>,
    occasion: Occasion,
    headers: HeaderMap,
    Repeatable { body, command }: Repeatable<JoinMeeting>,
) -> Result<(StatusCode, Kept, Json<Joined>), Refusal> {
    if command
        .as_ref()
        .is_some_and(|command| !command.key_is_random())
    {
        return Err(IDEMPOTENCY_KEY_NOT_RANDOM.into());
    }
    let repeat = command.map(|command| Repeat::of(&app, &command, signed_in.as_ref(), &occasion));
    let knock = Knock {
        charged: Ok(()),
        begun: Instant::now(),
        app,
        code: MeetingCode::parse(&code),
        signed_in,
        occasion,
        body,
        repeat,
    };
    let kept = remember(&headers)?;
    if let Some(joined) = knock.recall().await? {
        return Ok((StatusCode::CREATED, kept, Json(joined)));
    }
    let charged = charge(&knock.app, &knock.occasion);
    let knock = Knock { charged, ..knock };
    let joined = to_the_end(async move { knock.enter().await }).await?;
    Ok((StatusCode::CREATED, kept, Json(joined)))
}

/// Each knock is a guess until it turns out to be right.
fn charge(app: &App, occasion: &Occasion) -> Result<(), Throttled> {
    let from = occasion.source.address;
    app.throttles.wrong_codes().admit(from, occasion.now)
}
