//! A program: whose key a request shows, and whether it may do what it asks.
//!
//! # Security
//!
//! A key that is wrong, over, revoked or without the scope gets one answer, so that whoever found one learns nothing of it.
//! Each such try is on record, and slowed down as a stranger's. A key that is right never waits for others' tries.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use conclave_audit::{Actor, Code, Entry, Event};
use conclave_policy::program::{ProgramAction, day, program_may};
use conclave_protocol::ProgramId;
use conclave_protocol::program::ProgramState;
use conclave_store::UpkeepReason;
use conclave_store::action::TouchProgram;
use conclave_store::read::program::Program;
use tokio::time::timeout;

use super::occasion::Occasion;
use super::present::bearer;
use super::problem::{KEY_REFUSED, Refusal, TOO_MANY_ATTEMPTS};
use crate::app::App;
use crate::secret;
use crate::secret::NoRandomness;

/// What every key begins with: programs that look for leaked secrets find it.
pub(super) const PREFIX: &str = "ccl_";

/// Whether the request means to come from a program.
pub(super) fn shows_key(parts: &Parts) -> bool {
    bearer(parts).is_some_and(|text| text.starts_with(PREFIX))
}

/// The program whose key the request shows, if it may do this. A refusal is recorded.
pub(super) async fn find(
    app: &App,
    parts: &mut Parts,
    action: ProgramAction,
    to: Code,
) -> Result<(Program, Occasion), Refusal> {
    let occasion = Occasion::from_request_parts(parts, app).await?;
    // Showing none is nobody's act.
    let key = bearer(parts).ok_or(KEY_REFUSED)?;
    let event = Event::AccessRefused { to };
    let Some(program) = app.store.program_by_key(secret::hash(key)).await? else {
        let entry = occasion.entry(None, Actor::Anonymous, event)?;
        return Err(refuse(app, &occasion, entry, "unknown_key").await);
    };
    let reason = match program.state(occasion.now) {
        ProgramState::Revoked => "revoked",
        ProgramState::Expired => "expired",
        ProgramState::Active if !program_may(&program.scopes.0, action).is_allowed() => "scope",
        ProgramState::Active => {
            touch(app, &program, &occasion).await;
            return Ok((program, occasion));
        }
    };
    let entry = entry(&program, &occasion, event)?;
    Err(refuse(app, &occasion, entry, reason).await)
}

pub(super) fn actor(program: &Program) -> Actor {
    let ProgramId(id) = program.id;
    Actor::Program { id }
}

/// An entry of an act of the program's that succeeded.
pub(super) fn entry(
    program: &Program,
    occasion: &Occasion,
    event: Event,
) -> Result<Entry, NoRandomness> {
    occasion.entry(Some(program.organisation), actor(program), event)
}

async fn refuse(app: &App, occasion: &Occasion, entry: Entry, reason: &'static str) -> Refusal {
    let address = occasion.source.address;
    let charged = app.throttles.wrong_keys().charge(address, occasion.now);
    let refused = entry.refused(Code::new(reason));
    match charged {
        Ok(()) => {
            app.record(refused).await;
            KEY_REFUSED.into()
        }
        Err(throttled) => {
            app.record_at_pace(occasion, refused).await;
            Refusal::after(TOO_MANY_ATTEMPTS, throttled.until.since(occasion.now))
        }
    }
}

/// Best effort: a program that takes rights must be able to while nothing can be written.
async fn touch(app: &App, program: &Program, occasion: &Occasion) {
    let on = day(occasion.now);
    if program.last_used_on.is_some_and(|last| last >= on) {
        return;
    }
    let touch = TouchProgram {
        program: program.id,
        on,
    };
    let written = app.store.write_unaudited(UpkeepReason::Presence, touch);
    if !matches!(timeout(TOUCH, written).await, Ok(Ok(()))) {
        tracing::warn!("a program's use was not written in time");
    }
}

/// How long a request waits until its program's use is written.
const TOUCH: std::time::Duration = std::time::Duration::from_secs(1);
