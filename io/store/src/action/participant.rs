//! Somebody in a meeting: joining, being let in, leaving.

use conclave_protocol::meeting::{Admission, EntryRule, MeetingState, ParticipantRole, Uninvited};
use conclave_protocol::meeting_session::ClientKind;
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{AccountId, MeetingId, ParticipantId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Action, Apply, Failure, Revision, Upkeep, companion, support};
use crate::engine::{Link, row, statements};
use crate::error::Refused;
use crate::read::invited;
use crate::secret::TokenHash;

/// Adds a participant with the standing that policy gave them, and opens the meeting where they are its first host.
///
/// Refused: [`Refused::Conflict`] when the meeting's door is no longer as it was `decided_on`,
/// [`Refused::MeetingEnded`], [`Refused::MeetingFull`], [`Refused::NotFound`],
/// [`Refused::KeyReused`] when somebody has the credential, [`Refused::AccountState`] when their account is not active.
#[derive(Clone)]
pub struct Join {
    pub meeting: MeetingId,
    pub participant: ParticipantId,
    pub credential: TokenHash,
    pub display_name: DisplayName,
    pub account: Option<AccountId>,
    pub role: ParticipantRole,
    pub admission: Admission,
    pub client: ClientKind,
    /// Holds the invitation's link.
    pub proven: bool,
    /// Opens a scheduled meeting: it goes live, and whoever waits for a host is admitted.
    pub opens: bool,
    /// The state that policy saw.
    pub decided_on: MeetingState,
    /// As policy saw it: whoever holds the link comes straight in.
    pub link_admitted: bool,
    /// As policy saw it: nobody new comes in but a host.
    pub was_locked: bool,
    /// As policy saw it: strangers wait, whatever they show.
    pub was_guarded: bool,
    /// As policy saw them.
    pub entry: EntryRule,
    pub uninvited: Uninvited,
    /// As policy saw it: an account on the meeting's list, by which it comes in.
    pub by_list: Option<AccountId>,
    /// Places of the arrival's kind: in the lobby for who waits, else in the meeting.
    pub places: u32,
    /// When all are taken, whoever has been without a connection since then or longer loses theirs.
    pub absent_since: Timestamp,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    pub participant: ParticipantId,
    pub revision: u64,
    /// Who waited for a host and was let in by this one's arrival.
    pub admitted: Vec<ParticipantId>,
    /// Who had been away for too long to keep the place that the arrival took.
    pub displaced: Option<ParticipantId>,
}

/// Lets somebody in from the lobby. Refused: [`Refused::NotWaiting`], [`Refused::MeetingEnded`],
/// [`Refused::MeetingLocked`], [`Refused::NotFound`]; [`Refused::MeetingFull`] of a support session that helps somebody
/// else.
pub struct Admit {
    pub meeting: MeetingId,
    pub participant: ParticipantId,
    pub at: Timestamp,
}

/// Lets all of them in who wait still. Refused: [`Refused::NotWaiting`] where none does, [`Refused::MeetingEnded`],
/// [`Refused::MeetingLocked`], [`Refused::NotFound`], [`Refused::MeetingFull`] as with [`Admit`].
pub struct AdmitAll {
    pub meeting: MeetingId,
    pub participants: Vec<ParticipantId>,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdmittedAll {
    pub revision: Revision,
    pub participants: Vec<ParticipantId>,
}

/// A host's page was shown by somebody who waits that they know the passcode. Refused: [`Refused::NotWaiting`], also of whom
/// that is known already; [`Refused::MeetingEnded`].
pub struct Vouch {
    pub meeting: MeetingId,
    pub participant: ParticipantId,
}

/// Leaves for good. Refused: [`Refused::NotFound`] for who is not, or no longer, there.
#[derive(Clone, Serialize, Deserialize)]
pub struct Leave {
    pub meeting: MeetingId,
    pub participant: ParticipantId,
    pub at: Timestamp,
}

/// A participant's channel or media came or went. What was written late, or not at all, in between does
/// not matter: the last one counts.
#[derive(Clone)]
pub struct SetConnected {
    pub participant: ParticipantId,
    pub connected: bool,
    pub at: Timestamp,
}

/// Nobody is connected: the server has just started.
pub struct DisconnectAll {
    pub at: Timestamp,
}

impl Action for Join {}

impl Apply for Join {
    type Done = Joined;

    async fn apply(self, link: &mut Link<'_>) -> Result<Joined, Failure> {
        let found = door(link, self.meeting).await?.ok_or(Refused::NotFound)?;
        if found.state == MeetingState::Ended {
            return Err(Refused::MeetingEnded.into());
        }
        if !self.was_decided_on(&found) {
            return Err(Refused::Conflict.into());
        }
        if let Some(account) = self.account {
            super::account::is_active(link, account).await?;
        }
        if let Some(account) = self.by_list
            && invited::includes(link, self.meeting, account)
                .await?
                .is_none()
        {
            return Err(Refused::Conflict.into());
        }
        if has_credential(link, self.credential).await?.is_some() {
            return Err(Refused::KeyReused.into());
        }
        let displaced = self.find_place(link).await?;
        if displaced.is_some() {
            companion::follow_owners(link, self.meeting, self.at).await?;
        }
        forget_who_never_came_in(link, self.meeting, MOST_REMEMBERED).await?;
        let admitted = match self.opens {
            true => self.open(link).await?,
            false => Vec::new(),
        };
        let revision = raise_revision(link, self.meeting).await?;
        insert_participant(
            link,
            self.participant,
            self.meeting,
            self.credential,
            self.display_name,
            self.account,
            self.role,
            self.admission,
            self.client,
            self.proven,
            self.at,
        )
        .await?;
        Ok(Joined {
            participant: self.participant,
            revision,
            admitted,
            displaced,
        })
    }
}

row! {
    /// What decides who comes in.
    pub(super) struct Door {
        pub(super) state: MeetingState,
        pub(super) link_admits: bool,
        pub(super) locked: bool,
        pub(super) entry: EntryRule,
        pub(super) uninvited: Uninvited,
        pub(super) guarded_until: Option<Timestamp>,
    }
}

impl Join {
    fn was_decided_on(&self, door: &Door) -> bool {
        let guarded = door.guarded_until.is_some_and(|until| self.at < until);
        (door.state, door.link_admits) == (self.decided_on, self.link_admitted)
            && (door.locked, guarded) == (self.was_locked, self.was_guarded)
            && (door.entry, door.uninvited) == (self.entry, self.uninvited)
    }

    /// Whose place the arrival takes, if there is none that is free.
    async fn find_place(&self, link: &mut Link<'_>) -> Result<Option<ParticipantId>, Failure> {
        let waits = self.admission == Admission::Waiting;
        let taken = match waits {
            true => count_waiting(link, self.meeting).await?,
            false => count_invited(link, self.meeting).await?,
        };
        if taken.is_none_or(|(taken,)| taken < u64::from(self.places)) {
            return Ok(None);
        }
        let displaced = match waits {
            true => displace_waiting(link, self.meeting, self.absent_since, self.at).await?,
            false => displace_invited(link, self.meeting, self.absent_since, self.at).await?,
        };
        let (displaced,) = displaced.ok_or(Refused::MeetingFull)?;
        Ok(Some(displaced))
    }

    async fn open(&self, link: &mut Link<'_>) -> Result<Vec<ParticipantId>, sqlx::Error> {
        open_meeting(link, self.meeting, self.at).await?;
        let admitted = admit_who_waits_for_a_host(link, self.meeting, self.at).await?;
        Ok(admitted.into_iter().map(|(id,)| id).collect())
    }
}

impl Action for Admit {}

impl Apply for Admit {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        is_open(link, self.meeting).await?;
        if admit(link, self.participant, self.meeting, self.at).await? == 0 {
            return Err(Refused::NotWaiting.into());
        }
        support::let_in(link, self.meeting, self.participant, self.at).await?;
        Ok(Revision(raise_revision(link, self.meeting).await?))
    }
}

impl Action for AdmitAll {}

impl Apply for AdmitAll {
    type Done = AdmittedAll;

    async fn apply(self, link: &mut Link<'_>) -> Result<AdmittedAll, Failure> {
        is_open(link, self.meeting).await?;
        let mut participants = Vec::new();
        for participant in self.participants {
            if admit(link, participant, self.meeting, self.at).await? > 0 {
                support::let_in(link, self.meeting, participant, self.at).await?;
                participants.push(participant);
            }
        }
        if participants.is_empty() {
            return Err(Refused::NotWaiting.into());
        }
        let revision = Revision(raise_revision(link, self.meeting).await?);
        Ok(AdmittedAll {
            revision,
            participants,
        })
    }
}

impl Action for Vouch {}

impl Apply for Vouch {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        if vouch(link, self.participant, self.meeting).await? == 0 {
            return Err(Refused::NotWaiting.into());
        }
        Ok(Revision(raise_revision(link, self.meeting).await?))
    }
}

impl Action for Leave {}

impl Apply for Leave {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        if leave(link, self.participant, self.meeting, self.at).await? == 0 {
            return Err(Refused::NotFound.into());
        }
        companion::follow_owners(link, self.meeting, self.at).await?;
        let revision = revision_after_leaving(link, self.meeting).await?;
        let (revision,) = revision.ok_or(Refused::NotFound)?;
        Ok(Revision(revision))
    }
}

impl Upkeep for SetConnected {}

impl Apply for SetConnected {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        set_connected(link, self.participant, self.connected, self.at).await?;
        Ok(())
    }
}

impl Upkeep for DisconnectAll {}

impl Apply for DisconnectAll {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        disconnect_all(link, self.at).await?;
        Ok(())
    }
}

/// Of those who went before they were let in, so many of a meeting are kept: more than a lobby holds, so
/// that each is told why. Whoever knocks and goes again and again fills nothing.
const MOST_REMEMBERED: u32 = 500;

/// Whether anybody can be let in.
async fn is_open(link: &mut Link<'_>, meeting: MeetingId) -> Result<(), Failure> {
    let door = door(link, meeting).await?.ok_or(Refused::NotFound)?;
    match (door.state, door.locked) {
        (MeetingState::Ended, _) => Err(Refused::MeetingEnded.into()),
        (_, true) => Err(Refused::MeetingLocked.into()),
        (MeetingState::Scheduled | MeetingState::Live, false) => Ok(()),
    }
}

/// No command comes after the end, also if it was decided before it.
pub(super) async fn raise_revision(
    link: &mut Link<'_>,
    meeting: MeetingId,
) -> Result<u64, Failure> {
    match next_revision(link, meeting).await? {
        Some((revision,)) => Ok(revision),
        None => Err(Refused::MeetingEnded.into()),
    }
}

statements! {
    optional door(id: MeetingId) -> Door
        = "SELECT state, link_admits, locked, entry, uninvited, guarded_until FROM meeting WHERE id = $1";

    optional next_revision(id: MeetingId) -> (u64,)
        = "UPDATE meeting SET revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING revision";

    optional revision_after_leaving(id: MeetingId) -> (u64,)
        = "UPDATE meeting SET revision = revision + 1 WHERE id = $1 RETURNING revision";

    optional has_credential(credential: TokenHash) -> (bool,)
        = "SELECT TRUE FROM participant WHERE credential_hash = $1";

    optional count_waiting(meeting: MeetingId) -> (u64,)
        = "SELECT COUNT(*) FROM participant WHERE meeting = $1 AND admission = 'waiting'";

    optional count_invited(meeting: MeetingId) -> (u64,)
        = "SELECT COUNT(*) FROM participant
           WHERE meeting = $1 AND admission IN ('host_absent', 'admitted')";

    optional displace_waiting(
        meeting: MeetingId, absent_since: Timestamp, at: Timestamp,
    ) -> (ParticipantId,)
        = "UPDATE participant SET admission = 'left', left_at = $3
           WHERE id = (SELECT id FROM participant
                       WHERE meeting = $1 AND admission = 'waiting'
                         AND NOT connected AND connection_changed_at <= $2
                       ORDER BY connection_changed_at, id LIMIT 1)
           RETURNING id";

    optional displace_invited(
        meeting: MeetingId, absent_since: Timestamp, at: Timestamp,
    ) -> (ParticipantId,)
        = "UPDATE participant SET admission = 'left', left_at = $3
           WHERE id = (SELECT id FROM participant
                       WHERE meeting = $1 AND admission IN ('host_absent', 'admitted')
                         AND NOT connected AND connection_changed_at <= $2
                       ORDER BY connection_changed_at, id LIMIT 1)
           RETURNING id";

    execute forget_who_never_came_in(meeting: MeetingId, most: u32)
        = "DELETE FROM participant
           WHERE meeting = $1 AND admitted_at IS NULL AND left_at IS NOT NULL
             AND id NOT IN (SELECT id FROM participant
                            WHERE meeting = $1 AND admitted_at IS NULL AND left_at IS NOT NULL
                            ORDER BY left_at DESC, id DESC LIMIT $2)";

    execute open_meeting(id: MeetingId, at: Timestamp)
        = "UPDATE meeting SET state = 'live', started_at = $2 WHERE id = $1";

    all admit_who_waits_for_a_host(meeting: MeetingId, at: Timestamp) -> (ParticipantId,)
        = "UPDATE participant SET admission = 'admitted', admitted_at = $2
           WHERE meeting = $1 AND admission = 'host_absent' RETURNING id";

    execute insert_participant(
        id: ParticipantId, meeting: MeetingId, credential: TokenHash, display_name: DisplayName,
        account: Option<AccountId>, role: ParticipantRole, admission: Admission, client: ClientKind,
        proven: bool, at: Timestamp,
    )
        = "INSERT INTO participant
             (id, meeting, credential_hash, display_name, account, role, admission, client, proven,
              joined_at, admitted_at, connected, connection_changed_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
                   CASE WHEN $7 = 'admitted' THEN CAST($10 AS BIGINT) END, FALSE, $10)";

    execute admit(id: ParticipantId, meeting: MeetingId, at: Timestamp)
        = "UPDATE participant SET admission = 'admitted', admitted_at = $3
           WHERE id = $1 AND meeting = $2 AND admission = 'waiting'";

    execute vouch(id: ParticipantId, meeting: MeetingId)
        = "UPDATE participant SET proven = TRUE
           WHERE id = $1 AND meeting = $2 AND admission = 'waiting' AND NOT proven";

    execute leave(id: ParticipantId, meeting: MeetingId, at: Timestamp)
        = "UPDATE participant
           SET admission = 'left', left_at = $3, connected = FALSE, connection_changed_at = $3
           WHERE id = $1 AND meeting = $2 AND admission IN ('waiting', 'host_absent', 'admitted')";

    execute set_connected(id: ParticipantId, connected: bool, at: Timestamp)
        = "UPDATE participant SET connected = $2, connection_changed_at = $3
           WHERE id = $1 AND (connected <> $2 OR connection_changed_at < $3)";

    execute disconnect_all(at: Timestamp)
        = "UPDATE participant SET connected = FALSE, connection_changed_at = $1 WHERE connected";
}
