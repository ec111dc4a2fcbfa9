//! Taking every right of an account: its sessions end, and its holder is out of every meeting.

use conclave_policy::join_ticket::GRACE;
use conclave_policy::people::Change;
use conclave_protocol::account::AccountState;
use conclave_protocol::meeting::{Admission, EndCause};
use conclave_protocol::personal::{DisplayName, EmailAddress};
use conclave_protocol::{AccountId, MeetingId, ParticipantId, ProgramId, Timestamp};
use serde::{Deserialize, Serialize};

use super::account::{self, Target, check, decide_again, end_sessions, keep_an_owner, set_state};
use super::password::distrust;
use super::{
    Action, Apply, EndMeeting, EndedSupport, Essential, Failure, Revision, directory, email,
    federated_identity, invitation, password_reset, program, saved_view, second_factor, support,
};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// Suspends an account, or removes it for good. Where a host goes and leaves no co-host who is there, the meeting ends. The links of
/// meetings that its holder was ever in let nobody straight in any more: they know them. Whom they invited needs another
/// invitation: it may be an address of their own.
///
/// Refused: [`crate::Refused::AccountState`], [`crate::Refused::LastOwner`], [`crate::Refused::NotFound`],
/// [`crate::Refused::NotAllowed`].
#[derive(Clone, Serialize, Deserialize)]
pub struct ShutOut {
    pub account: AccountId,
    pub by: Doer,
    /// Erases its name and address.
    pub removes: bool,
    pub at: Timestamp,
    /// What readers see until the database has it ([`crate::Store::foresee_shut_out`]): [`MOST_TOUCHED`] at the most. Those
    /// that the account has not begun end besides, where it is removed.
    pub touched: Vec<Touched>,
    /// Those of the account's that end with its right to have any, as far as they are foreseen.
    #[serde(default)]
    pub programs: Vec<ProgramId>,
    /// That end with their meetings, as far as they are foreseen.
    #[serde(default)]
    pub support: Vec<EndedSupport>,
}

/// What an act does, as readers see it before the database has it.
pub struct Foreseen {
    pub touched: Vec<Touched>,
    pub programs: Vec<ProgramId>,
    pub support: Vec<EndedSupport>,
}

/// Who takes an account's rights.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Doer {
    Account(AccountId),
    /// The organisation's directory, by a program with the scope for it.
    Directory {
        program: ProgramId,
    },
}

impl From<AccountId> for Doer {
    fn from(account: AccountId) -> Self {
        Self::Account(account)
    }
}

/// Meetings that a spooled act names. The spool holds them, whoever has made how many; beyond it those that nobody is put
/// out of, and that go on, are named no more.
pub const MOST_TOUCHED: usize = 1_000;

/// What becomes of one meeting.
#[derive(Clone, Serialize, Deserialize)]
pub struct Touched {
    pub meeting: MeetingId,
    /// Its link lets nobody straight in any more.
    pub shuts: bool,
    /// Who is put out of it.
    pub participants: Vec<ParticipantId>,
    /// Who waits at it, and is turned away.
    #[serde(default)]
    pub waiting: Vec<ParticipantId>,
    pub ends: bool,
    pub raised: Revision,
}

impl Touched {
    /// Whether it goes on as it is, but for its link.
    pub(crate) fn only_shuts(&self) -> bool {
        self.participants.is_empty() && self.waiting.is_empty() && !self.ends
    }
}

/// Whom to send away, and which rooms to close.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasShutOut {
    pub put_out: Vec<(MeetingId, ParticipantId)>,
    /// Who waited, and was not in.
    #[serde(default)]
    pub turned_away: Vec<(MeetingId, ParticipantId)>,
    pub ended: Vec<MeetingId>,
    /// That ended with their maker's right to have any.
    #[serde(default)]
    pub programs: Vec<ProgramId>,
    /// That ended with their meetings.
    #[serde(default)]
    pub support: Vec<EndedSupport>,
}

/// A place in a meeting.
pub(crate) struct Seat {
    pub(crate) meeting: MeetingId,
    pub(crate) participant: ParticipantId,
    pub(crate) is_in: bool,
}

impl ShutOut {
    fn change(&self) -> Change {
        match self.removes {
            true => Change::Remove,
            false => Change::Suspend,
        }
    }

    /// How the account stands afterwards.
    pub(crate) fn state(&self) -> AccountState {
        match self.removes {
            true => AccountState::Removed,
            false => AccountState::Suspended,
        }
    }
}

impl Action for ShutOut {}

impl Essential for ShutOut {
    fn meeting(&self) -> Option<MeetingId> {
        None
    }

    fn foresee(&self, _raised: Revision) -> WasShutOut {
        let mut foreseen = WasShutOut {
            programs: self.programs.clone(),
            support: self.support.clone(),
            ..WasShutOut::default()
        };
        for touched in &self.touched {
            let meeting = touched.meeting;
            let of = |participant: &ParticipantId| (meeting, *participant);
            foreseen.put_out.extend(touched.participants.iter().map(of));
            foreseen.turned_away.extend(touched.waiting.iter().map(of));
            foreseen.ended.extend(touched.ends.then_some(meeting));
        }
        foreseen
    }
}

impl Apply for ShutOut {
    type Done = WasShutOut;

    async fn apply(self, link: &mut Link<'_>) -> Result<WasShutOut, Failure> {
        self.decide(link).await?;
        set_state(link, self.account, self.state()).await?;
        end_sessions(link, self.account).await?;
        distrust(link, self.account).await?;
        password_reset::forget_links(link, self.account).await?;
        email::forget_of(link, self.account).await?;
        invitation::void(link, self.account, None).await?;
        let mut done = put_out(link, self.account, Reach::of(self.removes), self.at).await?;
        done.programs = program::end_of(link, self.account, self.at).await?;
        if self.removes {
            erase(link, self.account).await?;
        }
        Ok(done)
    }
}

/// How far an account is put out of meetings.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    /// Out of those alone that it hosts.
    pub(super) hosting_only: bool,
    /// Meetings that it has not begun end too: it never hosts again.
    pub(super) scheduled: bool,
}

impl Reach {
    fn of(removes: bool) -> Self {
        Self {
            hosting_only: false,
            scheduled: removes,
        }
    }
}

/// Puts an account's holder out, and ends what nobody is left to host.
pub(super) async fn put_out(
    link: &mut Link<'_>,
    account: AccountId,
    reach: Reach,
    at: Timestamp,
) -> Result<WasShutOut, Failure> {
    let (inside, outside): (Vec<_>, Vec<_>) = taken_seats(link, account, reach.hosting_only)
        .await?
        .into_iter()
        .partition(|seat| seat.is_in);
    empty_seats(link, account, reach.hosting_only, at).await?;
    for (meeting,) in known(link, account, reach.hosting_only).await? {
        shut(link, meeting).await?;
    }
    let (mut ended, mut support) = (Vec::new(), Vec::new());
    let there = at.minus(GRACE);
    for (meeting,) in without_a_host(link, account, reach.scheduled, there).await? {
        let cause = EndCause::Administrator;
        let end = EndMeeting { meeting, cause, at };
        match reach.scheduled {
            true => end.for_good(link).await?,
            false => end.apply(link).await?,
        };
        ended.push(meeting);
        support.extend(support::ended_of(link, meeting).await?);
    }
    let place = |seat: Seat| (seat.meeting, seat.participant);
    Ok(WasShutOut {
        put_out: inside.into_iter().map(place).collect(),
        turned_away: outside.into_iter().map(place).collect(),
        ended,
        programs: Vec::new(),
        support,
    })
}

impl ShutOut {
    /// As all stand at this moment.
    async fn decide(&self, link: &mut Link<'_>) -> Result<(), Failure> {
        let (account, change) = (self.account, self.change());
        match self.by {
            Doer::Account(by) => {
                let target = self.target(link).await?;
                keep_an_owner(link, account, &target).await?;
                decide_again(link, by, account, &target, change).await
            }
            Doer::Directory { program } => {
                directory::may_shut_out(link, program, account, self.removes, self.at).await
            }
        }
    }
}

impl ShutOut {
    /// Whom the directory has suspended a person may suspend as well: then it is a person's to lift.
    async fn target(&self, link: &mut Link<'_>) -> Result<Target, Failure> {
        if !self.removes && directory::take_over(link, self.account).await? > 0 {
            let target = account::target(link, self.account).await?;
            return Ok(target.ok_or(Refused::NotFound)?);
        }
        check(link, self.account, self.change()).await
    }
}

/// Where the account's holder is, or waits.
pub(crate) async fn taken_seats(
    link: &mut Link<'_>,
    account: AccountId,
    hosting_only: bool,
) -> Result<Vec<Seat>, sqlx::Error> {
    let seats = seats(link, account, hosting_only).await?;
    let seat = |(meeting, participant, admission)| Seat {
        meeting,
        participant,
        is_in: admission == Admission::Admitted,
    };
    Ok(seats.into_iter().map(seat).collect())
}

/// Its name and address, in past meetings too. The address is free again.
pub(super) async fn erase(link: &mut Link<'_>, account: AccountId) -> Result<(), Failure> {
    let AccountId(id) = account;
    let name = DisplayName::parse(NOBODY).expect("the word is a name");
    let nowhere = format!("removed@{id}.invalid");
    let email = EmailAddress::parse(&nowhere).expect("it has one @ and a domain");
    erase_account(link, account, name.clone(), email, nowhere).await?;
    erase_participants(link, account, name).await?;
    second_factor::void(link, account).await?;
    directory::forget(link, account).await?;
    federated_identity::forget(link, account).await?;
    saved_view::forget(link, account).await?;
    Ok(())
}

/// What is left of a name.
const NOBODY: &str = "Removed";

statements! {
    all seats(account: AccountId, hosting_only: bool) -> (MeetingId, ParticipantId, Admission)
        = "SELECT p.meeting, p.id, p.admission FROM participant p JOIN meeting m ON m.id = p.meeting
           WHERE p.account = $1 AND (p.role = 'host' OR NOT $2)
             AND p.left_at IS NULL AND m.state <> 'ended'
           ORDER BY p.meeting, p.id";

    all known(account: AccountId, hosting_only: bool) -> (MeetingId,)
        = "SELECT id FROM meeting
           WHERE state <> 'ended'
             AND ((host = $1 AND state = 'live')
                  OR COALESCE(series, id) IN (
                    SELECT COALESCE(m.series, m.id)
                    FROM participant p JOIN meeting m ON m.id = p.meeting
                    WHERE p.account = $1 AND (p.role = 'host' OR NOT $2)))
           ORDER BY id";

    execute empty_seats(account: AccountId, hosting_only: bool, at: Timestamp)
        = "UPDATE participant
           SET admission = CASE WHEN admission = 'admitted' THEN 'expelled' ELSE 'denied' END,
               left_at = $3, connected = FALSE, connection_changed_at = $3
           WHERE account = $1 AND (role = 'host' OR NOT $2) AND left_at IS NULL
             AND admission IN ('waiting', 'host_absent', 'admitted')
             AND meeting IN (SELECT id FROM meeting WHERE state <> 'ended')";

    execute shut(id: MeetingId)
        = "UPDATE meeting SET link_admits = FALSE, revision = revision + 1 WHERE id = $1";

    all without_a_host(host: AccountId, scheduled: bool, there: Timestamp) -> (MeetingId,)
        = "SELECT id FROM meeting
           WHERE host = $1 AND (state = 'live' OR (state = 'scheduled' AND $2))
             AND NOT EXISTS (SELECT 1 FROM participant p
                             WHERE p.meeting = meeting.id AND p.role = 'co_host'
                               AND p.admission = 'admitted'
                               AND (p.connected OR p.connection_changed_at > $3)
                               AND (p.account IS NULL OR p.account <> $1))
           ORDER BY id";

    all begun_by_none(host: AccountId) -> (MeetingId,)
        = "SELECT DISTINCT m.id FROM meeting m JOIN participant p ON p.meeting = m.id
           WHERE m.host = $1 AND m.state = 'scheduled' AND p.left_at IS NULL ORDER BY m.id";

    execute erase_account(
        id: AccountId, name: DisplayName, email: EmailAddress, normalised: String,
    )
        = "UPDATE account
           SET display_name = $2, email = $3, email_normalised = $4, password = NULL
           WHERE id = $1";

    execute erase_participants(account: AccountId, name: DisplayName)
        = "UPDATE participant SET display_name = $2 WHERE account = $1";
}
