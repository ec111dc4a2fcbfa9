//! What an event is about.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Event;

/// The one thing that an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    pub kind: ObjectKind,
    pub id: Uuid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    Organisation,
    Group,
    Account,
    Meeting,
    Participant,
    Invitation,
    Program,
    Decision,
    Agreement,
    Assessment,
    Complaint,
    Emergency,
    View,
    Anomaly,
    Training,
    Support,
    Computer,
    Recording,
    RecordingKey,
    SupportRequest,
}

impl Event {
    /// `None` for events that are about the server, or about something that is not there.
    pub fn object(&self) -> Option<Object> {
        let (kind, id) = match self {
            Self::SystemStart { .. }
            | Self::SystemStop { .. }
            | Self::KeyMade { .. }
            | Self::SystemSetupLink
            | Self::AuthFail { account: None }
            | Self::AuthLockout { account: None }
            | Self::MeetingJoinRefused { meeting: None, .. }
            | Self::DeveloperJoin { .. }
            | Self::DeveloperCall { .. }
            | Self::AccessRefused { .. }
            | Self::UserAcceptInvitation { account: None, .. }
            | Self::UserAskForAccount
            | Self::SessionWatch { meeting: None }
            | Self::SessionSearch
            | Self::RecordingSearch
            | Self::ReportRead { .. }
            | Self::ReportExport { .. }
            | Self::UserRequestAccount { account: None }
            | Self::AuthAskForReset { account: None }
            | Self::AuthResetPassword { account: None }
            | Self::UserProvision { account: None }
            | Self::AuditRead { .. }
            | Self::AuditExport { .. }
            | Self::SystemClock { .. }
            | Self::SystemTakeBackTime { .. }
            | Self::SystemRestore { .. }
            | Self::SystemIntegrity {
                organisation: None, ..
            }
            | Self::EmergencyInvoke { invoked: None, .. }
            | Self::EmergencyEnd { invoked: None }
            | Self::SupportCodeRefused { session: None } => return None,
            Self::UserCreateOwner { account }
            | Self::AuthLogin { account, .. }
            | Self::AuthFail {
                account: Some(account),
            }
            | Self::AuthLockout {
                account: Some(account),
            }
            | Self::AuthSessionEnd { account }
            | Self::AuthSessionTimeout { account }
            | Self::AccountVaultChange { account, .. }
            | Self::AccountDeviceRequest { account }
            | Self::AccountDeviceRequestEnd { account } => (ObjectKind::Account, *account),
            Self::AuthPassword { account }
            | Self::AuthStepUp { account }
            | Self::AuthSessionRevoke { account }
            | Self::AccountTotpSetUp { account }
            | Self::AccountTotpRemove { account }
            | Self::AccountPasskeyAdd { account, .. }
            | Self::AccountPasskeyRename { account, .. }
            | Self::AccountPasskeyRemove { account, .. }
            | Self::AccountRecoveryCodes { account }
            | Self::AccountPasswordChange { account }
            | Self::AccountEmailAsk { account }
            | Self::AccountEmailChange { account }
            | Self::UserResetFactors { account }
            | Self::UserUnlock { account }
            | Self::UserForgetRequest { account } => (ObjectKind::Account, *account),
            Self::AuthSingleSignOn { account }
            | Self::AccountSingleSignOnConnect { account }
            | Self::AccountSingleSignOnDisconnect { account } => (ObjectKind::Account, *account),
            Self::MeetingCreate { meeting }
            | Self::MeetingStart { meeting }
            | Self::MeetingAdmitAll { meeting }
            | Self::MeetingInvite { meeting }
            | Self::MeetingUninvite { meeting }
            | Self::MeetingChange { meeting }
            | Self::MeetingCancel { meeting }
            | Self::MeetingGuard { meeting }
            | Self::MeetingUnguard { meeting }
            | Self::MeetingChangePasscode { meeting }
            | Self::MeetingLock { meeting }
            | Self::MeetingLockSharing { meeting }
            | Self::MeetingUnlockSharing { meeting }
            | Self::MeetingMuteAll { meeting }
            | Self::MeetingUnlock { meeting }
            | Self::MeetingEnd { meeting }
            | Self::E2eeGroup { meeting, .. }
            | Self::E2eeEpoch { meeting, .. }
            | Self::E2eeGroupEnd { meeting, .. }
            | Self::MeetingJoinRefused {
                meeting: Some(meeting),
                ..
            } => (ObjectKind::Meeting, *meeting),
            Self::MeetingJoin { participant, .. }
            | Self::MeetingKnock { participant, .. }
            | Self::MeetingAdmit { participant, .. }
            | Self::MeetingVouch { participant, .. }
            | Self::MeetingDeny { participant, .. }
            | Self::MeetingExpel { participant, .. }
            | Self::MeetingMakeCoHost { participant, .. }
            | Self::MeetingTakeBackCoHost { participant, .. }
            | Self::MeetingMute { participant, .. }
            | Self::MeetingHandOver { participant, .. }
            | Self::MeetingStopVideo { participant, .. }
            | Self::MeetingAskToUnmute { participant, .. }
            | Self::MeetingShareTimeout { participant, .. }
            | Self::MeetingLeave { participant, .. }
            | Self::MeetingTicket { participant, .. }
            | Self::MeetingConnect { participant, .. }
            | Self::MeetingResume { participant, .. }
            | Self::MeetingPublish { participant, .. }
            | Self::MeetingDisconnect { participant, .. }
            | Self::E2eeRemoval { participant, .. }
            | Self::E2eeDistrust { participant, .. } => (ObjectKind::Participant, *participant),
            Self::UserInvite { invitation, .. } | Self::UserWithdrawInvitation { invitation } => {
                (ObjectKind::Invitation, *invitation)
            }
            Self::UserAcceptInvitation {
                account: Some(account),
                ..
            }
            | Self::UserRequestAccount {
                account: Some(account),
            }
            | Self::UserApprove { account }
            | Self::UserSuspend { account }
            | Self::UserRestore { account }
            | Self::UserRemove { account }
            | Self::UserChangeRole { account, .. }
            | Self::AuthAskForReset {
                account: Some(account),
            }
            | Self::AuthResetPassword {
                account: Some(account),
            } => (ObjectKind::Account, *account),
            Self::GroupCreate { group }
            | Self::GroupRename { group }
            | Self::GroupDelete { group }
            | Self::GroupAdd { group, .. }
            | Self::GroupRemove { group, .. } => (ObjectKind::Group, *group),
            Self::PolicyChange { layer, subject, .. } => match layer.as_str() {
                "group" => (ObjectKind::Group, *subject),
                "account" => (ObjectKind::Account, *subject),
                _ => (ObjectKind::Organisation, *subject),
            },
            Self::PolicyProfileEnter { organisation }
            | Self::PolicyProfileLeaveAsk { organisation }
            | Self::PolicyProfileLeave { organisation } => {
                (ObjectKind::Organisation, *organisation)
            }
            Self::ProgramMake { program, .. } | Self::ProgramRevoke { program } => {
                (ObjectKind::Program, *program)
            }
            Self::UserProvision {
                account: Some(account),
            }
            | Self::UserProvisionChange { account } => (ObjectKind::Account, *account),
            Self::SystemIntegrity {
                organisation: Some(organisation),
                ..
            } => (ObjectKind::Organisation, *organisation),
            Self::SessionWatch {
                meeting: Some(meeting),
            }
            | Self::SessionRead { meeting } => (ObjectKind::Meeting, *meeting),
            Self::SessionReadQuality { participant, .. }
            | Self::MeetingPresentStart { participant, .. }
            | Self::MeetingPresentStop { participant, .. } => {
                (ObjectKind::Participant, *participant)
            }
            Self::EvidenceState { organisation, .. }
            | Self::EvidenceEvaluate { organisation, .. }
            | Self::EvidenceReview { organisation, .. }
            | Self::EvidenceExport { organisation, .. }
            | Self::EvidenceReadExport { organisation, .. } => {
                (ObjectKind::Organisation, *organisation)
            }
            Self::EvidenceDecide { decision, .. } => (ObjectKind::Decision, *decision),
            Self::AgreementAdd { agreement, .. } | Self::AgreementChange { agreement, .. } => {
                (ObjectKind::Agreement, *agreement)
            }
            Self::RiskAssess { assessment, .. } => (ObjectKind::Assessment, *assessment),
            Self::ComplaintEnter { complaint, .. }
            | Self::ComplaintClose { complaint, .. }
            | Self::ComplaintRead { complaint } => (ObjectKind::Complaint, *complaint),
            Self::EmergencyInvoke {
                invoked: Some(invoked),
                ..
            }
            | Self::EmergencyEnd {
                invoked: Some(invoked),
            }
            | Self::EmergencyReview { invoked, .. }
            | Self::EmergencyRead { invoked }
            | Self::EmergencyDrill { drill: invoked } => (ObjectKind::Emergency, *invoked),
            Self::ViewSave { view } | Self::ViewChange { view } | Self::ViewRemove { view } => {
                (ObjectKind::View, *view)
            }
            Self::AuditReadTimeline { account } => (ObjectKind::Account, *account),
            Self::AnomalyFound { finding, .. }
            | Self::AnomalyReview { finding, .. }
            | Self::AnomalyRead { finding } => (ObjectKind::Anomaly, *finding),
            Self::AnomalyChangeRules { organisation, .. } => {
                (ObjectKind::Organisation, *organisation)
            }
            Self::EmergencyUse { meeting, .. } => (ObjectKind::Meeting, *meeting),
            Self::TrainingEnter { training, .. }
            | Self::TrainingWithdraw { training }
            | Self::TrainingAcknowledge { training } => (ObjectKind::Training, *training),
            Self::EmergencyMakeCodes { organisation, .. } => {
                (ObjectKind::Organisation, *organisation)
            }
            Self::EmergencySignIn { account, .. } => (ObjectKind::Account, *account),
            Self::RecordingKeyMade { key, .. } => (ObjectKind::RecordingKey, *key),
            Self::RecordingRetention { organisation, .. }
            | Self::SupportQuestions { organisation, .. } => {
                (ObjectKind::Organisation, *organisation)
            }
            Self::RecordingBegun { recording, .. }
            | Self::RecordingEnded { recording, .. }
            | Self::RecordingIncomplete { recording, .. }
            | Self::RecordingFeedback { recording, .. }
            | Self::RecordingFeedbackMissing { recording, .. }
            | Self::RecordingDamaged { recording, .. }
            | Self::RecordingAcknowledged { recording, .. }
            | Self::RecordingPlayed { recording, .. }
            | Self::RecordingDeleted { recording, .. } => (ObjectKind::Recording, *recording),
            Self::SupportOpened { session, .. }
            | Self::SupportJoined { session, .. }
            | Self::SupportCodeRefused {
                session: Some(session),
            }
            | Self::SupportEnded { session, .. }
            | Self::SupportFeedback { session, .. }
            | Self::SupportPermitted { session, .. }
            | Self::SupportRefused { session, .. }
            | Self::SupportUnanswered { session, .. }
            | Self::SupportWithdrawn { session, .. }
            | Self::SupportControlBegan { session }
            | Self::SupportControlEnded { session, .. }
            | Self::SupportLocalOverride { session, .. }
            | Self::SupportInputWithoutControl { session }
            | Self::SupportFileKept { session, .. }
            | Self::SupportFileSent { session, .. }
            | Self::SupportFileFailed { session }
            | Self::SupportDiagnosticsSent { session }
            | Self::SupportHandedOver { session }
            | Self::SupportWatcherAdmitted { session }
            | Self::SupportRaised { session }
            | Self::SupportNotRaised { session, .. }
            | Self::SupportLowered { session }
            | Self::SupportRestartRefused { session }
            | Self::SupportRestarting { session }
            | Self::SupportCameBack { session }
            | Self::SupportAgentEnded { session, .. }
            | Self::SupportUnattendedOpened { session, .. }
            | Self::SupportUnattendedAsked { session, .. }
            | Self::SupportUnattendedBegan { session, .. } => (ObjectKind::Support, *session),
            Self::SupportRequested { request }
            | Self::SupportRequestClaimed { request }
            | Self::SupportRequestTaken { request, .. }
            | Self::SupportRequestDeclined { request }
            | Self::SupportRequestWithdrawn { request }
            | Self::SupportRequestExpired { request } => (ObjectKind::SupportRequest, *request),
            Self::CompanionOffered { participant, .. }
            | Self::CompanionInputDropped { participant, .. } => {
                (ObjectKind::Participant, *participant)
            }
            Self::CompanionBrought { companion, .. }
            | Self::CompanionControlGiven { companion, .. }
            | Self::CompanionControlTakenBack { companion, .. }
            | Self::CompanionPermitted { companion, .. }
            | Self::CompanionRefused { companion, .. }
            | Self::CompanionControlBegan { companion, .. }
            | Self::CompanionControlEnded { companion, .. }
            | Self::CompanionInputWithoutControl { companion, .. }
            | Self::CompanionTurnOver { companion, .. } => (ObjectKind::Participant, *companion),
            Self::SupportDeviceInvited { organisation, .. } => {
                (ObjectKind::Organisation, *organisation)
            }
            Self::SupportDeviceEnrolled { device, .. }
            | Self::SupportDeviceRenewed { device, .. }
            | Self::SupportDeviceEnded { device }
            | Self::SupportDeviceRevoked { device }
            | Self::SupportDeviceGranted { device, .. }
            | Self::SupportDeviceWithdrawn { device, .. } => (ObjectKind::Computer, *device),
        };
        Some(Object { kind, id })
    }
}
