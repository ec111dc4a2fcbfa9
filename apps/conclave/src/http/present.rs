//! Who is in a meeting: the participant behind a credential, in the meeting that the address names.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

use axum::extract::{FromRequestParts, OptionalFromRequestParts, RawPathParams};
use axum::http::header;
use axum::http::request::Parts;
use conclave_audit::{Actor, Code, Entry, Event};
use conclave_policy::capability::MeetingAction;
use conclave_policy::meeting::{Member, command};
use conclave_policy::{Decision, Reason};
use conclave_protocol::{
    AccountGroupId, AccountId, EmergencyUseId, MeetingId, ParticipantId, ProgramId,
};
use conclave_store::action::Action;
use conclave_store::read::meeting::Meeting;
use conclave_store::read::participant::Participant;
use conclave_store::{Once, Refused, WriteError};
use tracing::Instrument;
use uuid::Uuid;

use super::occasion::Occasion;
use super::problem::{
    DEVICE_REQUEST_NOT_FOUND, EMERGENCY_NOT_FOUND, EMERGENCY_NOT_OPEN, EMERGENCY_ONLY,
    EMERGENCY_OPEN, GROUP_NOT_FOUND, HELD_BY_PROFILE, INTERNAL, Kind, MEETING_ENDED,
    MEETING_LOCKED, MEETING_NOT_FOUND, NEEDS_ANOTHER, NO_GUESTS, NOT_ADMITTED, NOT_ALLOWED,
    NOT_AUTHENTICATED, OWN_ACCOUNT, OWN_EMERGENCY, PARTICIPANT_NOT_FOUND, PASSCODE_NEEDED,
    POLICY_SUBJECT_NOT_FOUND, PROGRAM_NOT_FOUND, PUT_OUT, Refusal, SECOND_FACTOR_REQUIRED,
    SIGN_IN_WAY_NOT_FOUND, STEP_UP_REQUIRED, STRONGER_PROOF_REQUIRED, SWITCHED_OFF,
};
use crate::app::App;
use crate::{recorded, secret};

/// A participant, with the meeting as the store has it at this moment.
pub(super) struct Present {
    pub(super) meeting: Meeting,
    pub(super) participant: Participant,
}

impl Present {
    pub(super) fn actor(&self) -> Actor {
        recorded::participant(&self.participant)
    }

    pub(super) fn member(&self) -> Member {
        Member {
            role: self.participant.role,
            admission: self.participant.admission,
        }
    }

    pub(super) fn entry(&self, occasion: &Occasion, event: Event) -> Result<Entry, Refusal> {
        let organisation = Some(self.meeting.organisation);
        Ok(occasion.entry(organisation, self.actor(), event)?)
    }

    /// Asks policy. A refusal is recorded as `entry`'s.
    pub(super) async fn may(
        &self,
        app: &App,
        action: MeetingAction,
        entry: &Entry,
    ) -> Result<(), Refusal> {
        decide(
            app,
            command(self.meeting.state, self.member(), action),
            entry,
        )
        .await
    }

    /// As [`Self::may`], of who only asks: that is free, so it is its record that has a pace.
    pub(super) async fn may_read(
        &self,
        app: &App,
        action: MeetingAction,
        occasion: &Occasion,
        entry: &Entry,
    ) -> Result<(), Refusal> {
        let decision = command(self.meeting.state, self.member(), action);
        let Decision::Deny(reason) = decision else {
            return Ok(());
        };
        let refused = entry.clone().refused(Code::new(reason.code()));
        app.record_at_pace(occasion, refused).await;
        Err(kind(reason).into())
    }

    /// A participant of another meeting is as one who does not exist. A refusal is recorded as `entry`'s.
    pub(super) async fn sees(
        &self,
        app: &App,
        other: ParticipantId,
        entry: &Entry,
    ) -> Result<Participant, Refusal> {
        seen(app, &self.meeting, other, entry).await
    }
}

/// As [`Present::sees`], of a meeting that somebody reaches from outside.
pub(super) async fn seen(
    app: &App,
    meeting: &Meeting,
    other: ParticipantId,
    entry: &Entry,
) -> Result<Participant, Refusal> {
    let found = app.store.participant(other).await?;
    if let Some(found) = found.filter(|found| found.meeting == meeting.id) {
        return Ok(found);
    }
    let refused = entry.clone().refused(Code::new("no_such_participant"));
    app.record(refused).await;
    Err(PARTICIPANT_NOT_FOUND.into())
}

/// The answer to a command that was done before. A key that belongs to another request is refused, and
/// recorded as `entry`'s refusal.
pub(super) async fn recall<A: Action>(
    app: &App,
    once: &Once,
    entry: &Entry,
) -> Result<Option<A::Done>, Refusal> {
    match app.store.recall::<A>(once).await {
        Ok(done) => Ok(done),
        Err(error) => Err(not_written(app, error, entry.clone()).await),
    }
}

/// What the store refuses is recorded as what policy refuses is.
pub(super) async fn not_written(app: &App, error: WriteError, entry: Entry) -> Refusal {
    if let WriteError::Refused(refused) = &error {
        app.record(entry.refused(Code::new(refused.code()))).await;
    }
    error.into()
}

/// As [`not_written`], where something of what the store refuses has a name of its own.
pub(super) async fn not_written_as(
    app: &App,
    error: WriteError,
    entry: Entry,
    names: &[(Refused, Kind)],
) -> Refusal {
    let named = match &error {
        WriteError::Refused(refused) => names.iter().find(|(why, _)| why == refused),
        _ => None,
    };
    let otherwise = not_written(app, error, entry).await;
    named.map_or(otherwise, |(_, kind)| Refusal::from(*kind))
}

/// Turns policy's answer into the caller's, and records a refusal.
pub(super) async fn decide(app: &App, decision: Decision, entry: &Entry) -> Result<(), Refusal> {
    let Decision::Deny(reason) = decision else {
        return Ok(());
    };
    let refused = entry.clone().refused(Code::new(reason.code()));
    app.record(refused).await;
    Err(kind(reason).into())
}

fn kind(reason: Reason) -> Kind {
    match reason {
        Reason::Role => NOT_ALLOWED,
        Reason::SwitchedOff => SWITCHED_OFF,
        Reason::NoGuests => NO_GUESTS,
        Reason::HeldByProfile => HELD_BY_PROFILE,
        Reason::NeedsAnother => NEEDS_ANOTHER,
        Reason::MeetingEnded => MEETING_ENDED,
        Reason::MeetingLocked => MEETING_LOCKED,
        Reason::OwnAccount => OWN_ACCOUNT,
        Reason::WrongInvitation | Reason::NotInvited => MEETING_NOT_FOUND,
        Reason::StepUp => STEP_UP_REQUIRED,
        Reason::SecondFactor => SECOND_FACTOR_REQUIRED,
        Reason::WeakProof => STRONGER_PROOF_REQUIRED,
        Reason::EmergencyOpen => EMERGENCY_OPEN,
        Reason::NoEmergency => EMERGENCY_NOT_OPEN,
        Reason::PutOut => PUT_OUT,
        Reason::OwnEmergency => OWN_EMERGENCY,
        Reason::EmergencyOnly => EMERGENCY_ONLY,
        Reason::Passcode => PASSCODE_NEEDED,
        Reason::NotAdmitted
        | Reason::MeetingNotLive
        | Reason::Spent
        | Reason::Expired
        | Reason::GraceOver => NOT_ADMITTED,
    }
}

/// Runs to its end even when the caller hangs up: what is written is also told.
pub(super) async fn to_the_end<T: Send + 'static>(
    act: impl Future<Output = Result<T, Refusal>> + Send + 'static,
) -> Result<T, Refusal> {
    // Boxed: a task is much code, which is there once for each type that is run as one.
    let act: Pin<Box<dyn Future<Output = Result<T, Refusal>> + Send>> = Box::pin(act);
    let task = tokio::spawn(act.in_current_span());
    task.await.map_err(|_| INTERNAL)?
}

impl FromRequestParts<App> for Present {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let credential = bearer(parts).ok_or(NOT_AUTHENTICATED)?;
        let hash = secret::hash(credential);
        let Some(participant) = app.store.participant_by_credential(hash).await? else {
            return Err(unknown(parts, app).await?);
        };
        let meeting = app.store.meeting(participant.meeting).await?;
        let present = Self {
            meeting: meeting.ok_or(MEETING_NOT_FOUND)?,
            participant,
        };
        match named(parts, "id").await == Some(present.meeting.id) {
            true => Ok(present),
            false => Err(elsewhere(parts, app, &present).await?),
        }
    }
}

/// A credential that nobody has. Showing none at all is nobody's act, and is not recorded.
async fn unknown(parts: &mut Parts, app: &App) -> Result<Refusal, Refusal> {
    let occasion = Occasion::from_request_parts(parts, app).await?;
    let entry = occasion.entry(None, Actor::Anonymous, to_meeting())?;
    let reason = Code::new("unknown_credential");
    app.record_at_pace(&occasion, entry.refused(reason)).await;
    Ok(NOT_AUTHENTICATED.into())
}

/// A meeting that is not theirs is to them as one that does not exist.
async fn elsewhere(parts: &mut Parts, app: &App, present: &Present) -> Result<Refusal, Refusal> {
    let occasion = Occasion::from_request_parts(parts, app).await?;
    let entry = present.entry(&occasion, to_meeting())?;
    let refused = entry.refused(Code::new("other_meeting"));
    app.record_at_pace(&occasion, refused).await;
    Ok(MEETING_NOT_FOUND.into())
}

fn to_meeting() -> Event {
    let to = Code::new("meeting");
    Event::AccessRefused { to }
}

impl OptionalFromRequestParts<App> for Present {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Refusal> {
        if bearer(parts).is_none() {
            return Ok(None);
        }
        <Self as FromRequestParts<App>>::from_request_parts(parts, app)
            .await
            .map(Some)
    }
}

/// The meeting that the address names. What is no identity names no meeting.
pub(super) struct Named(pub(super) MeetingId);

/// The participant that the address names.
pub(super) struct NamedParticipant(pub(super) ParticipantId);

/// The browser's request that the address names.
pub(super) struct NamedRequest(pub(super) Uuid);

/// The group of accounts that the address names.
pub(super) struct NamedGroup(pub(super) AccountGroupId);

/// The account that the address names.
pub(super) struct NamedAccount(pub(super) AccountId);
/// The passkey that the address names.
pub(super) struct NamedPasskey(pub(super) Uuid);

/// The session that the address names; empty where that is no text.
pub(super) struct NamedSession(pub(super) String);

/// The program that the address names.
pub(super) struct NamedProgram(pub(super) ProgramId);

/// The use of emergency access that the address names.
pub(super) struct NamedEmergency(pub(super) EmergencyUseId);

impl FromRequestParts<App> for NamedEmergency {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "use").await;
        id.map(Self).ok_or(EMERGENCY_NOT_FOUND.into())
    }
}

impl FromRequestParts<App> for NamedProgram {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "program").await;
        id.map(Self).ok_or(PROGRAM_NOT_FOUND.into())
    }
}

/// The meeting's code as somebody typed it into an address; empty where that is no text.
pub(super) struct TypedCode(pub(super) String);

impl FromRequestParts<App> for TypedCode {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Infallible> {
        let code = named(parts, "code").await;
        Ok(Self(code.unwrap_or_default()))
    }
}

impl FromRequestParts<App> for Named {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "id").await;
        id.map(Self).ok_or(MEETING_NOT_FOUND.into())
    }
}

impl FromRequestParts<App> for NamedParticipant {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "participant").await;
        id.map(Self).ok_or(PARTICIPANT_NOT_FOUND.into())
    }
}

impl FromRequestParts<App> for NamedRequest {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "request").await;
        id.map(Self).ok_or(DEVICE_REQUEST_NOT_FOUND.into())
    }
}

impl FromRequestParts<App> for NamedGroup {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "group").await;
        id.map(Self).ok_or(GROUP_NOT_FOUND.into())
    }
}

impl FromRequestParts<App> for NamedAccount {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "account").await;
        id.map(Self).ok_or(POLICY_SUBJECT_NOT_FOUND.into())
    }
}

impl FromRequestParts<App> for NamedPasskey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "passkey").await;
        id.map(Self).ok_or(SIGN_IN_WAY_NOT_FOUND.into())
    }
}

impl FromRequestParts<App> for NamedSession {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Infallible> {
        let id = named(parts, "session").await;
        Ok(Self(id.unwrap_or_default()))
    }
}

pub(super) async fn named<Id: std::str::FromStr>(parts: &mut Parts, key: &str) -> Option<Id> {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    let (_, text) = params.iter().find(|(name, _)| *name == key)?;
    text.parse().ok()
}

pub(super) fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credential) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| credential.trim())
}
