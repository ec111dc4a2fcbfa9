//! Emergency access: who may break the glass, what it opens and for how long, and who looks at it afterwards.
//!
//! It opens what [`Unlocked`] lists and nothing else: neither the audit log nor policy nor anybody's keys. A meeting's
//! secret is its members' to give, also to who comes in this way.

use std::time::Duration;

use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::meeting::{Admission, MeetingState, ParticipantRole};
use conclave_protocol::policy::Permitted;
use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use crate::admission::Entrance;
use crate::capability::{AccountAction, account_may};
use crate::decision::{Decision, Reason};
use crate::second_factor::Assurance;
use crate::step_up;

/// For how long it opens anything.
pub const LASTS: Duration = Duration::from_secs(60 * 60);
/// From when it was taken until somebody has looked at it.
pub const REVIEW_WITHIN: Duration = Duration::from_secs(72 * 60 * 60);
/// Sealed codes of one set. More is more paper to lose; fewer is a safe that is empty after one bad night.
pub const CODES: usize = 5;
/// A session that a sealed code opened: time to take emergency access by it, and that.
pub const SESSION_LASTS: Duration = LASTS.saturating_add(step_up::FRESH_FOR);
/// Between two drills that pass: a month, the longest there is.
pub const DRILL_EVERY: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// All that it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unlocked {
    /// Seeing which meetings of the organisation go on: numbers and the hosts' names.
    LiveMeetings,
    /// Coming into one of them.
    Meeting,
}

impl Unlocked {
    pub const ALL: [Self; 2] = [Self::LiveMeetings, Self::Meeting];
}

/// The strongest that an account can show of who its holder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strongest {
    Password,
    /// More than a password, which a page that looks like ours could ask for too.
    SecondFactor,
    Passkey,
}

/// What a session has proved, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proved {
    pub assurance: Assurance,
    pub at: Timestamp,
}

/// One use, on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    pub organisation: OrganisationId,
    /// Absent for the operator's drill.
    pub account: Option<AccountId>,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub review_due_at: Timestamp,
    pub reviewed_at: Option<Timestamp>,
}

/// The operator has tried all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drill {
    pub at: Timestamp,
    pub passed: bool,
}

/// A meeting that somebody wants to come into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside {
    pub organisation: OrganisationId,
    pub state: MeetingState,
    /// One of its hosts, or who looks after it, has put this account out.
    pub put_out: bool,
    /// Of a support session, in which nobody looks on whom the person at the computer did not let.
    pub is_support: bool,
}

impl Use {
    /// From when it was taken until its time is over or its holder ends it.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }

    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.reviewed_at.is_none() && now >= self.review_due_at
    }
}

/// Whether somebody may take emergency access at this moment.
pub fn invoke(
    permitted: &Permitted,
    strongest: Strongest,
    proved: Proved,
    open: Option<&Use>,
    now: Timestamp,
) -> Decision {
    if !permitted.emergency_access {
        return Decision::Deny(Reason::SwitchedOff);
    }
    if let Decision::Deny(reason) = step_up::is_fresh(proved.at, now) {
        return Decision::Deny(reason);
    }
    if shown(proved.assurance) < strongest {
        return Decision::Deny(Reason::WeakProof);
    }
    let open = open.is_some_and(|open| open.is_open(now));
    Decision::when(!open, Reason::EmergencyOpen)
}

/// Whether one of the organisation's sealed codes signs this account in: whom policy lets take emergency access, and nobody
/// else.
pub fn sign_in_by_code(state: AccountState, permitted: &Permitted) -> Decision {
    if state != AccountState::Active {
        return Decision::Deny(Reason::SwitchedOff);
    }
    Decision::when(permitted.emergency_access, Reason::SwitchedOff)
}

/// Whether a use opens this to who shows it. `permitted` is what policy says of them at this moment: what is taken away
/// meanwhile opens nothing.
pub fn opens(
    what: Unlocked,
    permitted: &Permitted,
    open: Option<&Use>,
    now: Timestamp,
) -> Decision {
    let open = open.is_some_and(|open| open.is_open(now));
    match what {
        Unlocked::LiveMeetings | Unlocked::Meeting => {
            Decision::when(open && permitted.emergency_access, Reason::NoEmergency)
        }
    }
}

/// How whoever has broken the glass comes in: as a participant, past lobby, lock, list and guard. Not into another
/// organisation's meeting, nor one that does not go on, nor a support session, nor again where they were put out.
pub fn enter(open: &Use, inside: Inside, now: Timestamp) -> Result<Entrance, Reason> {
    if !open.is_open(now) {
        return Err(Reason::NoEmergency);
    }
    let is_theirs = inside.organisation == open.organisation && !inside.is_support;
    if !is_theirs || inside.state != MeetingState::Live {
        return Err(Reason::MeetingNotLive);
    }
    if inside.put_out {
        return Err(Reason::PutOut);
    }
    Ok(Entrance {
        role: ParticipantRole::Participant,
        admission: Admission::Admitted,
        opens: false,
    })
}

/// Whether this account may say what it thinks of a use: once, after its end, and not of its own.
pub fn review(used: &Use, by: AccountId, role: AccountRole, now: Timestamp) -> Decision {
    if let Decision::Deny(reason) = account_may(role, AccountAction::ReviewEmergencies) {
        return Decision::Deny(reason);
    }
    if used.account == Some(by) {
        return Decision::Deny(Reason::OwnEmergency);
    }
    if used.is_open(now) {
        return Decision::Deny(Reason::EmergencyOpen);
    }
    Decision::when(used.reviewed_at.is_none(), Reason::Spent)
}

/// Who is told by mail that somebody took it: those who manage the organisation's people.
pub fn is_told(role: AccountRole) -> bool {
    account_may(role, AccountAction::ManagePeople).is_allowed()
}

/// Whether the operator's last drill passed, and is not too long ago: one that failed says more than those before it, and one
/// that is still to come was dated by a clock that was wrong.
pub fn is_drilled(last: Option<Drill>, now: Timestamp) -> bool {
    let passed = last.filter(|last| last.passed && last.at <= now);
    let passed = passed.map(|last| last.at);
    !needs_drill(passed, now)
}

/// Whether the operator has not proved for too long that it works.
pub fn needs_drill(last_passed: Option<Timestamp>, now: Timestamp) -> bool {
    last_passed.is_none_or(|at| now.since(at) >= DRILL_EVERY)
}

/// A sealed code stands in for whatever can't be shown: it lay in a safe, and is spent.
fn shown(assurance: Assurance) -> Strongest {
    match assurance {
        Assurance::Passkey | Assurance::EmergencyCode => Strongest::Passkey,
        Assurance::Totp
        | Assurance::RecoveryCode
        | Assurance::SingleSignOnTotp
        | Assurance::SingleSignOnRecoveryCode
        | Assurance::SingleSignOnOfTwo => Strongest::SecondFactor,
        Assurance::Password | Assurance::SingleSignOn => Strongest::Password,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_000_000_000_000);

    const MEMBER: Permitted = Permitted {
        emergency_access: true,
        ..NOTHING_SAID
    };
    const NOTHING_SAID: Permitted = Permitted {
        host_meetings: true,
        guests: true,
        enter_by_link: true,
        screen_sharing: true,
        camera: true,
        messages: true,
        co_hosts: true,
        idle_minutes: 15,
        second_factor: conclave_protocol::policy::WhoProvesMore::Roles,
        data_mode: conclave_protocol::meeting::DataMode::Conduit,
        emergency_access: false,
        key_without_passcode: true,
        support: true,
        support_control: true,
        support_clipboard: false,
        support_files: false,
        support_file_mebibytes: 100,
        support_file_count: 20,
        support_diagnostics: true,
        support_chat: true,
        support_idle_minutes: 15,
        support_unattended: false,
        support_administrator: false,
        support_queue: false,
        meeting_control: true,
    };

    fn account(number: u128) -> AccountId {
        AccountId(Uuid::from_u128(number))
    }

    fn organisation(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    fn used() -> Use {
        Use {
            organisation: organisation(1),
            account: Some(account(1)),
            expires_at: NOW.plus(LASTS),
            ended_at: None,
            review_due_at: NOW.plus(REVIEW_WITHIN),
            reviewed_at: None,
        }
    }

    fn minutes(minutes: u64) -> Timestamp {
        NOW.plus(Duration::from_secs(60 * minutes))
    }

    // Shows: ABUSE-67.
    #[test]
    fn nobody_breaks_the_glass_who_may_not_or_has_not_proved_lately_who_they_are() {
        let proved = |assurance| Proved { assurance, at: NOW };
        let by = |permitted, strongest, assurance| {
            invoke(permitted, strongest, proved(assurance), None, minutes(9))
        };
        let of_two = Strongest::SecondFactor;

        assert_eq!(by(&MEMBER, of_two, Assurance::Totp), Decision::Allow);
        assert_eq!(
            by(&NOTHING_SAID, of_two, Assurance::Totp),
            Decision::Deny(Reason::SwitchedOff)
        );
        let weak = Decision::Deny(Reason::WeakProof);
        assert_eq!(by(&MEMBER, of_two, Assurance::Password), weak);
        assert_eq!(by(&MEMBER, of_two, Assurance::SingleSignOn), weak);
        let passkey = Strongest::Passkey;
        assert_eq!(by(&MEMBER, passkey, Assurance::Totp), weak);
        assert_eq!(by(&MEMBER, passkey, Assurance::RecoveryCode), weak);
        assert_eq!(by(&MEMBER, passkey, Assurance::Passkey), Decision::Allow);
        let sealed = Assurance::EmergencyCode;
        assert_eq!(by(&MEMBER, passkey, sealed), Decision::Allow);
        let password = Strongest::Password;
        assert_eq!(by(&MEMBER, password, Assurance::Password), Decision::Allow);

        let late = proved(Assurance::Passkey);
        assert_eq!(
            invoke(&MEMBER, passkey, late, None, minutes(10)),
            Decision::Deny(Reason::StepUp)
        );
        let twice = invoke(&MEMBER, passkey, late, Some(&used()), minutes(9));
        assert_eq!(twice, Decision::Deny(Reason::EmergencyOpen));
        let over = Use {
            ended_at: Some(NOW),
            ..used()
        };
        let again = invoke(&MEMBER, passkey, late, Some(&over), minutes(9));
        assert_eq!(again, Decision::Allow);
    }

    // Shows: REQ-EM-02, ABUSE-67.
    #[test]
    fn a_sealed_code_signs_in_whom_policy_lets_take_emergency_access_and_nobody_else() {
        use AccountState as S;
        let no = Decision::Deny(Reason::SwitchedOff);

        assert_eq!(sign_in_by_code(S::Active, &MEMBER), Decision::Allow);
        assert_eq!(sign_in_by_code(S::Active, &NOTHING_SAID), no);
        for state in [S::Pending, S::Suspended, S::Removed] {
            assert_eq!(sign_in_by_code(state, &MEMBER), no, "{state:?}");
        }
        assert!(SESSION_LASTS > LASTS);
    }

    // Shows: ABUSE-67.
    #[test]
    fn it_opens_its_fixed_set_for_an_hour_and_then_nothing() {
        let over = Use {
            ended_at: Some(NOW),
            ..used()
        };
        let no = Decision::Deny(Reason::NoEmergency);
        for what in Unlocked::ALL {
            assert_eq!(
                opens(what, &MEMBER, Some(&used()), minutes(59)),
                Decision::Allow
            );
            assert_eq!(opens(what, &MEMBER, Some(&used()), minutes(60)), no);
            assert_eq!(opens(what, &MEMBER, Some(&over), minutes(1)), no);
            assert_eq!(opens(what, &MEMBER, None, minutes(1)), no);
            // Whoever is out of the group meanwhile.
            assert_eq!(opens(what, &NOTHING_SAID, Some(&used()), minutes(1)), no);
        }
    }

    // Shows: ABUSE-67.
    #[test]
    fn it_leads_into_live_meetings_of_the_organisation_as_a_participant_and_not_again_after_being_put_out()
     {
        let inside = Inside {
            organisation: organisation(1),
            state: MeetingState::Live,
            put_out: false,
            is_support: false,
        };
        let entrance = enter(&used(), inside, minutes(1)).unwrap();
        assert_eq!(entrance.role, ParticipantRole::Participant);
        assert_eq!(entrance.admission, Admission::Admitted);
        assert!(!entrance.opens);
        for (wrong, reason) in [
            (
                Inside {
                    organisation: organisation(2),
                    ..inside
                },
                Reason::MeetingNotLive,
            ),
            (
                Inside {
                    state: MeetingState::Scheduled,
                    ..inside
                },
                Reason::MeetingNotLive,
            ),
            (
                Inside {
                    state: MeetingState::Ended,
                    ..inside
                },
                Reason::MeetingNotLive,
            ),
            (
                Inside {
                    is_support: true,
                    ..inside
                },
                Reason::MeetingNotLive,
            ),
            (
                Inside {
                    put_out: true,
                    ..inside
                },
                Reason::PutOut,
            ),
        ] {
            assert_eq!(enter(&used(), wrong, minutes(1)), Err(reason));
        }
        let late = enter(&used(), inside, minutes(60));
        assert_eq!(late, Err(Reason::NoEmergency));
    }

    // Shows: ABUSE-67.
    #[test]
    fn somebody_else_reviews_it_once_and_in_72_hours() {
        use AccountRole as R;
        let after = minutes(60);
        for (role, may) in [
            (R::Owner, true),
            (R::Admin, true),
            (R::Auditor, true),
            (R::AccountManager, false),
            (R::Representative, false),
            (R::Member, false),
        ] {
            let decision = review(&used(), account(2), role, after);
            assert_eq!(decision, Decision::when(may, Reason::Role), "{role:?}");
        }
        let own = review(&used(), account(1), R::Owner, after);
        assert_eq!(own, Decision::Deny(Reason::OwnEmergency));
        let early = review(&used(), account(2), R::Owner, minutes(59));
        assert_eq!(early, Decision::Deny(Reason::EmergencyOpen));
        let hours = |hours: u64| minutes(60 * hours);
        assert!(!used().is_overdue(hours(71)));
        assert!(used().is_overdue(hours(72)));
        let reviewed = Use {
            reviewed_at: Some(after),
            ..used()
        };
        assert!(!reviewed.is_overdue(hours(72)));
        let twice = review(&reviewed, account(2), R::Owner, after);
        assert_eq!(twice, Decision::Deny(Reason::Spent));
    }

    #[test]
    fn owners_and_admins_are_told_and_a_drill_is_due_each_month() {
        use AccountRole as R;
        let told = [
            R::Owner,
            R::Admin,
            R::AccountManager,
            R::Representative,
            R::Auditor,
            R::Member,
        ];
        let told: Vec<_> = told.into_iter().filter(|role| is_told(*role)).collect();
        assert_eq!(told, [R::Owner, R::Admin]);
        let days = |days: u64| minutes(60 * 24 * days);
        assert!(needs_drill(None, NOW));
        assert!(!needs_drill(Some(NOW), days(30)));
        assert!(needs_drill(Some(NOW), days(31)));
    }

    // Shows: REQ-EM-02.
    #[test]
    fn it_is_shown_to_work_by_a_last_drill_that_passed_within_a_month() {
        let drill = |passed| Some(Drill { at: NOW, passed });
        let days = |days: u64| minutes(60 * 24 * days);
        assert!(!is_drilled(None, NOW));
        assert!(!is_drilled(drill(false), NOW));
        assert!(is_drilled(drill(true), days(30)));
        assert!(!is_drilled(drill(true), days(31)));
        let ahead = Drill {
            at: days(1),
            passed: true,
        };
        assert!(!is_drilled(Some(ahead), NOW));
    }
}
