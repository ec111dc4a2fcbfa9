//! Remote support as the server sees it: who offers help and who comes into a session, what policy permits in one, and how
//! far one has come.
//!
//! A session is a meeting of its own kind, and of policy's settings those that begin with `support` alone hold in it: its
//! technician's. So lobby, lock, list and guard stop nobody who holds its link, and what stops everybody is its code, which
//! is good for ten minutes and for one customer. What is done at the customer's computer the person there decides, within
//! what policy permits; the server can't see it.

use std::time::Duration;

use conclave_protocol::account::AccountRole;
use conclave_protocol::meeting::{Admission, DataMode, MeetingState, ParticipantRole};
use conclave_protocol::policy::Permitted;
use conclave_protocol::remote::Capability;
use conclave_protocol::support::{FileLimit, SupportState, SupportTerms};
use conclave_protocol::{AccountId, Timestamp};

use crate::admission::{Entrance, Proof};
use crate::capability::{AccountAction, account_may};
use crate::decision::{Decision, Reason};

/// How long a code, and the link with it, is good for somebody new.
pub const CODE_LASTS: Duration = Duration::from_secs(10 * 60);
/// Of a session, from when somebody has come.
pub const LONGEST: Duration = Duration::from_secs(LONGEST_MINUTES as u64 * 60);
/// After a session's end: to say what one thinks of it, and to tell what happened in it last.
pub const TOLD_WITHIN: Duration = Duration::from_secs(60 * 60);
/// How long a session is on its technician's list.
pub const LISTED_FOR: Duration = Duration::from_secs(24 * 60 * 60);
pub const MOST_LISTED: u32 = 100;
/// Facts of one session. An honest one has some dozens.
pub const MOST_FACTS: u32 = 2_000;
/// Beyond these, of reports that tell of the session's end: whatever was told before, that is heard.
pub const LAST_FACTS: u32 = 256;

const LONGEST_MINUTES: u16 = 8 * 60;

/// What is on record of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub technician: AccountId,
    pub opened_at: Timestamp,
    /// When the customer came in.
    pub connected_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

/// Somebody who is signed in to the session's organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn<'a> {
    pub account: AccountId,
    pub role: AccountRole,
    pub permitted: &'a Permitted,
}

/// Who comes to a session's door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comer {
    Technician,
    /// May hold sessions of their own.
    Colleague,
    /// To be helped: anybody else.
    Customer,
}

impl Session {
    /// From then on it is too late to come.
    pub fn code_until(&self) -> Timestamp {
        self.opened_at.plus(CODE_LASTS)
    }

    /// The instant of its end, once that has come.
    fn over(&self, now: Timestamp) -> Option<Timestamp> {
        let last = match self.connected_at {
            Some(since) => since.plus(LONGEST),
            None => self.code_until(),
        };
        match self.ended_at {
            Some(at) => Some(at.min(last)),
            None => (last <= now).then_some(last),
        }
    }
}

impl Comer {
    /// `None`: signed in nowhere, or to another organisation.
    pub fn of(session: &Session, who: Option<SignedIn<'_>>) -> Self {
        match who {
            Some(who) if who.account == session.technician => Self::Technician,
            Some(who) if may_hold(who.role, who.permitted).is_allowed() => Self::Colleague,
            Some(_) | None => Self::Customer,
        }
    }

    /// 1 to 64 characters of `a-z`, for the record.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Technician => "technician",
            Self::Colleague => "colleague",
            Self::Customer => "customer",
        }
    }

    pub const fn role(self) -> ParticipantRole {
        match self {
            Self::Technician => ParticipantRole::Host,
            Self::Colleague => ParticipantRole::Participant,
            Self::Customer => ParticipantRole::Guest,
        }
    }
}

/// Whether somebody may offer help at this moment.
pub fn may_hold(role: AccountRole, permitted: &Permitted) -> Decision {
    match account_may(role, AccountAction::HoldSupport) {
        Decision::Allow => Decision::when(permitted.support, Reason::SwitchedOff),
        decision => decision,
    }
}

/// What a technician who is permitted this may ask for. Without support nothing is permitted.
pub fn terms(permitted: &Permitted) -> SupportTerms {
    let all = Capability::ALL.iter().copied();
    SupportTerms {
        permitted: all
            .filter(|capability| permits(permitted, *capability))
            .collect(),
        must_record: permitted.support && permitted.data_mode == DataMode::Archive,
        // Which one it is, policy does not know.
        recording_key: None,
        idle_minutes: permitted.support_idle_minutes,
        longest_minutes: LONGEST_MINUTES,
        file_limit: file_limit(permitted),
        // As little as that.
        questions: None,
    }
}

/// No program, which nobody should run on a stranger's word.
fn file_limit(permitted: &Permitted) -> FileLimit {
    FileLimit {
        largest: u64::from(permitted.support_file_mebibytes) << 20,
        most: permitted.support_file_count,
        programs: false,
    }
}

/// The same with the key that a recording is sealed to, where there is one: without it nothing is recorded.
pub fn sealed_to(terms: SupportTerms, key: Option<String>) -> SupportTerms {
    let mut terms = terms;
    if key.is_none() {
        terms.permitted.retain(|it| *it != Capability::Recording);
    }
    terms.recording_key = key;
    terms
}

fn permits(permitted: &Permitted, capability: Capability) -> bool {
    permitted.support
        && match capability {
            Capability::View => true,
            Capability::Control => permitted.support_control,
            Capability::ClipboardIn | Capability::ClipboardOut => permitted.support_clipboard,
            Capability::FileIn | Capability::FileOut => permitted.support_files,
            Capability::Diagnostics => permitted.support_diagnostics,
            Capability::Chat => permitted.support_chat,
            Capability::Administrator => permitted.support_administrator,
            // Nothing else keeps what is seen.
            Capability::Recording => permitted.data_mode == DataMode::Archive,
        }
}

/// How far a session has come.
pub fn state(session: &Session, now: Timestamp) -> SupportState {
    let was_connected = session.connected_at.is_some();
    match (session.over(now), session.connected_at) {
        (None, None) => SupportState::Waiting,
        (None, Some(since)) => SupportState::Connected { since },
        (Some(at), None) if at >= session.code_until() => SupportState::Expired,
        (Some(at), _) => SupportState::Ended { at, was_connected },
    }
}

/// Whether somebody may come in, or be let in, at this moment. The customer whose credential is known comes back by that,
/// and asks nothing here.
pub fn may_join(session: &Session, comer: Comer, now: Timestamp) -> Decision {
    match (state(session, now), comer) {
        (SupportState::Ended { .. }, _) => Decision::Deny(Reason::MeetingEnded),
        (SupportState::Expired, _) => Decision::Deny(Reason::Expired),
        (SupportState::Connected { .. }, Comer::Customer) => Decision::Deny(Reason::Spent),
        (SupportState::Connected { .. }, Comer::Technician | Comer::Colleague)
        | (SupportState::Waiting, _) => Decision::Allow,
    }
}

/// How they come in: with the link at once, with the code alone when the technician's page has seen that they know the
/// passcode.
pub fn enter(
    session: &Session,
    comer: Comer,
    proof: Proof,
    meeting: MeetingState,
    now: Timestamp,
) -> Result<Entrance, Reason> {
    if let Decision::Deny(reason) = may_join(session, comer, now) {
        return Err(reason);
    }
    let admission = match (comer, proof, meeting) {
        (_, _, MeetingState::Ended) => return Err(Reason::MeetingEnded),
        (Comer::Technician, _, _) => Admission::Admitted,
        (_, Proof::Differs, _) => return Err(Reason::WrongInvitation),
        (_, Proof::Absent, _) => Admission::Waiting,
        (_, Proof::Matches, MeetingState::Live) => Admission::Admitted,
        (_, Proof::Matches, MeetingState::Scheduled) => Admission::HostAbsent,
    };
    Ok(Entrance {
        role: comer.role(),
        admission,
        opens: comer == Comer::Technician && meeting == MeetingState::Scheduled,
    })
}

/// Whether they may show a screen as in any meeting: who is helped from a browser. Nobody is heard, or seen by a camera.
/// Where every session is kept nobody does: a browser keeps nothing.
pub fn may_show(role: ParticipantRole, mode: DataMode) -> bool {
    role == ParticipantRole::Guest && mode != DataMode::Archive
}

/// Whether this account sees a session, and ends it: its technician, and who looks after the organisation's meetings. One that
/// is over ends no more, and nobody is refused for that.
pub fn may_see(session: &Session, by: AccountId, role: AccountRole) -> Decision {
    match by == session.technician {
        true => Decision::Allow,
        false => account_may(role, AccountAction::SuperviseMeetings),
    }
}

/// Whether the agent may report further facts, of which the session has `reported`. `of_end`: that it is over is among them.
pub fn may_report(session: &Session, reported: u32, of_end: bool, now: Timestamp) -> Decision {
    match is_heard(session, now) {
        Decision::Allow => Decision::when(reported < most_facts(of_end), Reason::Spent),
        decision => decision,
    }
}

/// As many as a session has when its agent may report no more of this kind.
pub fn most_facts(of_end: bool) -> u32 {
    match of_end {
        true => MOST_FACTS + LAST_FACTS,
        false => MOST_FACTS,
    }
}

/// Whether the customer may say what they think of the session. `has_said`: they did.
pub fn may_judge(session: &Session, has_said: bool, now: Timestamp) -> Decision {
    match is_heard(session, now) {
        Decision::Allow => Decision::when(!has_said, Reason::Spent),
        decision => decision,
    }
}

/// While somebody is helped, and for a while afterwards.
fn is_heard(session: &Session, now: Timestamp) -> Decision {
    match state(session, now) {
        SupportState::Waiting | SupportState::Expired => Decision::Deny(Reason::NotAdmitted),
        SupportState::Connected { .. } => Decision::Allow,
        SupportState::Ended {
            was_connected: false,
            ..
        } => Decision::Deny(Reason::NotAdmitted),
        SupportState::Ended { at, .. } => {
            Decision::when(now.since(at) < TOLD_WITHIN, Reason::Expired)
        }
    }
}

/// Whether a session is still on its technician's list.
pub fn is_listed(session: &Session, now: Timestamp) -> bool {
    now.since(session.opened_at) < LISTED_FOR
}

#[cfg(test)]
mod tests {
    use AccountRole::{AccountManager, Admin, Auditor, Member, Owner, Representative};
    use uuid::Uuid;

    use super::*;

    /// What switches something off, and what is gone with it.
    type Switch<'a> = (fn(&mut Permitted), &'a [Capability]);

    const OPENED: Timestamp = Timestamp::from_micros(1_000_000_000_000);

    fn account(number: u128) -> AccountId {
        AccountId(Uuid::from_u128(number))
    }

    /// After it was opened.
    fn at(minutes: u64) -> Timestamp {
        OPENED.plus(Duration::from_secs(minutes * 60))
    }

    fn session(connected: Option<u64>, ended: Option<u64>) -> Session {
        Session {
            technician: account(1),
            opened_at: OPENED,
            connected_at: connected.map(at),
            ended_at: ended.map(at),
        }
    }

    #[test]
    fn a_session_is_what_its_facts_and_the_time_make_it() {
        use SupportState::{Connected, Expired, Waiting};
        let ended = |minutes, was_connected| SupportState::Ended {
            at: at(minutes),
            was_connected,
        };
        let table = [
            (None, None, 0, Waiting),
            (None, None, 9, Waiting),
            (None, None, 10, Expired),
            (None, Some(3), 3, ended(3, false)),
            (None, Some(3), 600, ended(3, false)),
            // Swept up after its code was over.
            (None, Some(12), 600, Expired),
            (Some(9), None, 9, Connected { since: at(9) }),
            (Some(9), None, 488, Connected { since: at(9) }),
            (Some(9), None, 489, ended(489, true)),
            (Some(9), Some(20), 20, ended(20, true)),
            (Some(9), Some(700), 700, ended(489, true)),
        ];
        for (connected, end, now, expected) in table {
            let found = state(&session(connected, end), at(now));
            assert_eq!(found, expected, "{connected:?} {end:?} at {now}");
        }
    }

    #[test]
    fn a_code_is_for_ten_minutes_and_one_customer() {
        let all = [Comer::Technician, Comer::Colleague, Comer::Customer];
        let (over, late) = (Reason::MeetingEnded, Reason::Expired);
        let no = Decision::Deny;
        for (connected, ended, now, [technician, colleague, customer]) in [
            (None, None, 9, [Decision::Allow; 3]),
            (None, None, 10, [no(late); 3]),
            (None, Some(3), 4, [no(over); 3]),
            (
                Some(9),
                None,
                30,
                [Decision::Allow, Decision::Allow, no(Reason::Spent)],
            ),
            (Some(9), Some(20), 21, [no(over); 3]),
        ] {
            let session = session(connected, ended);
            let found = all.map(|comer| may_join(&session, comer, at(now)));
            assert_eq!(found, [technician, colleague, customer]);
        }
    }

    #[test]
    fn who_is_signed_in_and_may_not_help_comes_to_be_helped() {
        let (on, off) = (
            Permitted::default(),
            Permitted {
                support: false,
                ..Permitted::default()
            },
        );
        let of = |number, role, permitted| {
            let who = SignedIn {
                account: account(number),
                role,
                permitted,
            };
            Comer::of(&session(None, None), Some(who))
        };

        assert_eq!(of(1, Member, &off), Comer::Technician);
        assert_eq!(of(2, Representative, &on), Comer::Colleague);
        assert_eq!(of(2, Representative, &off), Comer::Customer);
        assert_eq!(of(2, Member, &on), Comer::Customer);
        assert_eq!(Comer::of(&session(None, None), None), Comer::Customer);
    }

    #[test]
    fn the_link_lets_in_and_the_code_alone_waits_for_the_passcode() {
        use Admission::{Admitted, HostAbsent, Waiting};
        use MeetingState::{Live, Scheduled};
        let open = session(None, None);
        let enter = |comer, proof, meeting| enter(&open, comer, proof, meeting, at(1));
        for comer in [Comer::Colleague, Comer::Customer] {
            for (proof, meeting, expected) in [
                (Proof::Matches, Live, Ok(Admitted)),
                (Proof::Matches, Scheduled, Ok(HostAbsent)),
                (Proof::Absent, Live, Ok(Waiting)),
                (Proof::Absent, Scheduled, Ok(Waiting)),
                (Proof::Differs, Live, Err(Reason::WrongInvitation)),
                (
                    Proof::Matches,
                    MeetingState::Ended,
                    Err(Reason::MeetingEnded),
                ),
            ] {
                let found = enter(comer, proof, meeting);
                assert_eq!(found.map(|entrance| entrance.admission), expected);
                assert!(
                    found.is_err()
                        || found
                            .is_ok_and(|entrance| entrance.role == comer.role() && !entrance.opens)
                );
            }
        }
        for meeting in [Scheduled, Live] {
            let found = enter(Comer::Technician, Proof::Absent, meeting);
            let expected = Entrance {
                role: ParticipantRole::Host,
                admission: Admitted,
                opens: meeting == Scheduled,
            };
            assert_eq!(found, Ok(expected));
        }
    }

    #[test]
    fn a_late_customer_does_not_come_in_with_the_link_either() {
        let enter = |session: &Session, now| {
            let (comer, proof) = (Comer::Customer, Proof::Matches);
            enter(session, comer, proof, MeetingState::Live, at(now))
        };

        assert_eq!(enter(&session(None, None), 10), Err(Reason::Expired));
        assert_eq!(enter(&session(Some(2), None), 3), Err(Reason::Spent));
    }

    #[test]
    fn nobody_but_who_is_helped_shows_anything() {
        let all = [Comer::Technician, Comer::Colleague, Comer::Customer];

        assert_eq!(
            all.map(|comer| may_show(comer.role(), DataMode::Conduit)),
            [false, false, true]
        );
        let kept = all.map(|comer| may_show(comer.role(), DataMode::Archive));
        assert_eq!(kept, [false; 3]);
    }

    #[test]
    fn each_switch_permits_its_own_and_none_of_them_recording() {
        use Capability as C;
        let all = Permitted {
            data_mode: DataMode::Conduit,
            ..Permitted::default()
        };
        let everything = [
            C::View,
            C::Control,
            C::ClipboardIn,
            C::ClipboardOut,
            C::FileIn,
            C::FileOut,
            C::Diagnostics,
            C::Chat,
            C::Administrator,
        ];
        assert_eq!(terms(&all).permitted, everything);
        let switches: [Switch<'_>; 7] = [
            (|p| p.support = false, &everything),
            (|p| p.support_control = false, &[C::Control]),
            (
                |p| p.support_clipboard = false,
                &[C::ClipboardIn, C::ClipboardOut],
            ),
            (|p| p.support_files = false, &[C::FileIn, C::FileOut]),
            (|p| p.support_diagnostics = false, &[C::Diagnostics]),
            (|p| p.support_chat = false, &[C::Chat]),
            (|p| p.support_administrator = false, &[C::Administrator]),
        ];
        for (switch_off, gone) in switches {
            let mut less = all;
            switch_off(&mut less);
            let kept = everything.into_iter().filter(|one| !gone.contains(one));
            assert_eq!(terms(&less).permitted, kept.collect::<Vec<_>>());
        }
    }

    // Shows: REQ-MODE-03, REQ-MODE-04.
    #[test]
    fn recording_is_permitted_and_demanded_where_every_session_is_kept_and_nowhere_else() {
        for (data_mode, support, keeps) in [
            (DataMode::Conduit, true, false),
            (DataMode::Retain, true, false),
            (DataMode::Archive, true, true),
            (DataMode::Archive, false, false),
        ] {
            let terms = terms(&Permitted {
                data_mode,
                support,
                ..Permitted::default()
            });
            assert_eq!(terms.must_record, keeps, "{data_mode:?}");
            assert_eq!(terms.permitted.contains(&Capability::Recording), keeps);
        }
    }

    // Shows: REQ-MODE-04.
    #[test]
    fn without_a_key_nothing_is_recorded() {
        let kept = terms(&Permitted {
            support: true,
            data_mode: DataMode::Archive,
            ..Permitted::default()
        });
        let key = Some("0a".repeat(32));

        let keyless = sealed_to(kept.clone(), None);

        assert!(keyless.must_record && !keyless.permitted.contains(&Capability::Recording));
        assert_eq!(keyless.permitted.len() + 1, kept.permitted.len());
        let keyed = sealed_to(kept.clone(), key.clone());
        assert_eq!(
            (keyed.permitted, keyed.recording_key),
            (kept.permitted, key)
        );
    }

    #[test]
    fn a_session_lasts_eight_hours_and_the_technician_rests_as_long_as_policy_says() {
        let permitted = Permitted {
            support_idle_minutes: 5,
            ..Permitted::default()
        };
        let terms = terms(&permitted);

        assert_eq!((terms.idle_minutes, terms.longest_minutes), (5, 480));
        assert!(!terms.file_limit.programs);
    }

    // Shows: ABUSE-54.
    #[test]
    fn files_are_as_large_and_as_many_as_policy_says() {
        let limit_of = |support_file_mebibytes, support_file_count| {
            let permitted = Permitted {
                support_file_mebibytes,
                support_file_count,
                ..Permitted::default()
            };
            let limit = terms(&permitted).file_limit;
            (limit.largest, limit.most)
        };

        assert_eq!(limit_of(1, 2), (1_048_576, 2));
        let most = terms(&Permitted::default()).file_limit;
        assert_eq!((most.largest, most.most), limit_of(100, 20));
    }

    // Shows: REQ-AU-09.
    #[test]
    fn help_is_offered_by_who_may_and_where_policy_has_it() {
        let off = Permitted {
            support: false,
            ..Permitted::default()
        };
        for role in [
            Owner,
            Admin,
            AccountManager,
            Representative,
            Auditor,
            Member,
        ] {
            let holds = matches!(role, Owner | Admin | Representative);
            let expected = Decision::when(holds, Reason::Role);
            assert_eq!(may_hold(role, &Permitted::default()), expected, "{role:?}");
            assert!(!may_hold(role, &off).is_allowed());
        }
        assert_eq!(may_hold(Owner, &off), Decision::Deny(Reason::SwitchedOff));
    }

    #[test]
    fn a_session_is_seen_and_ended_by_its_technician_and_who_looks_after_meetings() {
        let open = session(Some(1), None);
        let no = Decision::Deny(Reason::Role);
        for (by, role, expected) in [
            (1, Representative, Decision::Allow),
            (1, Member, Decision::Allow),
            (2, Owner, Decision::Allow),
            (2, Admin, Decision::Allow),
            (2, AccountManager, Decision::Allow),
            (2, Representative, no),
            (2, Auditor, no),
            (2, Member, no),
        ] {
            let by = account(by);
            assert_eq!(may_see(&open, by, role), expected, "{role:?}");
        }
    }

    #[test]
    fn the_computer_is_heard_while_somebody_is_helped_there_and_for_an_hour_more() {
        let no = Decision::Deny;
        for (connected, ended, now, expected) in [
            (None, None, 1, no(Reason::NotAdmitted)),
            (None, None, 10, no(Reason::NotAdmitted)),
            (None, Some(2), 3, no(Reason::NotAdmitted)),
            (Some(1), None, 2, Decision::Allow),
            (Some(1), Some(20), 79, Decision::Allow),
            (Some(1), Some(20), 80, no(Reason::Expired)),
        ] {
            let session = session(connected, ended);
            for of_end in [false, true] {
                assert_eq!(may_report(&session, 0, of_end, at(now)), expected);
            }
            assert_eq!(may_judge(&session, false, at(now)), expected);
        }
        let open = session(Some(1), None);
        let spent = Decision::Deny(Reason::Spent);
        assert_eq!(may_judge(&open, true, at(2)), spent);
        assert_eq!(may_report(&open, MOST_FACTS, false, at(2)), spent);
    }

    #[test]
    fn that_a_session_is_over_is_heard_whatever_was_told_before() {
        let open = session(Some(1), None);
        let report = |reported| may_report(&open, reported, true, at(2));

        assert_eq!(report(MOST_FACTS + 63), Decision::Allow);
        let beyond = report(MOST_FACTS + LAST_FACTS);
        assert_eq!(beyond, Decision::Deny(Reason::Spent));
    }

    #[test]
    fn a_session_is_listed_for_a_day() {
        let session = session(None, None);

        assert!(is_listed(&session, at(24 * 60 - 1)));
        assert!(!is_listed(&session, at(24 * 60)));
    }
}
