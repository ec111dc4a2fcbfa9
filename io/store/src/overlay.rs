//! What spooled acts change, for readers, until the database has them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use conclave_protocol::account::AccountState;
use conclave_protocol::meeting::{Admission, EndCause, MeetingState, ParticipantRole};
use conclave_protocol::{AccountId, MeetingId, ParticipantId, ProgramId, Timestamp};
use uuid::Uuid;

use crate::action::{Also, Doer, Revision, ShutOut};
use crate::error::Refused;
use crate::idempotency::{IdempotencyKey, Once};
use crate::read::account::Account;
use crate::read::directory::DirectoryUser;
use crate::read::meeting::Meeting;
use crate::read::participant::Participant;
use crate::read::program::Program;
use crate::read::support::SupportSession;
use crate::secret::TokenHash;
use crate::spool::{Act, Answered, Spooled};

#[derive(Clone, Default)]
pub(crate) struct Overlay {
    ended: BTreeMap<MeetingId, (Timestamp, EndCause)>,
    /// Their links let nobody straight in.
    shut: BTreeSet<MeetingId>,
    gone: BTreeMap<ParticipantId, (Admission, Timestamp)>,
    signed_out: BTreeSet<TokenHash>,
    /// Suspended or removed.
    shut_out: BTreeMap<AccountId, AccountState>,
    revoked: BTreeMap<ProgramId, Timestamp>,
    /// Removed: they begin none of their meetings any more.
    removed: BTreeMap<AccountId, Timestamp>,
    /// Co-hosts no longer.
    taken_back: BTreeSet<ParticipantId>,
    /// The revision that each meeting has after the last act. Not by how much the acts raise it: a reader
    /// may have this from before a replay, and the meeting from after it.
    foreseen: BTreeMap<MeetingId, Revision>,
    answers: BTreeMap<(Uuid, IdempotencyKey), ([u8; 32], String)>,
}

impl Overlay {
    pub(crate) fn of(acts: &[Spooled]) -> Self {
        let mut overlay = Self::default();
        acts.iter().for_each(|spooled| overlay.add(spooled));
        overlay
    }

    pub(crate) fn add(&mut self, spooled: &Spooled) {
        match &spooled.act {
            Act::EndMeeting(act) => {
                self.ends(act.meeting, act.at, act.cause);
                self.raise(act.meeting, spooled.foreseen);
            }
            Act::Deny(act) => {
                self.goes(act.participant, Admission::Denied, act.at);
                self.also_go(&act.also, act.at);
                self.shut.insert(act.meeting);
                self.raise(act.meeting, spooled.foreseen);
            }
            Act::Expel(act) => {
                self.goes(act.participant, Admission::Expelled, act.at);
                self.also_go(&act.also, act.at);
                self.shut.insert(act.meeting);
                self.raise(act.meeting, spooled.foreseen);
            }
            Act::Leave(act) => {
                self.goes(act.participant, Admission::Left, act.at);
                self.raise(act.meeting, spooled.foreseen);
            }
            Act::TakeBackCoHost(act) => {
                self.taken_back.insert(act.participant);
                self.raise(act.meeting, spooled.foreseen);
            }
            Act::SignOut(act) => {
                self.signed_out.insert(act.session);
            }
            Act::ShutOut(act) => self.shut_out(act),
            Act::RevokeProgram(act) => {
                self.revoked.entry(act.program).or_insert(act.at);
            }
        }
        if let Some(Answered { once, answer }) = &spooled.answered {
            let answer = (once.request, answer.clone());
            self.answers.insert((once.actor, once.key.clone()), answer);
        }
    }

    /// Why an act is not possible any more, as far as the acts that wait say.
    pub(crate) fn refuses(&self, act: &Act) -> Option<Refused> {
        match act {
            Act::EndMeeting(act) => {
                let ended = self.ended.contains_key(&act.meeting);
                ended.then_some(Refused::MeetingEnded)
            }
            Act::Deny(act) => {
                let gone = self.gone.contains_key(&act.participant);
                gone.then_some(Refused::NotWaiting)
            }
            Act::Expel(act) => {
                let gone = self.gone.contains_key(&act.participant);
                gone.then_some(Refused::NotInside)
            }
            Act::Leave(act) => {
                let gone = self.gone.contains_key(&act.participant);
                gone.then_some(Refused::NotFound)
            }
            Act::TakeBackCoHost(act) => {
                let gone = self.gone.contains_key(&act.participant);
                let taken_back = self.taken_back.contains(&act.participant);
                let conflict = taken_back.then_some(Refused::Conflict);
                gone.then_some(Refused::NotInside).or(conflict)
            }
            Act::SignOut(act) => self.has_ended(act.session).then_some(Refused::NotFound),
            Act::ShutOut(act) => {
                let state = self.shut_out.get(&act.account);
                let is_so = state.is_some_and(|state| *state >= act.state());
                // Two owners who shut each other out would leave nobody.
                let lost_rights = match act.by {
                    Doer::Account(by) => self.shut_out.contains_key(&by),
                    Doer::Directory { program } => self.revoked.contains_key(&program),
                };
                let not_allowed = lost_rights.then_some(Refused::NotAllowed);
                is_so.then_some(Refused::AccountState).or(not_allowed)
            }
            Act::RevokeProgram(act) => {
                let revoked = self.revoked.contains_key(&act.program);
                revoked.then_some(Refused::NotFound)
            }
        }
    }

    /// The request and the answer that it was given, where one under this key waits.
    pub(crate) fn answer(&self, once: &Once) -> Option<([u8; 32], &str)> {
        let (request, answer) = self.answers.get(&(once.actor, once.key.clone()))?;
        Some((*request, answer.as_str()))
    }

    pub(crate) fn has_ended(&self, session: TokenHash) -> bool {
        self.signed_out.contains(&session)
    }

    /// Its sessions have ended too.
    pub(crate) fn account(&self, mut account: Account) -> Account {
        if let Some(state) = self.shut_out.get(&account.id) {
            account.state = account.state.max(*state);
        }
        account
    }

    /// As its maker stands.
    pub(crate) fn program(&self, mut program: Program) -> Program {
        if let Some(state) = self.shut_out.get(&program.made_by) {
            program.made_by_state = program.made_by_state.max(*state);
        }
        program.revoked_at = program
            .revoked_at
            .or(self.revoked.get(&program.id).copied());
        program
    }

    pub(crate) fn directory_user(&self, mut user: DirectoryUser) -> DirectoryUser {
        if let Some(state) = self.shut_out.get(&user.account) {
            user.state = user.state.max(*state);
        }
        user
    }

    pub(crate) fn is_revoked(&self, program: ProgramId) -> bool {
        self.revoked.contains_key(&program)
    }

    pub(crate) fn is_shut_out(&self, account: AccountId) -> bool {
        self.shut_out.contains_key(&account)
    }

    pub(crate) fn is_gone(&self, participant: ParticipantId) -> bool {
        self.gone.contains_key(&participant)
    }

    pub(crate) fn has_meeting_ended(&self, meeting: MeetingId) -> bool {
        self.ended.contains_key(&meeting)
    }

    pub(crate) fn meeting(&self, mut meeting: Meeting) -> Meeting {
        if let Some(Revision(foreseen)) = self.foreseen.get(&meeting.id) {
            meeting.revision = meeting.revision.max(*foreseen);
        }
        meeting.link_admits &= !self.shut.contains(&meeting.id);
        let listed = self.ended.get(&meeting.id).copied();
        let removed = self.removed.get(&meeting.host);
        let removed = removed.filter(|_| meeting.state == MeetingState::Scheduled);
        let ended = listed.or(removed.map(|at| (*at, EndCause::Administrator)));
        if let Some((at, cause)) = ended
            && meeting.state != MeetingState::Ended
        {
            meeting.state = MeetingState::Ended;
            meeting.ended_at = Some(at);
            meeting.ended_because = Some(cause);
        }
        meeting
    }

    /// Over with its meeting.
    pub(crate) fn support_session(&self, mut session: SupportSession) -> SupportSession {
        let ended = self.ended.get(&session.meeting).map(|(at, _)| *at);
        session.ended_at = session.ended_at.or(ended);
        session
    }

    pub(crate) fn participant(&self, mut participant: Participant) -> Participant {
        if let Some((admission, at)) = self.gone.get(&participant.id)
            && participant.left_at.is_none()
        {
            participant.admission = *admission;
            participant.left_at = Some(*at);
            participant.connected = false;
        }
        if self.taken_back.contains(&participant.id) && participant.role == ParticipantRole::CoHost
        {
            // Of another organisation's account the database knows better; both roles may the same.
            participant.co_host_since = None;
            participant.role = match participant.account {
                Some(_) => ParticipantRole::Participant,
                None => ParticipantRole::Guest,
            };
        }
        participant
    }

    fn shut_out(&mut self, act: &ShutOut) {
        self.shut_out.insert(act.account, act.state());
        for program in &act.programs {
            self.revoked.entry(*program).or_insert(act.at);
        }
        if act.removes {
            self.removed.insert(act.account, act.at);
        }
        for touched in &act.touched {
            for participant in &touched.participants {
                self.goes(*participant, Admission::Expelled, act.at);
            }
            for participant in &touched.waiting {
                self.goes(*participant, Admission::Denied, act.at);
            }
            if touched.shuts {
                self.shut.insert(touched.meeting);
            }
            if touched.ends {
                self.ends(touched.meeting, act.at, EndCause::Administrator);
            }
            self.raise(touched.meeting, touched.raised);
        }
    }

    fn ends(&mut self, meeting: MeetingId, at: Timestamp, cause: EndCause) {
        if let Entry::Vacant(ended) = self.ended.entry(meeting) {
            ended.insert((at, cause));
        }
    }

    fn also_go(&mut self, also: &Also, at: Timestamp) {
        for participant in &also.put_out {
            self.goes(*participant, Admission::Expelled, at);
        }
        for participant in &also.turned_away {
            self.goes(*participant, Admission::Denied, at);
        }
    }

    fn goes(&mut self, participant: ParticipantId, admission: Admission, at: Timestamp) {
        self.gone.entry(participant).or_insert((admission, at));
    }

    fn raise(&mut self, meeting: MeetingId, revision: Revision) {
        let foreseen = self.foreseen.entry(meeting).or_default();
        *foreseen = revision.max(*foreseen);
    }
}

#[cfg(test)]
mod tests {
    use conclave_audit::{Actor, EntryTime, Event, Stamp};
    use conclave_protocol::meeting::MeetingCode;
    use conclave_protocol::personal::Title;
    use conclave_protocol::{AccountId, OrganisationId};

    use super::*;
    use crate::action::Deny;

    const NOW: Timestamp = Timestamp::from_micros(1_795_336_200_000_000);
    const MEETING: MeetingId = MeetingId(Uuid::from_u128(1));

    #[test]
    fn an_overlay_from_before_a_replay_does_not_count_its_acts_twice() {
        let overlay = Overlay::of(&[denial(2, Revision(5)), denial(3, Revision(6))]);

        assert_eq!(overlay.meeting(meeting(4)).revision, 6);
        assert_eq!(overlay.meeting(meeting(6)).revision, 6);
        assert_eq!(overlay.meeting(meeting(9)).revision, 9);
    }

    #[test]
    fn a_link_admits_nobody_from_the_first_refusal_on() {
        let overlay = Overlay::of(&[denial(2, Revision(5))]);

        assert!(!overlay.meeting(meeting(4)).link_admits);
        assert!(Overlay::default().meeting(meeting(4)).link_admits);
    }

    fn denial(participant: u128, foreseen: Revision) -> Spooled {
        let deny = Deny {
            meeting: MEETING,
            participant: ParticipantId(Uuid::from_u128(participant)),
            also: Also::default(),
            at: NOW,
        };
        let stamp = Stamp {
            id: Uuid::from_u128(participant),
            time: EntryTime::from_unix_micros(NOW.as_micros()),
            salt: [0xa5; 16],
        };
        Spooled {
            act: deny.into(),
            entry: conclave_audit::Entry::new(stamp, Actor::System, Event::SystemSetupLink),
            more: Vec::new(),
            foreseen,
            answered: None,
        }
    }

    fn meeting(revision: u64) -> Meeting {
        Meeting {
            id: MEETING,
            organisation: OrganisationId(Uuid::from_u128(8)),
            host: AccountId(Uuid::from_u128(9)),
            code: MeetingCode::from_number(1).unwrap(),
            title: Title::parse("Ward round").ok().unwrap(),
            starts_at: None,
            created_at: NOW,
            started_at: Some(NOW),
            ended_at: None,
            state: MeetingState::Live,
            revision,
            invitation_verifier: [7; 32],
            link_admits: true,
            locked: false,
            sharing: conclave_protocol::meeting::Sharing::Everybody,
            presenter: None,
            ended_because: None,
            empty_time_out: None,
            host_absent_time_out: None,
            longest_time_out: None,
            idle_share_time_out: None,
            entry: conclave_protocol::meeting::EntryRule::Link,
            uninvited: conclave_protocol::meeting::Uninvited::Wait,
            schedule: None,
            sequence: 0,
            series: None,
            guarded_until: None,
            passcode_number: 0,
            is_support: false,
        }
    }
}
