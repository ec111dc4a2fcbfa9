use std::collections::BTreeSet;

use super::*;

const A: Uuid = Uuid::from_u128(1);
const M: Uuid = Uuid::from_u128(2);
const P: Uuid = Uuid::from_u128(3);
const G: Uuid = Uuid::from_u128(4);
const I: Uuid = Uuid::from_u128(5);

/// One of each, with what it is about.
fn catalogue() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let version = Code::new("0.1.0");
    let account = Some((ObjectKind::Account, A));
    let meeting = Some((ObjectKind::Meeting, M));
    let participant = Some((ObjectKind::Participant, P));
    let invitation = Some((ObjectKind::Invitation, I));
    let about = |event: fn(Uuid, Uuid) -> Event| (event(M, P), participant);
    vec![
        (
            Event::SystemStart {
                version: version.clone(),
                application: Some(Code::new("9f86d081")),
                configuration: Some(Code::new("60303ae2")),
            },
            None,
        ),
        (
            Event::KeyMade {
                key: Code::new("seal"),
                fingerprint: Code::new("9f86d081"),
            },
            None,
        ),
        (Event::SystemStop { version }, None),
        (Event::SystemSetupLink, None),
        (Event::UserCreateOwner { account: A }, account),
        (
            Event::AuthLogin {
                account: A,
                unknown_browser: true,
            },
            account,
        ),
        (Event::AuthFail { account: Some(A) }, account),
        (Event::AuthLockout { account: Some(A) }, account),
        (Event::AuthSessionEnd { account: A }, account),
        (Event::AuthSessionTimeout { account: A }, account),
        (
            Event::AccountVaultChange {
                account: A,
                version: 3,
                added: 1,
                removed: 0,
            },
            account,
        ),
        (Event::AccountDeviceRequest { account: A }, account),
        (Event::AccountDeviceRequestEnd { account: A }, account),
        (Event::MeetingCreate { meeting: M }, meeting),
        (Event::MeetingStart { meeting: M }, meeting),
        (Event::MeetingAdmitAll { meeting: M }, meeting),
        (Event::MeetingInvite { meeting: M }, meeting),
        (Event::MeetingUninvite { meeting: M }, meeting),
        (Event::MeetingChange { meeting: M }, meeting),
        (Event::MeetingCancel { meeting: M }, meeting),
        (Event::MeetingGuard { meeting: M }, meeting),
        (Event::MeetingUnguard { meeting: M }, meeting),
        (Event::MeetingChangePasscode { meeting: M }, meeting),
        (Event::MeetingLock { meeting: M }, meeting),
        (Event::MeetingLockSharing { meeting: M }, meeting),
        (Event::MeetingUnlockSharing { meeting: M }, meeting),
        (Event::MeetingMuteAll { meeting: M }, meeting),
        (Event::MeetingUnlock { meeting: M }, meeting),
        (Event::MeetingEnd { meeting: M }, meeting),
        (
            Event::MeetingJoinRefused {
                meeting: Some(M),
                way: Way::Code,
            },
            meeting,
        ),
        about(|meeting, participant| Event::MeetingJoin {
            meeting,
            participant,
            role: Code::new("guest"),
            way: Way::Invitation,
            entrance: Entrance::HostAbsent,
        }),
        about(|meeting, participant| Event::MeetingKnock {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingAdmit {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingVouch {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingDeny {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingExpel {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingMakeCoHost {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingTakeBackCoHost {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingHandOver {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingMute {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingStopVideo {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingAskToUnmute {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingShareTimeout {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingLeave {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingTicket {
            meeting,
            participant,
            kind: TicketKind::Join,
        }),
        about(|meeting, participant| Event::MeetingConnect {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingResume {
            meeting,
            participant,
        }),
        (Event::DeveloperJoin { resumed: true }, None),
        (
            Event::DeveloperCall {
                method: Code::new("create_room"),
            },
            None,
        ),
        (
            Event::AccessRefused {
                to: Code::new("channel"),
            },
            None,
        ),
        about(|meeting, participant| Event::MeetingPublish {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingDisconnect {
            meeting,
            participant,
            quality: Some(QualitySummary {
                seconds: 60,
                sent: StreamSummary::default(),
                received: StreamSummary::default(),
                round_trip_ms: Some(20),
            }),
        }),
        (
            Event::E2eeGroup {
                meeting: M,
                group: G,
            },
            meeting,
        ),
        (
            Event::E2eeEpoch {
                meeting: M,
                group: G,
                epoch: 7,
            },
            meeting,
        ),
        about(|meeting, participant| Event::E2eeRemoval {
            meeting,
            group: G,
            participant,
        }),
        about(|meeting, participant| Event::E2eeDistrust {
            meeting,
            group: G,
            participant,
        }),
        (
            Event::E2eeGroupEnd {
                meeting: M,
                group: G,
            },
            meeting,
        ),
        (
            Event::UserInvite {
                invitation: I,
                role: Code::new("member"),
            },
            invitation,
        ),
        (Event::UserWithdrawInvitation { invitation: I }, invitation),
        (
            Event::UserAcceptInvitation {
                invitation: Some(I),
                account: Some(A),
            },
            account,
        ),
        (Event::UserAskForAccount, None),
        (Event::UserRequestAccount { account: Some(A) }, account),
        (Event::UserApprove { account: A }, account),
        (Event::UserSuspend { account: A }, account),
        (Event::UserRestore { account: A }, account),
        (Event::UserRemove { account: A }, account),
        (
            Event::UserChangeRole {
                account: A,
                role: Code::new("auditor"),
            },
            account,
        ),
        (Event::AuthAskForReset { account: Some(A) }, account),
        (Event::AuthResetPassword { account: Some(A) }, account),
        (Event::AuthPassword { account: A }, account),
        (Event::AuthStepUp { account: A }, account),
        (Event::AuthSessionRevoke { account: A }, account),
        (Event::AccountTotpSetUp { account: A }, account),
        (Event::AccountTotpRemove { account: A }, account),
        (
            Event::AccountPasskeyAdd {
                account: A,
                passkey: G,
            },
            account,
        ),
        (
            Event::AccountPasskeyRename {
                account: A,
                passkey: G,
            },
            account,
        ),
        (
            Event::AccountPasskeyRemove {
                account: A,
                passkey: G,
            },
            account,
        ),
        (Event::AccountRecoveryCodes { account: A }, account),
        (Event::AccountPasswordChange { account: A }, account),
        (Event::UserResetFactors { account: A }, account),
        (Event::UserUnlock { account: A }, account),
        (Event::AccountEmailAsk { account: A }, account),
        (Event::AccountEmailChange { account: A }, account),
        (Event::UserForgetRequest { account: A }, account),
        (Event::AuthSingleSignOn { account: A }, account),
        (Event::AccountSingleSignOnConnect { account: A }, account),
        (Event::AccountSingleSignOnDisconnect { account: A }, account),
    ]
    .into_iter()
    .chain(of_policy())
    .chain(of_programs())
    .chain(of_the_log())
    .chain(of_the_centre())
    .chain(of_evidence())
    .chain(of_registers())
    .chain(of_emergencies())
    .chain(of_examination())
    .chain(of_support())
    .chain(of_support_requests())
    .chain(of_supported_computers())
    .chain(of_companions())
    .chain(of_enrolled_computers())
    .chain(of_recordings())
    .collect()
}

fn of_the_log() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let what = Code::new("entries");
    let fault = Code::new("not_as_signed");
    vec![
        (Event::AuditRead { what }, None),
        (
            Event::AuditExport {
                first: Some(0),
                last: Some(7),
            },
            None,
        ),
        (
            Event::SystemClock {
                offset_ms: -3_600_000,
            },
            None,
        ),
        (
            Event::SystemTakeBackTime {
                offset_ms: -86_400_000,
            },
            None,
        ),
        (
            Event::SystemRestore {
                why: Code::new("disk_failure"),
                size: 7,
                root: Code::new("9f86d081"),
                lost_size: Some(9),
                lost_root: Some(Code::new("60303ae2")),
            },
            None,
        ),
        (
            Event::SystemIntegrity {
                fault,
                organisation: Some(G),
            },
            Some((ObjectKind::Organisation, G)),
        ),
    ]
}

fn of_the_centre() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let meeting = Some((ObjectKind::Meeting, M));
    let participant = Some((ObjectKind::Participant, P));
    let report = Code::new("usage");
    let format = Code::new("csv");
    vec![
        (Event::SessionWatch { meeting: Some(M) }, meeting),
        (Event::SessionSearch, None),
        (Event::SessionRead { meeting: M }, meeting),
        (
            Event::SessionReadQuality {
                meeting: M,
                participant: P,
            },
            participant,
        ),
        (
            Event::ReportRead {
                report: report.clone(),
            },
            None,
        ),
        (Event::ReportExport { report, format }, None),
        (
            Event::MeetingPresentStart {
                meeting: M,
                participant: P,
            },
            participant,
        ),
        (
            Event::MeetingPresentStop {
                meeting: M,
                participant: P,
            },
            participant,
        ),
    ]
}

fn of_evidence() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const D: Uuid = Uuid::from_u128(7);
    let organisation = Some((ObjectKind::Organisation, D));
    let agreement = Some((ObjectKind::Agreement, D));
    let code = || Code::new("signed");
    vec![
        (
            Event::EvidenceState {
                organisation: D,
                state: code(),
                claims: vec![Code::new("access.codes")],
            },
            organisation,
        ),
        (
            Event::EvidenceEvaluate {
                organisation: D,
                proven: 1,
                stale: 2,
                not_met: 3,
                not_applicable: 0,
                digest: code(),
            },
            organisation,
        ),
        (
            Event::EvidenceDecide {
                decision: D,
                subject: Code::new("164.312.a.2.iii"),
                choice: code(),
                words: code(),
            },
            Some((ObjectKind::Decision, D)),
        ),
        (
            Event::EvidenceReview {
                organisation: D,
                settings: code(),
            },
            organisation,
        ),
        (
            Event::EvidenceExport {
                organisation: D,
                format: Code::new("pdf"),
            },
            organisation,
        ),
        (
            Event::EvidenceReadExport {
                organisation: D,
                export: A,
            },
            organisation,
        ),
        (
            Event::AgreementAdd {
                agreement: D,
                state: code(),
                words: code(),
            },
            agreement,
        ),
        (
            Event::AgreementChange {
                agreement: D,
                state: code(),
                words: code(),
            },
            agreement,
        ),
    ]
}

fn of_registers() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const D: Uuid = Uuid::from_u128(7);
    let complaint = Some((ObjectKind::Complaint, D));
    vec![
        (
            Event::RiskAssess {
                assessment: D,
                risk: Code::new("insider"),
                choice: Code::new("accepted"),
                words: Code::new("none"),
            },
            Some((ObjectKind::Assessment, D)),
        ),
        (
            Event::ComplaintEnter {
                complaint: D,
                kind: Code::new("access"),
            },
            complaint,
        ),
        (
            Event::ComplaintClose {
                complaint: D,
                outcome: Code::new("resolved"),
            },
            complaint,
        ),
        (Event::ComplaintRead { complaint: D }, complaint),
    ]
}

fn of_programs() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const R: Uuid = Uuid::from_u128(6);
    let program = Some((ObjectKind::Program, R));
    let account = Some((ObjectKind::Account, A));
    let scopes = vec![Code::new("scim")];
    vec![
        (Event::ProgramMake { program: R, scopes }, program),
        (Event::ProgramRevoke { program: R }, program),
        (Event::UserProvision { account: Some(A) }, account),
        (Event::UserProvisionChange { account: A }, account),
    ]
}

fn of_policy() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const O: Uuid = Uuid::from_u128(5);
    let group = Some((ObjectKind::Group, G));
    let organisation = Some((ObjectKind::Organisation, O));
    let change = |layer, subject| Event::PolicyChange {
        layer: Code::new(layer),
        subject,
        settings: vec![Code::new("guests")],
        loosened: vec![Code::new("guests")],
    };
    vec![
        (Event::GroupCreate { group: G }, group),
        (Event::GroupRename { group: G }, group),
        (Event::GroupDelete { group: G }, group),
        (
            Event::GroupAdd {
                group: G,
                account: A,
            },
            group,
        ),
        (
            Event::GroupRemove {
                group: G,
                account: A,
            },
            group,
        ),
        (change("organisation", O), organisation),
        (Event::PolicyProfileEnter { organisation: O }, organisation),
        (
            Event::PolicyProfileLeaveAsk { organisation: O },
            organisation,
        ),
        (Event::PolicyProfileLeave { organisation: O }, organisation),
    ]
}

fn of_emergencies() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const O: Uuid = Uuid::from_u128(6);
    let emergency = Some((ObjectKind::Emergency, O));
    vec![
        (
            Event::EmergencyInvoke {
                invoked: None,
                reason: Code::new("drill"),
            },
            None,
        ),
        (
            Event::EmergencyUse {
                invoked: Some(O),
                meeting: M,
                participant: Some(P),
            },
            Some((ObjectKind::Meeting, M)),
        ),
        (Event::EmergencyEnd { invoked: Some(O) }, emergency),
        (
            Event::EmergencyReview {
                invoked: O,
                outcome: Code::new("justified"),
            },
            emergency,
        ),
        (Event::EmergencyRead { invoked: O }, emergency),
        (Event::EmergencyDrill { drill: O }, emergency),
        (
            Event::TrainingEnter {
                training: O,
                account: A,
                words: Code::new("00"),
            },
            Some((ObjectKind::Training, O)),
        ),
        (
            Event::TrainingWithdraw { training: O },
            Some((ObjectKind::Training, O)),
        ),
        (
            Event::TrainingAcknowledge { training: O },
            Some((ObjectKind::Training, O)),
        ),
        (
            Event::EmergencyMakeCodes {
                organisation: O,
                codes: 5,
            },
            Some((ObjectKind::Organisation, O)),
        ),
        (
            Event::EmergencySignIn {
                account: A,
                number: 1,
            },
            Some((ObjectKind::Account, A)),
        ),
    ]
}

fn of_examination() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const X: Uuid = Uuid::from_u128(8);
    let view = Some((ObjectKind::View, X));
    let anomaly = Some((ObjectKind::Anomaly, X));
    vec![
        (Event::ViewSave { view: X }, view),
        (Event::ViewChange { view: X }, view),
        (Event::ViewRemove { view: X }, view),
        (
            Event::AuditReadTimeline { account: A },
            Some((ObjectKind::Account, A)),
        ),
        (
            Event::AnomalyFound {
                finding: X,
                rule: Code::new("many_exports"),
                subject: Some(A),
                count: 20,
                window_minutes: 1_440,
            },
            anomaly,
        ),
        (
            Event::AnomalyReview {
                finding: X,
                outcome: Code::new("explained"),
            },
            anomaly,
        ),
        (Event::AnomalyRead { finding: X }, anomaly),
        (
            Event::AnomalyChangeRules {
                organisation: G,
                rules: vec![Code::new("many_exports")],
                loosened: Vec::new(),
            },
            Some((ObjectKind::Organisation, G)),
        ),
    ]
}

const S: Uuid = Uuid::from_u128(9);

fn of_support() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let session = Some((ObjectKind::Support, S));
    vec![
        (
            Event::SupportOpened {
                session: S,
                meeting: M,
            },
            session,
        ),
        (
            Event::SupportJoined {
                session: S,
                participant: P,
                part: Code::new("customer"),
            },
            session,
        ),
        (Event::SupportCodeRefused { session: Some(S) }, session),
        (
            Event::SupportEnded {
                session: S,
                cause: Code::new("host"),
                was_connected: true,
            },
            session,
        ),
        (
            Event::SupportFeedback {
                session: S,
                solved: Some(true),
                rating: None,
            },
            session,
        ),
    ]
}

fn of_support_requests() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let request = Uuid::from_u128(12);
    [
        Event::SupportRequested { request },
        Event::SupportRequestClaimed { request },
        Event::SupportRequestTaken {
            request,
            session: S,
        },
        Event::SupportRequestWithdrawn { request },
        Event::SupportRequestExpired { request },
    ]
    .map(|event| (event, Some((ObjectKind::SupportRequest, request))))
    .into()
}

const D: Uuid = Uuid::from_u128(10);

fn of_recordings() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let (recording, session) = (Uuid::from_u128(11), S);
    let about = Some((ObjectKind::Recording, recording));
    let hash = || Code::new("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    vec![
        (
            Event::RecordingKeyMade {
                key: D,
                fingerprint: hash(),
            },
            Some((ObjectKind::RecordingKey, D)),
        ),
        (
            Event::RecordingRetention {
                organisation: G,
                days: 2_190,
            },
            Some((ObjectKind::Organisation, G)),
        ),
        (
            Event::SupportQuestions {
                organisation: G,
                questions: 3,
            },
            Some((ObjectKind::Organisation, G)),
        ),
        (
            Event::RecordingBegun {
                recording,
                session,
                key: D,
            },
            about,
        ),
        (
            Event::RecordingEnded {
                recording,
                session,
                chunks: 3,
                chain: hash(),
            },
            about,
        ),
        (
            Event::RecordingIncomplete {
                recording,
                session,
                chunks: 2,
            },
            about,
        ),
        (Event::RecordingFeedback { recording, session }, about),
        (
            Event::RecordingFeedbackMissing { recording, session },
            about,
        ),
        (
            Event::RecordingDamaged {
                recording,
                session,
                fault: Code::new("piece_changed"),
            },
            about,
        ),
        (
            Event::RecordingAcknowledged {
                recording,
                session,
                trouble: Code::new("damaged"),
            },
            about,
        ),
        (Event::RecordingSearch, None),
        (Event::RecordingPlayed { recording, session }, about),
        (Event::RecordingDeleted { recording, session }, about),
    ]
}

fn of_enrolled_computers() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let (session, device) = (
        Some((ObjectKind::Support, S)),
        Some((ObjectKind::Computer, D)),
    );
    let fingerprint = Code::new("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    vec![
        (
            Event::SupportDeviceInvited { organisation: G },
            Some((ObjectKind::Organisation, G)),
        ),
        (
            Event::SupportDeviceEnrolled {
                device: D,
                fingerprint,
            },
            device,
        ),
        (Event::SupportDeviceRevoked { device: D }, device),
        (
            Event::SupportDeviceGranted {
                device: D,
                account: A,
            },
            device,
        ),
        (
            Event::SupportDeviceWithdrawn {
                device: D,
                account: A,
            },
            device,
        ),
        (
            Event::SupportUnattendedOpened {
                session: S,
                device: D,
            },
            session,
        ),
        (
            Event::SupportUnattendedAsked {
                session: S,
                device: D,
            },
            session,
        ),
        (
            Event::SupportUnattendedBegan {
                session: S,
                device: D,
            },
            session,
        ),
    ]
}

fn of_supported_computers() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let capability = || Code::new("clipboard_in");
    let sha256 = || Code::new("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    [
        Event::SupportPermitted {
            session: S,
            capability: capability(),
        },
        Event::SupportRefused {
            session: S,
            capability: capability(),
        },
        Event::SupportUnanswered {
            session: S,
            capability: capability(),
        },
        Event::SupportWithdrawn {
            session: S,
            capability: capability(),
        },
        Event::SupportControlBegan { session: S },
        Event::SupportControlEnded {
            session: S,
            injected: 7,
            dropped: 0,
        },
        Event::SupportLocalOverride {
            session: S,
            times: 3,
        },
        Event::SupportInputWithoutControl { session: S },
        Event::SupportFileKept {
            session: S,
            size: 0,
            sha256: sha256(),
        },
        Event::SupportFileSent {
            session: S,
            size: 0,
            sha256: sha256(),
        },
        Event::SupportFileFailed { session: S },
        Event::SupportDiagnosticsSent { session: S },
        Event::SupportHandedOver { session: S },
        Event::SupportWatcherAdmitted { session: S },
        Event::SupportRaised { session: S },
        Event::SupportNotRaised {
            session: S,
            reason: Code::new("wrong"),
        },
        Event::SupportLowered { session: S },
        Event::SupportRestartRefused { session: S },
        Event::SupportRestarting { session: S },
        Event::SupportCameBack { session: S },
        Event::SupportAgentEnded {
            session: S,
            reason: Code::new("stopped"),
        },
    ]
    .map(|event| (event, Some((ObjectKind::Support, S))))
    .into()
}

fn of_companions() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let capability = || Code::new("control");
    let (meeting, companion, participant, turn) = (M, P, P, 1);
    [
        Event::CompanionOffered {
            meeting,
            participant,
        },
        Event::CompanionBrought {
            meeting,
            companion,
            owner: A,
        },
        Event::CompanionControlGiven {
            meeting,
            companion,
            to: A,
        },
        Event::CompanionControlTakenBack { meeting, companion },
        Event::CompanionPermitted {
            meeting,
            companion,
            turn,
            capability: capability(),
        },
        Event::CompanionRefused {
            meeting,
            companion,
            turn,
            capability: capability(),
        },
        Event::CompanionControlBegan {
            meeting,
            companion,
            turn,
        },
        Event::CompanionControlEnded {
            meeting,
            companion,
            turn,
            injected: 7,
            dropped: 0,
        },
        Event::CompanionInputWithoutControl {
            meeting,
            companion,
            turn,
        },
        Event::CompanionTurnOver {
            meeting,
            companion,
            turn,
            reason: Code::new("stopped"),
        },
        Event::CompanionInputDropped {
            meeting,
            participant,
        },
    ]
    .map(|event| (event, Some((ObjectKind::Participant, P))))
    .into()
}

#[test]
fn a_change_of_policy_is_about_the_layer_that_changed() {
    for (layer, kind) in [
        ("organisation", ObjectKind::Organisation),
        ("group", ObjectKind::Group),
        ("account", ObjectKind::Account),
    ] {
        let change = Event::PolicyChange {
            layer: Code::new(layer),
            subject: A,
            settings: Vec::new(),
            loosened: Vec::new(),
        };
        assert_eq!(change.object(), Some(Object { kind, id: A }));
    }
}

#[test]
fn an_event_is_written_under_its_name_and_read_back() {
    for (event, _) in catalogue() {
        let written = serde_json::to_value(&event).unwrap();

        assert_eq!(written["event"], event.name());
        assert!(serde_json::from_value::<Event>(written).is_ok_and(|read| read == event));
    }
}

/// Logs of before verify as they are: nothing is added to what they say.
#[test]
fn a_start_of_before_its_configuration_was_recorded_is_read_and_written_as_it_is() {
    let before = r#"{"event":"system.start","detail":{"version":"0.1.0"}}"#;

    let read: Event = serde_json::from_str(before).unwrap();

    assert_eq!(serde_json::to_string(&read).unwrap(), before);
}

#[test]
fn no_two_events_share_a_name() {
    let names: BTreeSet<_> = catalogue().iter().map(|(event, _)| event.name()).collect();

    assert_eq!(names.len(), catalogue().len());
}

#[test]
fn an_event_is_about_the_thing_that_it_changed() {
    for (event, expected) in catalogue() {
        let object = event.object().map(|object| (object.kind, object.id));

        assert_eq!(object, expected, "{}", event.name());
    }
}
