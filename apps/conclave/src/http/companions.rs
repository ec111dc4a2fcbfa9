//! A presenter's computer in their meeting: offered with a code, brought by its agent, lent to one participant at a time,
//! told of by its agent.
//!
//! # Security
//! The code is 256 random bits, kept hashed, and good once, for ten minutes, for the participant who asked for it. Whoever
//! has it and not the meeting's link finds a meeting without a key. What reaches the computer, the person in front of it
//! permits there; the media room lets nothing through but between it and whom its owner chose.

pub(super) mod bring;
pub(super) mod facts;
pub(super) mod give;
pub(super) mod look_up;
pub(super) mod offer;
pub(super) mod terms;

use conclave_audit::{Actor, Code, Event};
use conclave_policy::companion::{Owner, Stage, may_bring};
use conclave_policy::meeting::Member;
use conclave_policy::{Decision, Reason};
use conclave_protocol::personal::{DisplayName, Secret};
use conclave_protocol::policy::Permitted;
use conclave_store::ReadError;
use conclave_store::read::companion::Companion;
use conclave_store::read::meeting::Meeting;
use conclave_store::read::participant::Participant;

use super::occasion::Occasion;
use super::problem::{COMPANION_NOT_FOUND, MEETING_LOCKED, Refusal, SWITCHED_OFF};
use crate::app::App;
use crate::secret;

/// A computer that was offered, where it was, and for whom.
struct Offered {
    companion: Companion,
    meeting: Meeting,
    owner: Participant,
}

/// Whether somebody may show a screen in their meeting at this moment. Whom it was handed to, and who is not there, holds
/// nobody up.
async fn presents(app: &App, meeting: &Meeting, who: &Participant) -> Result<bool, ReadError> {
    let handed_to = match meeting.presenter {
        Some(presenter) => app.store.participant(presenter).await?,
        None => None,
    };
    let stage = Stage {
        sharing: meeting.sharing,
        handed_to: handed_to.filter(|it| it.connected).map(|it| it.id),
    };
    Ok(stage.is_open_to(who.id, who.role))
}

async fn permitted(app: &App, meeting: &Meeting, who: &Participant) -> Result<Permitted, Refusal> {
    let permitted = app.policies.of_participant(meeting, who).await?.permitted;
    // In a session what is named for support holds, and nothing else.
    let meeting_control = permitted.meeting_control && !meeting.is_support;
    Ok(Permitted {
        meeting_control,
        ..permitted
    })
}

fn member(participant: &Participant) -> Member {
    Member {
        role: participant.role,
        admission: participant.admission,
    }
}

/// What a code leads to, if its computer may come in at this moment. What is none, is spent or too old gets one answer.
async fn offered(app: &App, code: &Secret, occasion: &Occasion) -> Result<Offered, Refusal> {
    let Some(offered) = find(app, code).await? else {
        refused(app, occasion, None, Code::new("no_such_code")).await?;
        return Err(COMPANION_NOT_FOUND.into());
    };
    let Offered {
        companion,
        meeting,
        owner,
    } = &offered;
    let permitted = permitted(app, meeting, owner).await?;
    let standing = Owner {
        member: member(owner),
        presents: presents(app, meeting, owner).await?,
        permitted: &permitted,
    };
    let decision = may_bring(
        meeting.state,
        meeting.locked,
        standing,
        companion.offer(),
        occasion.now,
    );
    if let Decision::Deny(reason) = decision {
        refused(app, occasion, Some(meeting), Code::new(reason.code())).await?;
        return Err(match reason {
            Reason::MeetingLocked => MEETING_LOCKED.into(),
            Reason::SwitchedOff => SWITCHED_OFF.into(),
            _ => COMPANION_NOT_FOUND.into(),
        });
    }
    Ok(offered)
}

async fn find(app: &App, code: &Secret) -> Result<Option<Offered>, Refusal> {
    let hash = secret::hash(code.reveal());
    let Some(companion) = app.store.companion_by_code(hash).await? else {
        return Ok(None);
    };
    let meeting = app.store.meeting(companion.meeting).await?;
    let owner = app.store.participant(companion.owner).await?;
    Ok(meeting.zip(owner).map(|(meeting, owner)| Offered {
        companion,
        meeting,
        owner,
    }))
}

/// Strangers can ask: what they are refused is on record no faster than others of theirs.
async fn refused(
    app: &App,
    occasion: &Occasion,
    meeting: Option<&Meeting>,
    reason: Code,
) -> Result<(), Refusal> {
    let to = Code::new("companion");
    let organisation = meeting.map(|meeting| meeting.organisation);
    let entry = occasion.entry(organisation, Actor::Anonymous, Event::AccessRefused { to })?;
    app.record_at_pace(occasion, entry.refused(reason)).await;
    Ok(())
}

/// As what a computer is in the meeting. Pages say it in their own words, of its owner.
fn name_of(owner: &Participant) -> DisplayName {
    let name = format!("{} (computer)", owner.display_name.as_str());
    DisplayName::parse(&name).unwrap_or_else(|_| owner.display_name.clone())
}
