//! Which role holds which capability: the whole table, denied by default.

use conclave_protocol::account::AccountRole;
use conclave_protocol::meeting::ParticipantRole;

use crate::decision::{Decision, Reason};
use crate::second_factor::Assurance;

/// What somebody signed in asks to do in their organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountAction {
    /// See who they are themselves.
    ReadSelf,
    CreateMeeting,
    /// See the meetings that they host.
    ListOwnMeetings,
    /// Keep what their own browsers share, and the list of these.
    UseVault,
    /// See who has an account, and who is invited.
    SeePeople,
    /// Invite people, and change what their accounts are ([`crate::people`] says whose).
    ManagePeople,
    /// See which of the organisation's meetings go on, put people out of them and end them, without being in them.
    SuperviseMeetings,
    /// See groups, policies, and why somebody may or may not.
    ReadPolicy,
    /// Change policies, make groups, and say who is in them.
    ChangePolicy,
    /// Ask that the organisation leaves the healthcare profile.
    LeaveProfile,
    /// See and change how they sign in themselves, and where they are signed in.
    ChangeOwnSignIn,
    /// See which programs have a key, and what each may.
    SeePrograms,
    /// Make a program, which acts by its own key while whoever made it holds this.
    MakeProgram,
    /// End a program.
    RevokeProgram,
    /// See the audit log, prove its entries, and take it away.
    ReadAudit,
    /// See which meetings took place and how they did, and what is reported of the organisation.
    SeeReports,
    /// See which safeguards hold, what shows them, decisions and agreements.
    ReadEvidence,
    /// Take the evidence out, signed and kept as it was issued.
    ExportEvidence,
    /// Decide about addressable safeguards, assess risks, keep agreements, and sign that settings were reviewed.
    DecideEvidence,
    /// Enter complaints and requests about privacy, read them, and close them.
    KeepComplaints,
    /// See who took emergency access and what they said of it, say what to think of it, and see which sealed codes are left.
    ReviewEmergencies,
    /// Say what to think of what the rules for anomalies found, and read what others said of it.
    ReviewAnomalies,
    /// Make the sealed codes by which emergency access is reached when nothing else signs people in.
    MakeEmergencyCodes,
    /// Enter in the register who was trained in what, and take back what was entered by mistake.
    KeepTraining,
    /// Help people at their computers, where policy lets them ([`crate::support`] says how).
    HoldSupport,
    /// Say what support sessions are sealed to, and how long their recordings are kept.
    KeepRecordings,
    /// See which recordings there are, and get their sealed pieces.
    PlayRecordings,
    /// Enrol computers that are helped when nobody is there, say who may, and take them out.
    KeepComputers,
    /// See what the register says of their own training, and say that it was so.
    AcknowledgeTraining,
}

/// What somebody in a meeting asks to do in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeetingAction {
    /// Open the meeting channel.
    OpenChannel,
    /// Set up media.
    Connect,
    /// Be heard and seen, and show a screen.
    Publish,
    /// Hear and see others.
    Subscribe,
    /// Write, and send what their programs agree on.
    SendData,
    /// Bring the computer that they present, let somebody use it, and use somebody else's.
    LendComputer,
    /// See the list of somebody's devices.
    SeeDevices,
    /// See who waits.
    SeeLobby,
    /// See the code, to pass it on.
    SeeCode,
    Admit,
    Deny,
    /// Put somebody out who is in.
    Expel,
    /// Let nobody new in, or lift that.
    Lock,
    /// Silence somebody, stop their pictures, ask them to speak. Nobody is ever made to be heard or seen.
    Moderate,
    /// Say who may show a screen, and hand it to somebody.
    DirectSharing,
    /// Make somebody a co-host, or take that back.
    Appoint,
    /// Put members out of its encryption group, and change who may enter that.
    LeadGroup,
    /// Leave, by their own act.
    Leave,
    /// End it for everybody.
    End,
}

impl AccountAction {
    /// Every one, in their order.
    pub const ALL: &[Self] = &[
        Self::ReadSelf,
        Self::CreateMeeting,
        Self::ListOwnMeetings,
        Self::UseVault,
        Self::SeePeople,
        Self::ManagePeople,
        Self::SuperviseMeetings,
        Self::ReadPolicy,
        Self::ChangePolicy,
        Self::LeaveProfile,
        Self::ChangeOwnSignIn,
        Self::SeePrograms,
        Self::MakeProgram,
        Self::RevokeProgram,
        Self::ReadAudit,
        Self::SeeReports,
        Self::ReadEvidence,
        Self::ExportEvidence,
        Self::DecideEvidence,
        Self::KeepComplaints,
        Self::ReviewEmergencies,
        Self::ReviewAnomalies,
        Self::MakeEmergencyCodes,
        Self::KeepTraining,
        Self::HoldSupport,
        Self::KeepRecordings,
        Self::PlayRecordings,
        Self::KeepComputers,
        Self::AcknowledgeTraining,
    ];
}

impl MeetingAction {
    /// Every one, in their order.
    pub const ALL: &[Self] = &[
        Self::OpenChannel,
        Self::Connect,
        Self::Publish,
        Self::Subscribe,
        Self::SendData,
        Self::LendComputer,
        Self::SeeDevices,
        Self::SeeLobby,
        Self::SeeCode,
        Self::Admit,
        Self::Deny,
        Self::Expel,
        Self::Lock,
        Self::Moderate,
        Self::DirectSharing,
        Self::Appoint,
        Self::LeadGroup,
        Self::Leave,
        Self::End,
    ];
}

/// Whether an account's role holds the capability.
pub fn account_may(role: AccountRole, action: AccountAction) -> Decision {
    use AccountAction as A;
    use AccountRole as R;

    let holds = match action {
        A::ReadSelf | A::UseVault | A::AcknowledgeTraining => true,
        A::CreateMeeting | A::ListOwnMeetings => match role {
            R::Owner | R::Admin | R::AccountManager | R::Representative | R::Member => true,
            R::Auditor => false,
        },
        A::SeePeople => match role {
            R::Owner | R::Admin | R::AccountManager | R::Auditor => true,
            R::Representative | R::Member => false,
        },
        A::ManagePeople => match role {
            R::Owner | R::Admin => true,
            R::AccountManager | R::Auditor | R::Representative | R::Member => false,
        },
        A::SuperviseMeetings => match role {
            R::Owner | R::Admin | R::AccountManager => true,
            R::Representative | R::Member | R::Auditor => false,
        },
        A::ReadPolicy => match role {
            R::Owner | R::Admin | R::AccountManager | R::Auditor => true,
            R::Representative | R::Member => false,
        },
        A::ChangePolicy => match role {
            R::Owner | R::Admin => true,
            R::AccountManager | R::Representative | R::Auditor | R::Member => false,
        },
        A::LeaveProfile => match role {
            R::Owner => true,
            R::Admin | R::AccountManager | R::Representative | R::Auditor | R::Member => false,
        },
        A::ChangeOwnSignIn => true,
        A::SeePrograms => match role {
            R::Owner | R::Admin | R::Auditor => true,
            R::AccountManager | R::Representative | R::Member => false,
        },
        A::MakeProgram | A::MakeEmergencyCodes => match role {
            R::Owner => true,
            R::Admin | R::AccountManager | R::Representative | R::Auditor | R::Member => false,
        },
        A::RevokeProgram => match role {
            R::Owner | R::Admin => true,
            R::AccountManager | R::Representative | R::Auditor | R::Member => false,
        },
        A::ReadAudit => match role {
            R::Owner | R::Admin | R::Auditor => true,
            R::AccountManager | R::Representative | R::Member => false,
        },
        A::SeeReports => match role {
            R::Owner | R::Admin | R::AccountManager | R::Auditor => true,
            R::Representative | R::Member => false,
        },
        A::ReadEvidence | A::ExportEvidence => match role {
            R::Owner | R::Admin | R::AccountManager | R::Auditor => true,
            R::Representative | R::Member => false,
        },
        A::DecideEvidence => match role {
            R::Owner | R::Admin => true,
            R::AccountManager | R::Representative | R::Auditor | R::Member => false,
        },
        A::KeepComplaints | A::KeepTraining => match role {
            R::Owner | R::Admin | R::AccountManager => true,
            R::Representative | R::Auditor | R::Member => false,
        },
        A::ReviewEmergencies | A::ReviewAnomalies => match role {
            R::Owner | R::Admin | R::Auditor => true,
            R::AccountManager | R::Representative | R::Member => false,
        },
        A::KeepRecordings => match role {
            R::Owner | R::Admin => true,
            R::AccountManager | R::Representative | R::Auditor | R::Member => false,
        },
        A::PlayRecordings => match role {
            R::Owner | R::Admin | R::Auditor => true,
            R::AccountManager | R::Representative | R::Member => false,
        },
        A::HoldSupport => match role {
            R::Owner | R::Admin | R::Representative => true,
            R::AccountManager | R::Auditor | R::Member => false,
        },
        A::KeepComputers => match role {
            R::Owner | R::Admin => true,
            R::AccountManager | R::Representative | R::Auditor | R::Member => false,
        },
    };
    Decision::when(holds, Reason::Role)
}

/// Whether a session that has proved this much opens the capability to an account of the role.
pub fn session_may(role: AccountRole, proved: Assurance, action: AccountAction) -> Decision {
    match account_may(role, action) {
        Decision::Allow if proved.is_for_emergency() => Decision::Deny(Reason::EmergencyOnly),
        Decision::Allow if needs_two_factors(action) => {
            Decision::when(proved.is_of_two_factors(), Reason::SecondFactor)
        }
        decision => decision,
    }
}

/// Whether two factors are needed, also where the role can do without.
fn needs_two_factors(action: AccountAction) -> bool {
    matches!(
        action,
        AccountAction::ReadAudit
            | AccountAction::SeeReports
            | AccountAction::ExportEvidence
            | AccountAction::KeepComplaints
            | AccountAction::ReviewEmergencies
            | AccountAction::ReviewAnomalies
            | AccountAction::MakeEmergencyCodes
            | AccountAction::KeepRecordings
            | AccountAction::PlayRecordings
    )
}

/// Whether a participant's role holds the capability, once they are admitted.
pub fn participant_may(role: ParticipantRole, action: MeetingAction) -> Decision {
    use MeetingAction as A;
    use ParticipantRole as R;

    let holds = match action {
        A::OpenChannel | A::Connect | A::SendData | A::Leave => true,
        A::Publish | A::Subscribe | A::LendComputer | A::SeeDevices => match role {
            R::Host | R::CoHost | R::Participant | R::Guest => true,
            R::Companion => false,
        },
        A::SeeLobby
        | A::SeeCode
        | A::Admit
        | A::Deny
        | A::Expel
        | A::Lock
        | A::Moderate
        | A::DirectSharing
        | A::LeadGroup => match role {
            R::Host | R::CoHost => true,
            R::Participant | R::Guest | R::Companion => false,
        },
        A::End | A::Appoint => match role {
            R::Host => true,
            R::CoHost | R::Participant | R::Guest | R::Companion => false,
        },
    };
    Decision::when(holds, Reason::Role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_of_actions_leave_none_out() {
        let accounts = AccountAction::ALL.iter().enumerate();
        assert!(
            accounts
                .into_iter()
                .all(|(at, action)| *action as usize == at)
        );
        let meetings = MeetingAction::ALL.iter().enumerate();
        assert!(
            meetings
                .into_iter()
                .all(|(at, action)| *action as usize == at)
        );
    }

    // Shows: REQ-AU-09.
    #[test]
    fn every_account_role_has_exactly_its_capabilities() {
        use AccountAction::{
            ChangeOwnSignIn, ChangePolicy, CreateMeeting, KeepComplaints, KeepTraining,
            LeaveProfile, ListOwnMeetings, MakeEmergencyCodes, MakeProgram, ManagePeople,
            ReadAudit, ReadPolicy, ReadSelf, ReviewAnomalies, ReviewEmergencies, RevokeProgram,
            SeePeople, SeePrograms, SeeReports, SuperviseMeetings, UseVault,
        };
        const OWN: [AccountAction; 5] = [
            ReadSelf,
            UseVault,
            ChangeOwnSignIn,
            CreateMeeting,
            ListOwnMeetings,
        ];
        const ALL: [AccountAction; 21] = [
            ReadSelf,
            UseVault,
            ChangeOwnSignIn,
            CreateMeeting,
            ListOwnMeetings,
            SeePeople,
            ReadPolicy,
            SeeReports,
            SuperviseMeetings,
            KeepComplaints,
            KeepTraining,
            ManagePeople,
            ChangePolicy,
            SeePrograms,
            RevokeProgram,
            ReadAudit,
            ReviewEmergencies,
            ReviewAnomalies,
            LeaveProfile,
            MakeProgram,
            MakeEmergencyCodes,
        ];
        let table: [(AccountRole, &[AccountAction]); 6] = [
            (AccountRole::Owner, &ALL),
            (AccountRole::Admin, &ALL[..18]),
            (AccountRole::AccountManager, &ALL[..11]),
            (AccountRole::Representative, &OWN),
            (AccountRole::Member, &OWN),
            (
                AccountRole::Auditor,
                &[
                    ReadSelf,
                    UseVault,
                    ChangeOwnSignIn,
                    SeePeople,
                    ReadPolicy,
                    SeePrograms,
                    ReadAudit,
                    SeeReports,
                    ReviewEmergencies,
                    ReviewAnomalies,
                ],
            ),
        ];

        for (role, may) in table {
            for action in ALL {
                assert_eq!(
                    account_may(role, action).is_allowed(),
                    may.contains(&action),
                    "{role:?} {action:?}"
                );
            }
        }
    }

    // Shows: REQ-AU-03.
    #[test]
    fn a_password_alone_opens_no_report() {
        let of = |proved| {
            session_may(
                AccountRole::AccountManager,
                proved,
                AccountAction::SeeReports,
            )
        };

        assert_eq!(
            of(Assurance::Password),
            Decision::Deny(Reason::SecondFactor)
        );
        assert_eq!(
            of(Assurance::SingleSignOn),
            Decision::Deny(Reason::SecondFactor)
        );
        assert_eq!(of(Assurance::Passkey), Decision::Allow);
        let member = session_may(
            AccountRole::Member,
            Assurance::Passkey,
            AccountAction::SeeReports,
        );
        assert_eq!(member, Decision::Deny(Reason::Role));
    }

    // Shows: REQ-AU-03.
    #[test]
    fn a_password_alone_takes_nothing_out_and_opens_nothing_that_was_said_in_confidence() {
        for (role, action) in [
            (AccountRole::Auditor, AccountAction::ExportEvidence),
            (AccountRole::AccountManager, AccountAction::KeepComplaints),
            (AccountRole::Auditor, AccountAction::ReviewEmergencies),
        ] {
            let with = |proved| session_may(role, proved, action);
            let password = with(Assurance::Password);
            assert_eq!(password, Decision::Deny(Reason::SecondFactor), "{role:?}");
            assert_eq!(with(Assurance::Totp), Decision::Allow, "{role:?}");
        }
    }

    // Shows: REQ-EM-02, ABUSE-67.
    #[test]
    fn a_sealed_code_opens_nothing_that_a_role_does() {
        for action in AccountAction::ALL {
            let with = |proved| session_may(AccountRole::Owner, proved, *action);
            let sealed = with(Assurance::EmergencyCode);
            assert_eq!(sealed, Decision::Deny(Reason::EmergencyOnly), "{action:?}");
            assert_eq!(with(Assurance::Passkey), Decision::Allow, "{action:?}");
        }
    }

    // Shows: REQ-AU-09.
    #[test]
    fn an_account_manager_reads_and_reports_and_changes_no_setting() {
        use AccountAction as A;
        let may = |action| account_may(AccountRole::AccountManager, action).is_allowed();

        assert!(
            [
                A::SeePeople,
                A::ReadPolicy,
                A::SuperviseMeetings,
                A::SeeReports
            ]
            .into_iter()
            .all(may)
        );
        let changes = [
            A::ManagePeople,
            A::ChangePolicy,
            A::LeaveProfile,
            A::MakeProgram,
            A::RevokeProgram,
        ];
        assert!(!changes.into_iter().any(may));
    }

    // Shows: REQ-AU-09.
    #[test]
    fn evidence_is_read_by_who_looks_after_the_organisation_and_decided_about_by_owners_and_admins()
    {
        use AccountRole::{AccountManager, Admin, Auditor, Member, Owner, Representative};
        let may = |role, action| account_may(role, action).is_allowed();
        for role in [
            Owner,
            Admin,
            AccountManager,
            Auditor,
            Representative,
            Member,
        ] {
            let decides = matches!(role, Owner | Admin);
            let reads = decides || matches!(role, AccountManager | Auditor);
            for action in [AccountAction::ReadEvidence, AccountAction::ExportEvidence] {
                assert_eq!(may(role, action), reads, "{role:?} {action:?}");
            }
            assert_eq!(
                may(role, AccountAction::DecideEvidence),
                decides,
                "{role:?}"
            );
        }
    }

    // Shows: REQ-AU-09.
    #[test]
    fn only_whose_work_it_is_helps_at_somebody_s_computer() {
        use AccountRole::{AccountManager, Admin, Auditor, Member, Owner, Representative};
        let may = |role: &AccountRole| account_may(*role, AccountAction::HoldSupport).is_allowed();

        assert!([Owner, Admin, Representative].iter().all(may));
        assert!(![AccountManager, Auditor, Member].iter().any(may));
    }

    // Shows: REQ-AC-30.
    #[test]
    fn only_owners_and_admins_say_which_computers_are_helped_when_nobody_is_there() {
        use AccountRole::{AccountManager, Admin, Auditor, Member, Owner, Representative};
        let may =
            |role: &AccountRole| account_may(*role, AccountAction::KeepComputers).is_allowed();

        assert!([Owner, Admin].iter().all(may));
        assert!(
            ![AccountManager, Auditor, Member, Representative]
                .iter()
                .any(may)
        );
    }

    // Shows: REQ-AU-04, REQ-AU-09.
    #[test]
    fn recordings_are_kept_by_owners_and_admins_and_seen_by_auditors_too_with_two_factors() {
        use AccountRole::{AccountManager, Admin, Auditor, Member, Owner, Representative};
        for role in [
            Owner,
            Admin,
            AccountManager,
            Auditor,
            Representative,
            Member,
        ] {
            let may = |proved, action| session_may(role, proved, action).is_allowed();
            let keeps = matches!(role, Owner | Admin);
            let plays = keeps || role == Auditor;
            for (action, expected) in [
                (AccountAction::KeepRecordings, keeps),
                (AccountAction::PlayRecordings, plays),
            ] {
                assert_eq!(may(Assurance::Totp, action), expected, "{role:?}");
                assert!(!may(Assurance::Password, action), "{role:?}");
            }
        }
    }

    #[test]
    fn every_participant_role_has_exactly_its_capabilities() {
        use MeetingAction::{
            Admit, Appoint, Connect, Deny, DirectSharing, End, Expel, LeadGroup, Leave,
            LendComputer, Lock, Moderate, OpenChannel, Publish, SeeCode, SeeDevices, SeeLobby,
            SendData, Subscribe,
        };
        const COMPANION: [MeetingAction; 4] = [OpenChannel, Connect, SendData, Leave];
        const GUEST: [MeetingAction; 8] = [
            OpenChannel,
            Connect,
            Publish,
            Subscribe,
            SendData,
            LendComputer,
            SeeDevices,
            Leave,
        ];
        let co_host = [
            &GUEST[..],
            &[
                SeeLobby,
                SeeCode,
                Admit,
                Deny,
                Expel,
                Lock,
                Moderate,
                DirectSharing,
                LeadGroup,
            ],
        ]
        .concat();
        let all = [&co_host[..], &[End, Appoint]].concat();
        let table = [
            (ParticipantRole::Host, &all[..]),
            (ParticipantRole::CoHost, &co_host),
            (ParticipantRole::Participant, &GUEST),
            (ParticipantRole::Guest, &GUEST),
            (ParticipantRole::Companion, &COMPANION),
        ];

        for (role, may) in table {
            for action in all.iter().copied() {
                assert_eq!(
                    participant_may(role, action).is_allowed(),
                    may.contains(&action),
                    "{role:?} {action:?}"
                );
            }
        }
    }
}
