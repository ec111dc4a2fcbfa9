//! A meeting's life: made, changed, locked, guarded, given another passcode, cancelled, and ended. A host's arrival opens it ([`super::Join`]).

use std::time::Duration;

use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::time_out::OwnTimeOuts;
use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::meeting::{
    DataMode, EndCause, EntryRule, MeetingCode, MeetingState, Uninvited,
};
use conclave_protocol::personal::{EmailAddress, Title};
use conclave_protocol::schedule::Schedule;
use conclave_protocol::{AccountId, MeetingId, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Builder;

use super::{Action, Apply, Failure, Revision, support};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// Makes a scheduled meeting at revision 1. Refused: [`Refused::CodeTaken`], also by a meeting that is over, and
/// [`Refused::AccountState`] unless the host's account is active.
pub struct CreateMeeting {
    pub id: MeetingId,
    pub organisation: OrganisationId,
    pub host: AccountId,
    pub code: MeetingCode,
    pub title: Title,
    pub starts_at: Option<Timestamp>,
    pub planned: Option<Planned>,
    /// SHA-256 of the invitation proof.
    pub invitation_verifier: [u8; 32],
    pub time_outs: OwnTimeOuts,
    /// For as long as there is this meeting.
    pub data_mode: DataMode,
    pub entry: EntryRule,
    pub uninvited: Uninvited,
    /// Addresses on its list.
    pub invited: Vec<EmailAddress>,
    pub at: Timestamp,
}

/// A schedule, with what follows from it.
#[derive(Clone)]
pub struct Planned {
    pub schedule: Schedule,
    pub first_begins: Timestamp,
    pub last_begins: Timestamp,
}

/// Says anew what a meeting is called, when it takes place, who comes straight in and when it ends by itself. Refused:
/// [`Refused::Conflict`] where that was changed since it was read, or is not for a host to say: of a support session;
/// [`Refused::MeetingEnded`], also for no meeting.
pub struct ChangeMeeting {
    pub meeting: MeetingId,
    /// As it was read.
    pub seen: u64,
    pub title: Title,
    pub planned: Planned,
    pub entry: EntryRule,
    pub uninvited: Uninvited,
    pub time_outs: OwnTimeOuts,
}

/// Ends a meeting that nobody has opened, and all that would follow it. Refused: [`Refused::Conflict`] where it was changed
/// since it was read, or belongs to a support session; [`Refused::MeetingLive`], [`Refused::MeetingEnded`], also for no
/// meeting.
pub struct CancelMeeting {
    pub meeting: MeetingId,
    /// As it was read.
    pub seen: u64,
    pub at: Timestamp,
}

/// Lets nobody straight in by the link alone until then, or lifts that. Refused: [`Refused::MeetingEnded`], also for no
/// meeting.
pub struct GuardMeeting {
    pub meeting: MeetingId,
    pub until: Option<Timestamp>,
}

/// Has another passcode hold: the next that follows from the meeting's link. Refused: [`Refused::Conflict`] where a support
/// session takes place in it; [`Refused::MeetingEnded`], also for no meeting.
pub struct ChangePasscode {
    pub meeting: MeetingId,
}

/// Ends a meeting for everybody; its code leads nowhere, or to the one that follows: where it was opened, and is to
/// begin again after `at`, by a host who may have meetings. Whoever still waits has waited until then. A support session ends
/// with its meeting.
/// Refused: [`Refused::MeetingEnded`], [`Refused::NotFound`].
#[derive(Clone, Serialize, Deserialize)]
pub struct EndMeeting {
    pub meeting: MeetingId,
    #[serde(default)]
    pub cause: EndCause,
    pub at: Timestamp,
}

/// Lets nobody new in, or lifts that. Refused: [`Refused::MeetingEnded`], [`Refused::NotFound`].
pub struct LockMeeting {
    pub meeting: MeetingId,
    pub locked: bool,
}

impl Action for CreateMeeting {}

impl Apply for CreateMeeting {
    type Done = MeetingId;

    async fn apply(self, link: &mut Link<'_>) -> Result<MeetingId, Failure> {
        let id = self.id;
        super::account::is_active(link, self.host).await?;
        if was_of(link, self.code).await?.is_some() {
            return Err(Refused::CodeTaken.into());
        }
        let last_begins = self.planned.as_ref().map(|planned| planned.last_begins);
        let first_begins = self.planned.as_ref().map(|planned| planned.first_begins);
        let schedule = self.planned.map(|planned| planned.schedule);
        let inserted = insert_meeting(
            link,
            self.id,
            self.organisation,
            self.host,
            self.code,
            self.title,
            first_begins.or(self.starts_at),
            schedule,
            last_begins,
            self.invitation_verifier,
            self.time_outs.empty,
            self.time_outs.host_absent,
            self.time_outs.longest,
            self.time_outs.idle_share,
            self.data_mode,
            self.entry,
            self.uninvited,
            self.at,
        )
        .await?;
        if inserted == 0 {
            return Err(Refused::CodeTaken.into());
        }
        for email in self.invited {
            let normalised = email.normalised();
            insert_invited(link, id, email, normalised).await?;
        }
        Ok(id)
    }
}

impl Action for LockMeeting {}

impl Apply for LockMeeting {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        match lock_meeting(link, self.meeting, self.locked).await? {
            Some((revision,)) => Ok(Revision(revision)),
            None => Err(over_or_unknown(link, self.meeting).await?.into()),
        }
    }
}

impl Action for EndMeeting {}

impl Apply for EndMeeting {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let (meeting, at) = (self.meeting, self.at);
        let revision = self.for_good(link).await?;
        let next = following(meeting, at);
        if has_a_host(link, meeting).await? && follow(link, meeting, next, at).await? > 0 {
            take_the_list_along(link, meeting, next).await?;
        }
        Ok(revision)
    }
}

impl EndMeeting {
    /// Nothing follows it.
    pub(super) async fn for_good(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let Some((revision,)) = end_meeting(link, self.meeting, self.cause, self.at).await? else {
            return Err(over_or_unknown(link, self.meeting).await?.into());
        };
        send_away(link, self.meeting, self.at).await?;
        support::end_with_meeting(link, self.meeting, self.at).await?;
        Ok(Revision(revision))
    }
}

impl Action for ChangeMeeting {}

impl Apply for ChangeMeeting {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let changed = change_meeting(
            link,
            self.meeting,
            self.seen,
            self.title,
            self.planned.schedule,
            self.planned.first_begins,
            self.planned.last_begins,
            self.entry,
            self.uninvited,
            self.time_outs.empty,
            self.time_outs.host_absent,
            self.time_outs.longest,
            self.time_outs.idle_share,
        );
        match changed.await? {
            Some((revision,)) => Ok(Revision(revision)),
            None => Err(moved_on(link, self.meeting).await?.into()),
        }
    }
}

impl Action for CancelMeeting {}

impl Apply for CancelMeeting {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let cancelled = cancel_meeting(link, self.meeting, self.seen, EndCause::Host, self.at);
        let Some((revision,)) = cancelled.await? else {
            let state = meeting_state(link, self.meeting).await?;
            return Err(match state {
                Some((MeetingState::Live,)) => Refused::MeetingLive.into(),
                _ => moved_on(link, self.meeting).await?.into(),
            });
        };
        send_away(link, self.meeting, self.at).await?;
        Ok(Revision(revision))
    }
}

impl Action for GuardMeeting {}

impl Apply for GuardMeeting {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let guarded = guard_meeting(link, self.meeting, self.until).await?;
        let (revision,) = guarded.ok_or(Refused::MeetingEnded)?;
        Ok(Revision(revision))
    }
}

impl Action for ChangePasscode {}

impl Apply for ChangePasscode {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        match change_passcode(link, self.meeting).await? {
            Some((revision,)) => Ok(Revision(revision)),
            None => Err(moved_on(link, self.meeting).await?.into()),
        }
    }
}

/// Made of the one that it follows: an act that is done again after a crash makes no other.
fn following(MeetingId(meeting): MeetingId, at: Timestamp) -> MeetingId {
    let digest = Sha256::new()
        .chain_update("conclave/v1/following-meeting")
        .chain_update(meeting)
        .finalize();
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    let millis = u64::try_from(at.as_micros() / 1_000).unwrap_or(0);
    MeetingId(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// Whether anybody could ever open another one: not after its account was removed, or given a role that hosts nothing.
async fn has_a_host(link: &mut Link<'_>, meeting: MeetingId) -> Result<bool, sqlx::Error> {
    let host = host_of(link, meeting).await?;
    Ok(host.is_some_and(|(role, state)| {
        let hosts = account_may(role, AccountAction::CreateMeeting).is_allowed();
        hosts && state != AccountState::Removed
    }))
}

async fn send_away(link: &mut Link<'_>, meeting: MeetingId, at: Timestamp) -> Result<(), Failure> {
    disconnect_participants(link, meeting, at).await?;
    turn_away_who_waits(link, meeting, at).await?;
    Ok(())
}

async fn moved_on(link: &mut Link<'_>, meeting: MeetingId) -> Result<Refused, Failure> {
    Ok(match meeting_state(link, meeting).await? {
        Some((MeetingState::Scheduled | MeetingState::Live,)) => Refused::Conflict,
        Some((MeetingState::Ended,)) | None => Refused::MeetingEnded,
    })
}

async fn over_or_unknown(link: &mut Link<'_>, meeting: MeetingId) -> Result<Refused, Failure> {
    Ok(match meeting_state(link, meeting).await? {
        Some(_) => Refused::MeetingEnded,
        None => Refused::NotFound,
    })
}

statements! {
    execute insert_meeting(
        id: MeetingId, organisation: OrganisationId, host: AccountId, code: MeetingCode,
        title: Title, starts_at: Option<Timestamp>, schedule: Option<Schedule>,
        last_begins: Option<Timestamp>, invitation_verifier: [u8; 32],
        empty: Option<Duration>, host_absent: Option<Duration>, longest: Option<Duration>,
        idle_share: Option<Duration>, data_mode: DataMode, entry: EntryRule, uninvited: Uninvited,
        at: Timestamp,
    )
        = "INSERT INTO meeting
             (id, organisation, host, code, title, starts_at, schedule, last_begins, invitation_verifier,
              empty_time_out, host_absent_time_out, longest_time_out, idle_share_time_out, data_mode, entry,
              uninvited, created_at, state, revision)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                   'scheduled', 1)
           ON CONFLICT (code) WHERE state <> 'ended' DO NOTHING";

    optional was_of(code: MeetingCode) -> (MeetingId,)
        = "SELECT id FROM meeting WHERE code = $1 AND state = 'ended' LIMIT 1";

    execute insert_invited(meeting: MeetingId, email: EmailAddress, normalised: String)
        = "INSERT INTO meeting_invited (meeting, email, email_normalised) VALUES ($1, $2, $3)
           ON CONFLICT (meeting, email_normalised) DO NOTHING";

    optional lock_meeting(id: MeetingId, locked: bool) -> (u64,)
        = "UPDATE meeting SET locked = $2, revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING revision";

    optional end_meeting(id: MeetingId, cause: EndCause, at: Timestamp) -> (u64,)
        = "UPDATE meeting
           SET state = 'ended', ended_because = $2, ended_at = $3, revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING revision";

    optional host_of(meeting: MeetingId) -> (AccountRole, AccountState)
        = "SELECT a.role, a.state FROM meeting m JOIN account a ON a.id = m.host WHERE m.id = $1";

    execute follow(before: MeetingId, id: MeetingId, at: Timestamp)
        = "INSERT INTO meeting
             (id, organisation, host, code, title, starts_at, schedule, last_begins, sequence, series,
              invitation_verifier, empty_time_out, host_absent_time_out, longest_time_out, idle_share_time_out,
              data_mode, entry, uninvited, link_admits, passcode_number, created_at, state, revision)
           SELECT $2, organisation, host, code, title, starts_at, schedule, last_begins, sequence,
                  COALESCE(series, id), invitation_verifier, empty_time_out, host_absent_time_out,
                  longest_time_out, idle_share_time_out, data_mode, entry, uninvited, link_admits, passcode_number,
                  $3, 'scheduled', 1
           FROM meeting WHERE id = $1 AND started_at IS NOT NULL AND last_begins > $3";

    execute take_the_list_along(before: MeetingId, id: MeetingId)
        = "INSERT INTO meeting_invited (meeting, email, email_normalised)
           SELECT $2, email, email_normalised FROM meeting_invited WHERE meeting = $1";

    optional change_meeting(
        id: MeetingId, seen: u64, title: Title, schedule: Schedule, starts_at: Timestamp,
        last_begins: Timestamp, entry: EntryRule, uninvited: Uninvited,
        empty: Option<Duration>, host_absent: Option<Duration>, longest: Option<Duration>,
        idle_share: Option<Duration>,
    ) -> (u64,)
        = "UPDATE meeting
           SET title = $3, schedule = $4, starts_at = $5, last_begins = $6, entry = $7, uninvited = $8,
               empty_time_out = $9, host_absent_time_out = $10, longest_time_out = $11,
               idle_share_time_out = $12,
               sequence = sequence + 1, revision = revision + 1
           WHERE id = $1 AND sequence = $2 AND state <> 'ended'
             AND NOT EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = meeting.id)
           RETURNING revision";

    optional cancel_meeting(id: MeetingId, seen: u64, cause: EndCause, at: Timestamp) -> (u64,)
        = "UPDATE meeting
           SET state = 'ended', ended_because = $3, ended_at = $4, sequence = sequence + 1,
               revision = revision + 1
           WHERE id = $1 AND sequence = $2 AND state = 'scheduled'
             AND NOT EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = meeting.id)
           RETURNING revision";

    optional guard_meeting(id: MeetingId, until: Option<Timestamp>) -> (u64,)
        = "UPDATE meeting SET guarded_until = $2, revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING revision";

    optional change_passcode(id: MeetingId) -> (u64,)
        = "UPDATE meeting SET passcode_number = passcode_number + 1, revision = revision + 1
           WHERE id = $1 AND state <> 'ended'
             AND NOT EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = meeting.id)
           RETURNING revision";

    optional meeting_state(id: MeetingId) -> (MeetingState,)
        = "SELECT state FROM meeting WHERE id = $1";

    execute disconnect_participants(meeting: MeetingId, at: Timestamp)
        = "UPDATE participant SET connected = FALSE, connection_changed_at = $2
           WHERE meeting = $1 AND connected";

    execute turn_away_who_waits(meeting: MeetingId, at: Timestamp)
        = "UPDATE participant SET left_at = $2
           WHERE meeting = $1 AND left_at IS NULL AND admission IN ('waiting', 'host_absent')";
}
