//! The catalogue of events: one variant per act, with the ids that the act concerned.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Code;

/// What was done or tried. Its name on the record is stable and never reused for another act.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "detail")]
pub enum Event {
    #[serde(rename = "system.start")]
    SystemStart {
        version: Code,
        /// SHA-256 of the browser application that is served, in hexadecimal; absent where none is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        application: Option<Code>,
    },
    #[serde(rename = "system.stop")]
    SystemStop { version: Code },
    /// A one-time link that makes the owner was printed; earlier unused ones are void.
    #[serde(rename = "system.setup_link")]
    SystemSetupLink,
    /// The one-time link was spent: an organisation has an owner.
    #[serde(rename = "user.create_owner")]
    UserCreateOwner { account: Uuid },
    /// Signed in; a web session starts.
    #[serde(rename = "auth.login")]
    AuthLogin {
        account: Uuid,
        /// The account's holder was not known in this browser.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unknown_browser: bool,
    },
    /// Wrong e-mail address or password.
    #[serde(rename = "auth.fail")]
    AuthFail {
        /// Absent when no account has the address.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    /// An attempt was refused unchecked: too many failed before it.
    #[serde(rename = "auth.lockout")]
    AuthLockout {
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    /// Signed out.
    #[serde(rename = "auth.session.end")]
    AuthSessionEnd { account: Uuid },
    /// Idle, or open, for too long.
    #[serde(rename = "auth.session.timeout")]
    AuthSessionTimeout { account: Uuid },
    /// The account's vault has another version. What is in it is for the account's devices alone.
    #[serde(rename = "account.vault_change")]
    AccountVaultChange {
        account: Uuid,
        version: u64,
        /// Devices that came into its list.
        added: u16,
        removed: u16,
    },
    /// A browser asks to be added to the account's devices.
    #[serde(rename = "account.device_request")]
    AccountDeviceRequest { account: Uuid },
    /// A browser's request was taken back, or answered.
    #[serde(rename = "account.device_request_end")]
    AccountDeviceRequestEnd { account: Uuid },
    #[serde(rename = "meeting.create")]
    MeetingCreate { meeting: Uuid },
    /// The first host arrived.
    #[serde(rename = "meeting.start")]
    MeetingStart { meeting: Uuid },
    /// Came in, or waits until a host arrives.
    #[serde(rename = "meeting.join")]
    MeetingJoin {
        meeting: Uuid,
        participant: Uuid,
        role: Code,
        way: Way,
        entrance: Entrance,
    },
    /// A join that was turned away at the door.
    #[serde(rename = "meeting.join_refused")]
    MeetingJoinRefused {
        /// Absent when no meeting has the code.
        #[serde(skip_serializing_if = "Option::is_none")]
        meeting: Option<Uuid>,
        way: Way,
    },
    /// Waits in the lobby.
    #[serde(rename = "meeting.knock")]
    MeetingKnock { meeting: Uuid, participant: Uuid },
    #[serde(rename = "meeting.admit")]
    MeetingAdmit { meeting: Uuid, participant: Uuid },
    /// Those were let in at once whom a host saw waiting. Each who is in has an entry of their own.
    #[serde(rename = "meeting.admit_all")]
    MeetingAdmitAll { meeting: Uuid },
    /// A host's page says of somebody who waits that they know the passcode.
    #[serde(rename = "meeting.vouch")]
    MeetingVouch { meeting: Uuid, participant: Uuid },
    #[serde(rename = "meeting.deny")]
    MeetingDeny { meeting: Uuid, participant: Uuid },
    /// Put out by a host. Whoever comes by the link from then on waits.
    #[serde(rename = "meeting.expel")]
    MeetingExpel { meeting: Uuid, participant: Uuid },
    /// From here on nobody new comes in.
    #[serde(rename = "meeting.lock")]
    MeetingLock { meeting: Uuid },
    #[serde(rename = "meeting.unlock")]
    MeetingUnlock { meeting: Uuid },
    /// What they say is passed on no longer, until they unmute themselves.
    #[serde(rename = "meeting.mute")]
    MeetingMute { meeting: Uuid, participant: Uuid },
    /// So for everybody but whoever did it.
    #[serde(rename = "meeting.mute_all")]
    MeetingMuteAll { meeting: Uuid },
    /// Their camera's picture is passed on no longer, until they start it themselves.
    #[serde(rename = "meeting.stop_video")]
    MeetingStopVideo { meeting: Uuid, participant: Uuid },
    #[serde(rename = "meeting.ask_to_unmute")]
    MeetingAskToUnmute { meeting: Uuid, participant: Uuid },
    /// From here on they do what a host does, but end the meeting and make co-hosts.
    #[serde(rename = "meeting.make_co_host")]
    MeetingMakeCoHost { meeting: Uuid, participant: Uuid },
    #[serde(rename = "meeting.take_back_co_host")]
    MeetingTakeBackCoHost { meeting: Uuid, participant: Uuid },
    /// Only hosts show screens from here on.
    #[serde(rename = "meeting.lock_sharing")]
    MeetingLockSharing { meeting: Uuid },
    #[serde(rename = "meeting.unlock_sharing")]
    MeetingUnlockSharing { meeting: Uuid },
    /// Nobody else shows a screen from here on.
    #[serde(rename = "meeting.hand_over")]
    MeetingHandOver { meeting: Uuid, participant: Uuid },
    /// An address came onto the list of a meeting for the invited, or off it. Whose it is is not said.
    #[serde(rename = "meeting.invite")]
    MeetingInvite { meeting: Uuid },
    /// Whoever was in by it is put out.
    #[serde(rename = "meeting.uninvite")]
    MeetingUninvite { meeting: Uuid },
    /// Its title, time, rule or occurrences were changed.
    #[serde(rename = "meeting.change")]
    MeetingChange { meeting: Uuid },
    /// It does not take place, nor any that would follow it.
    #[serde(rename = "meeting.cancel")]
    MeetingCancel { meeting: Uuid },
    /// Many machines tried its door: for a while, who is not signed in waits also with the link.
    #[serde(rename = "meeting.guard")]
    MeetingGuard { meeting: Uuid },
    #[serde(rename = "meeting.unguard")]
    MeetingUnguard { meeting: Uuid },
    /// From here on another passcode holds. Nobody who is in is put out.
    #[serde(rename = "meeting.change_passcode")]
    MeetingChangePasscode { meeting: Uuid },
    /// Their screen was taken off: they did nothing for too long.
    #[serde(rename = "meeting.share_timeout")]
    MeetingShareTimeout { meeting: Uuid, participant: Uuid },
    /// Left for good by their own act.
    #[serde(rename = "meeting.leave")]
    MeetingLeave { meeting: Uuid, participant: Uuid },
    #[serde(rename = "meeting.end")]
    MeetingEnd { meeting: Uuid },
    /// A ticket for the media connection was handed out.
    #[serde(rename = "meeting.ticket")]
    MeetingTicket {
        meeting: Uuid,
        participant: Uuid,
        kind: TicketKind,
    },
    /// A ticket was spent: media is being set up.
    #[serde(rename = "meeting.connect")]
    MeetingConnect { meeting: Uuid, participant: Uuid },
    /// The media session goes on over another connection.
    #[serde(rename = "meeting.resume")]
    MeetingResume { meeting: Uuid, participant: Uuid },
    /// Asked to be heard or seen. What is published is in the records of quality; what is refused is here.
    #[serde(rename = "meeting.publish")]
    MeetingPublish { meeting: Uuid, participant: Uuid },
    /// The media session is over, after any grace.
    #[serde(rename = "meeting.disconnect")]
    MeetingDisconnect {
        meeting: Uuid,
        participant: Uuid,
        /// How its media did; absent where none was measured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quality: Option<QualitySummary>,
    },
    /// Somebody came into a developer's room, or came back, by a token of an API key.
    #[serde(rename = "developer.join")]
    DeveloperJoin { resumed: bool },
    /// The media router was asked to change a developer's room. Whether the room was there is its own matter.
    #[serde(rename = "developer.call")]
    DeveloperCall { method: Code },
    /// Something was asked for that is not there for whoever asked: a credential that is unknown or of
    /// another meeting, a list that the role may not see.
    #[serde(rename = "access.refused")]
    AccessRefused { to: Code },
    /// Created the meeting's MLS group.
    #[serde(rename = "e2ee.group")]
    E2eeGroup { meeting: Uuid, group: Uuid },
    /// A commit made this epoch of the group: somebody entered, was removed, or renewed their keys.
    #[serde(rename = "e2ee.epoch")]
    E2eeEpoch {
        meeting: Uuid,
        group: Uuid,
        epoch: u64,
    },
    /// The server proposed to the group's members that they remove somebody who is gone.
    #[serde(rename = "e2ee.removal")]
    E2eeRemoval {
        meeting: Uuid,
        group: Uuid,
        participant: Uuid,
    },
    /// Members refused this participant's commit, or nobody could enter by the GroupInfo that they made; or it is not
    /// known which side said the truth of it. They enter no group for a while.
    #[serde(rename = "e2ee.distrust")]
    E2eeDistrust {
        meeting: Uuid,
        group: Uuid,
        participant: Uuid,
    },
    /// Nobody is left in the group, or its members gave it up.
    #[serde(rename = "e2ee.group_end")]
    E2eeGroupEnd { meeting: Uuid, group: Uuid },
    /// Somebody may make an account with the link that their address was sent.
    #[serde(rename = "user.invite")]
    UserInvite { invitation: Uuid, role: Code },
    #[serde(rename = "user.withdraw_invitation")]
    UserWithdrawInvitation { invitation: Uuid },
    /// An invitation's link was spent: there is an account.
    #[serde(rename = "user.accept_invitation")]
    UserAcceptInvitation {
        /// Whoever made it approved the account. Absent, as the account, for a link that is not valid.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invitation: Option<Uuid>,
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    /// Somebody asked for a link to verify an address with.
    #[serde(rename = "user.ask_for_account")]
    UserAskForAccount,
    /// An address was verified: its account waits for approval.
    #[serde(rename = "user.request_account")]
    UserRequestAccount {
        /// Absent for a link that is not valid.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    #[serde(rename = "user.approve")]
    UserApprove { account: Uuid },
    /// Its sessions end, and its holder is out of every meeting.
    #[serde(rename = "user.suspend")]
    UserSuspend { account: Uuid },
    #[serde(rename = "user.restore")]
    UserRestore { account: Uuid },
    /// As suspending, for good: its name and address are erased.
    #[serde(rename = "user.remove")]
    UserRemove { account: Uuid },
    /// Its sessions end.
    #[serde(rename = "user.change_role")]
    UserChangeRole { account: Uuid, role: Code },
    /// Somebody asked for a link to choose another password with.
    #[serde(rename = "auth.ask_for_reset")]
    AuthAskForReset {
        /// Absent when no active account has the address.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    /// The link was spent: there is another password, and all sessions have ended.
    #[serde(rename = "auth.reset_password")]
    AuthResetPassword {
        /// Absent for a link that is not valid.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    /// A group of accounts was made. Its name is personal data of nobody, and not on record.
    #[serde(rename = "group.create")]
    GroupCreate { group: Uuid },
    #[serde(rename = "group.rename")]
    GroupRename { group: Uuid },
    /// With what policy said of it.
    #[serde(rename = "group.delete")]
    GroupDelete { group: Uuid },
    #[serde(rename = "group.add")]
    GroupAdd { group: Uuid, account: Uuid },
    #[serde(rename = "group.remove")]
    GroupRemove { group: Uuid, account: Uuid },
    /// What an organisation, a group or an account permits is another.
    #[serde(rename = "policy.change")]
    PolicyChange {
        layer: Code,
        /// The organisation, group or account.
        subject: Uuid,
        /// By their names.
        settings: Vec<Code>,
        /// Those of which more is permitted than was.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        loosened: Vec<Code>,
    },
    /// The organisation took the healthcare profile.
    #[serde(rename = "policy.profile_enter")]
    PolicyProfileEnter { organisation: Uuid },
    /// An owner asks that the organisation leaves it.
    #[serde(rename = "policy.profile_leave_ask")]
    PolicyProfileLeaveAsk { organisation: Uuid },
    /// Somebody else confirmed: its settings can be changed.
    #[serde(rename = "policy.profile_leave")]
    PolicyProfileLeave { organisation: Uuid },
    /// The password was right; a second factor is awaited.
    #[serde(rename = "auth.password")]
    AuthPassword { account: Uuid },
    /// Proved again who sits there; the session goes on under another cookie.
    #[serde(rename = "auth.step_up")]
    AuthStepUp { account: Uuid },
    /// A session was ended from another one, or with a change of how its account signs in.
    #[serde(rename = "auth.session.revoke")]
    AuthSessionRevoke { account: Uuid },
    /// An authenticator program is set up; the account's other sessions have ended.
    #[serde(rename = "account.totp_set_up")]
    AccountTotpSetUp { account: Uuid },
    #[serde(rename = "account.totp_remove")]
    AccountTotpRemove { account: Uuid },
    #[serde(rename = "account.passkey_add")]
    AccountPasskeyAdd { account: Uuid, passkey: Uuid },
    #[serde(rename = "account.passkey_rename")]
    AccountPasskeyRename { account: Uuid, passkey: Uuid },
    #[serde(rename = "account.passkey_remove")]
    AccountPasskeyRemove { account: Uuid, passkey: Uuid },
    /// Recovery codes were made; earlier ones are void.
    #[serde(rename = "account.recovery_codes")]
    AccountRecoveryCodes { account: Uuid },
    /// The password is another; the account's other sessions and trusted browsers have ended.
    #[serde(rename = "account.password_change")]
    AccountPasswordChange { account: Uuid },
    /// A program has a key of its own. Its name is the owner's free text, and not on record.
    #[serde(rename = "program.make")]
    ProgramMake { program: Uuid, scopes: Vec<Code> },
    /// Its key opens nothing any more.
    #[serde(rename = "program.revoke")]
    ProgramRevoke { program: Uuid },
    /// The organisation's directory brought somebody: their account waits for approval.
    #[serde(rename = "user.provision")]
    UserProvision {
        /// Absent where none was made.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    /// The directory changed what an account is called, its address, or the directory's own name for it.
    #[serde(rename = "user.provision_change")]
    UserProvisionChange { account: Uuid },
    /// Its second factors are void, and its sessions have ended: its holder has lost the former.
    #[serde(rename = "user.reset_factors")]
    UserResetFactors { account: Uuid },
    /// Whoever was locked out of it for wrong passwords or codes may try again.
    #[serde(rename = "user.unlock")]
    UserUnlock { account: Uuid },
    /// Its holder asked for a link to verify another address with.
    #[serde(rename = "account.email_ask")]
    AccountEmailAsk { account: Uuid },
    /// Its address is another; its other sessions have ended.
    #[serde(rename = "account.email_change")]
    AccountEmailChange { account: Uuid },
    /// Nobody has decided on it in time: its name and address are erased.
    #[serde(rename = "user.forget_request")]
    UserForgetRequest { account: Uuid },
    /// The identity provider said who it is; a second factor of the account's own is awaited.
    #[serde(rename = "auth.single_sign_on")]
    AuthSingleSignOn { account: Uuid },
    /// An identity at the provider signs in to the account from then on; its other sessions have ended.
    #[serde(rename = "account.single_sign_on_connect")]
    AccountSingleSignOnConnect { account: Uuid },
    #[serde(rename = "account.single_sign_on_disconnect")]
    AccountSingleSignOnDisconnect { account: Uuid },
    /// Somebody looked at the log: at its entries, its tiles, a proof.
    #[serde(rename = "audit.read")]
    AuditRead { what: Code },
    /// The log, or a part of it, was handed out as a kit.
    #[serde(rename = "audit.export")]
    AuditExport {
        /// The first and the last entry that it holds in full; absent where it holds none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last: Option<u64>,
    },
    /// The machine's clock was set. Entries are in the order of their numbers, whatever it says.
    #[serde(rename = "system.clock")]
    SystemClock {
        /// What it says now less what it should; negative where it was set back.
        offset_ms: i64,
    },
    /// The operator said that the machine's clock is right, and not what was recorded by one that was far ahead. Entries before
    /// this one may be of later moments; whatever holds for a time has ended.
    #[serde(rename = "system.take_back_time")]
    SystemTakeBackTime {
        /// What the machine's clock says less the latest moment on record.
        offset_ms: i64,
    },
    /// The operator says that an older copy of the database was put back: what the log had after it is not in it any more.
    #[serde(rename = "system.restore")]
    SystemRestore {
        /// In the operator's vocabulary, such as `disk_failure`.
        why: Code,
        /// Of the log as it was found, before this entry.
        size: u64,
        /// SHA-256, in hexadecimal.
        root: Code,
        /// Of a checkpoint of before, where the operator had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lost_size: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lost_root: Option<Code>,
    },
    /// What is kept of a log is not what was signed.
    #[serde(rename = "system.integrity")]
    SystemIntegrity {
        fault: Code,
        /// Whose log; absent for the installation's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<Uuid>,
    },
    /// Looked which meetings go on, or who is in one; once for each session and ten minutes, however often the page asks.
    #[serde(rename = "session.watch")]
    SessionWatch {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meeting: Option<Uuid>,
    },
    /// Searched the meetings that went on or took place.
    #[serde(rename = "session.search")]
    SessionSearch,
    /// Looked who was in one of them, and what happened.
    #[serde(rename = "session.read")]
    SessionRead { meeting: Uuid },
    /// Looked how somebody's media did in it.
    #[serde(rename = "session.read_quality")]
    SessionReadQuality { meeting: Uuid, participant: Uuid },
    #[serde(rename = "report.read")]
    ReportRead { report: Code },
    /// A report left the server as a file.
    #[serde(rename = "report.export")]
    ReportExport { report: Code, format: Code },
    /// Shows a screen from here on.
    #[serde(rename = "meeting.present_start")]
    MeetingPresentStart { meeting: Uuid, participant: Uuid },
    #[serde(rename = "meeting.present_stop")]
    MeetingPresentStop { meeting: Uuid, participant: Uuid },
    /// From here on these claims of the evidence stand so.
    #[serde(rename = "evidence.state")]
    EvidenceState {
        organisation: Uuid,
        state: Code,
        /// By their ids.
        claims: Vec<Code>,
    },
    /// All claims were judged: how many stand how, and SHA-256 over them, so that what was shown that day can be proved.
    #[serde(rename = "evidence.evaluate")]
    EvidenceEvaluate {
        organisation: Uuid,
        proven: u32,
        stale: u32,
        not_met: u32,
        not_applicable: u32,
        digest: Code,
    },
    /// The organisation decided about a safeguard, or signed for what its people do. Its words are beside the record.
    #[serde(rename = "evidence.decide")]
    EvidenceDecide {
        decision: Uuid,
        subject: Code,
        choice: Code,
        /// SHA-256 over them.
        words: Code,
    },
    /// Somebody has gone through all security settings as they are.
    #[serde(rename = "evidence.review")]
    EvidenceReview { organisation: Uuid, settings: Code },
    /// The evidence was taken out.
    #[serde(rename = "evidence.export")]
    EvidenceExport { organisation: Uuid, format: Code },
    /// What was issued before was taken out again.
    #[serde(rename = "evidence.read_export")]
    EvidenceReadExport { organisation: Uuid, export: Uuid },
    /// A contract with a business associate was entered in the register.
    #[serde(rename = "agreement.add")]
    AgreementAdd {
        agreement: Uuid,
        state: Code,
        /// SHA-256 over all that the register says of it.
        words: Code,
    },
    #[serde(rename = "agreement.change")]
    AgreementChange {
        agreement: Uuid,
        state: Code,
        /// SHA-256 over all that the register says of it from here on.
        words: Code,
    },
    /// Somebody assessed a risk of the register for the organisation. Its words are beside the record.
    #[serde(rename = "risk.assess")]
    RiskAssess {
        assessment: Uuid,
        risk: Code,
        choice: Code,
        /// SHA-256 over all that was said.
        words: Code,
    },
    /// A complaint or request about privacy came in. What was said is the entry's sealed part.
    #[serde(rename = "complaint.enter")]
    ComplaintEnter { complaint: Uuid, kind: Code },
    #[serde(rename = "complaint.close")]
    ComplaintClose { complaint: Uuid, outcome: Code },
    /// Read what was said of it.
    #[serde(rename = "complaint.read")]
    ComplaintRead { complaint: Uuid },
    /// Took emergency access. What they said of it is the entry's sealed part.
    #[serde(rename = "emergency.invoke")]
    EmergencyInvoke {
        /// Absent where it was refused.
        #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
        invoked: Option<Uuid>,
        reason: Code,
    },
    /// Came into a meeting by it.
    #[serde(rename = "emergency.use")]
    EmergencyUse {
        /// Absent where none was open.
        #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
        invoked: Option<Uuid>,
        meeting: Uuid,
        /// Absent where it was refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        participant: Option<Uuid>,
    },
    /// It opens nothing any more; whoever is in a meeting by it is out.
    #[serde(rename = "emergency.end")]
    EmergencyEnd {
        /// Absent where none was open.
        #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
        invoked: Option<Uuid>,
    },
    /// Somebody else said what they think of it. The note is the entry's sealed part.
    #[serde(rename = "emergency.review")]
    EmergencyReview {
        #[serde(rename = "use")]
        invoked: Uuid,
        outcome: Code,
    },
    /// What was said of it was read.
    #[serde(rename = "emergency.read")]
    EmergencyRead {
        #[serde(rename = "use")]
        invoked: Uuid,
    },
    /// The operator tried all of it; the entry's outcome says whether it works.
    #[serde(rename = "emergency.drill")]
    EmergencyDrill { drill: Uuid },
    /// Somebody was trained.
    #[serde(rename = "training.enter")]
    TrainingEnter {
        training: Uuid,
        account: Uuid,
        /// SHA-256 over all that the register says of it.
        words: Code,
    },
    /// That was entered by mistake.
    #[serde(rename = "training.withdraw")]
    TrainingWithdraw { training: Uuid },
    /// Whom it is about said that it was so.
    #[serde(rename = "training.acknowledge")]
    TrainingAcknowledge { training: Uuid },
    /// The organisation's sealed codes were made; earlier ones are void.
    #[serde(rename = "emergency.make_codes")]
    EmergencyMakeCodes { organisation: Uuid, codes: u16 },
    /// One of them was spent: signed in, for emergency access alone.
    #[serde(rename = "emergency.sign_in")]
    EmergencySignIn {
        account: Uuid,
        /// Of the code, as it is printed beside it.
        number: u16,
    },
    /// Somebody keeps a filter. Its name is their free text, and not on record.
    #[serde(rename = "view.save")]
    ViewSave { view: Uuid },
    /// It has another name, or is shared, or no longer.
    #[serde(rename = "view.change")]
    ViewChange { view: Uuid },
    #[serde(rename = "view.remove")]
    ViewRemove { view: Uuid },
    /// Looked at all that the log has of somebody.
    #[serde(rename = "audit.read_timeline")]
    AuditReadTimeline { account: Uuid },
    /// A rule counted so much within its window that somebody should look. Where it counts for a network, that is the entry's
    /// source.
    #[serde(rename = "anomaly.found")]
    AnomalyFound {
        finding: Uuid,
        rule: Code,
        /// Whom or what it counts for; absent for the organisation, and a network.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<Uuid>,
        count: u32,
        window_minutes: u32,
    },
    /// Somebody said what they think of it. The note is the entry's sealed part.
    #[serde(rename = "anomaly.review")]
    AnomalyReview { finding: Uuid, outcome: Code },
    /// What was said of it was read.
    #[serde(rename = "anomaly.read")]
    AnomalyRead { finding: Uuid },
    /// Rules look otherwise from here on.
    #[serde(rename = "anomaly.change_rules")]
    AnomalyChangeRules {
        organisation: Uuid,
        /// By their names.
        rules: Vec<Code>,
        /// Those that find less than they did.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        loosened: Vec<Code>,
    },
    /// What support sessions are sealed to from here on.
    #[serde(rename = "recording.key_made")]
    RecordingKeyMade {
        key: Uuid,
        /// SHA-256 of its public part, in hexadecimal: its custodians' papers say the same.
        fingerprint: Code,
    },
    /// Recordings that end from here on are kept so long.
    #[serde(rename = "recording.retention")]
    RecordingRetention { organisation: Uuid, days: u16 },
    #[serde(rename = "recording.begun")]
    RecordingBegun {
        recording: Uuid,
        session: Uuid,
        key: Uuid,
    },
    /// Whole, as its agent says and the hashes of its pieces show.
    #[serde(rename = "recording.ended")]
    RecordingEnded {
        recording: Uuid,
        session: Uuid,
        chunks: u32,
        /// The last of the chain of hashes, in hexadecimal.
        chain: Code,
    },
    /// What came of it is kept, and is not all of it.
    #[serde(rename = "recording.incomplete")]
    RecordingIncomplete {
        recording: Uuid,
        session: Uuid,
        chunks: u32,
    },
    /// Its sealed pieces were given out to be seen. Why is the entry's sealed part.
    #[serde(rename = "recording.played")]
    RecordingPlayed { recording: Uuid, session: Uuid },
    /// Its time was over.
    #[serde(rename = "recording.deleted")]
    RecordingDeleted { recording: Uuid, session: Uuid },
    /// A technician offers help: whoever gets its code or link is helped in the meeting.
    #[serde(rename = "support.opened")]
    SupportOpened { session: Uuid, meeting: Uuid },
    /// Came to be helped, or to help along.
    #[serde(rename = "support.joined")]
    SupportJoined {
        session: Uuid,
        participant: Uuid,
        /// `customer` or `colleague`.
        part: Code,
    },
    /// Somebody came by a code that is wrong, used or no longer good.
    #[serde(rename = "support.code_refused")]
    SupportCodeRefused {
        /// Absent when no session has the code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<Uuid>,
    },
    #[serde(rename = "support.ended")]
    SupportEnded {
        session: Uuid,
        cause: Code,
        /// Somebody had come to be helped.
        was_connected: bool,
    },
    /// Whoever was helped said what they think of it.
    #[serde(rename = "support.feedback")]
    SupportFeedback {
        session: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        solved: Option<bool>,
        /// 1 to 5.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rating: Option<u8>,
    },
    /// The person at the computer permitted this; so says the agent there, as all that follows.
    #[serde(rename = "support.permitted")]
    SupportPermitted { session: Uuid, capability: Code },
    #[serde(rename = "support.refused")]
    SupportRefused { session: Uuid, capability: Code },
    /// They said nothing in time, which is a no.
    #[serde(rename = "support.unanswered")]
    SupportUnanswered { session: Uuid, capability: Code },
    /// It was permitted, and ended: taken back, given back, over, or without its ground.
    #[serde(rename = "support.withdrawn")]
    SupportWithdrawn { session: Uuid, capability: Code },
    /// The technician has keyboard and mouse from here on.
    #[serde(rename = "support.control_began")]
    SupportControlBegan { session: Uuid },
    #[serde(rename = "support.control_ended")]
    SupportControlEnded {
        session: Uuid,
        /// Events that reached the computer. No more than JSON's integers hold exactly (2^53 - 1), as all that is counted.
        injected: u64,
        /// And that did not.
        dropped: u64,
    },
    /// The person at the computer took over for a moment, so often in a turn of control.
    #[serde(rename = "support.local_override")]
    SupportLocalOverride { session: Uuid, times: u32 },
    /// Input came though there was no control.
    #[serde(rename = "support.input_without_control")]
    SupportInputWithoutControl { session: Uuid },
    /// A file came to the computer. Its name may be a patient's, and is not on record.
    #[serde(rename = "support.file_kept")]
    SupportFileKept {
        session: Uuid,
        /// In bytes.
        size: u64,
        /// In hexadecimal.
        sha256: Code,
    },
    /// A file went to the technician.
    #[serde(rename = "support.file_sent")]
    SupportFileSent {
        session: Uuid,
        /// In bytes.
        size: u64,
        /// In hexadecimal.
        sha256: Code,
    },
    #[serde(rename = "support.file_failed")]
    SupportFileFailed { session: Uuid },
    /// The technician got the facts of the fixed list.
    #[serde(rename = "support.diagnostics_sent")]
    SupportDiagnosticsSent { session: Uuid },
    /// Somebody else helps from here on.
    #[serde(rename = "support.handed_over")]
    SupportHandedOver { session: Uuid },
    /// The person at the computer agreed that somebody else is there.
    #[serde(rename = "support.watcher_admitted")]
    SupportWatcherAdmitted { session: Uuid },
    /// The agent's part is over.
    #[serde(rename = "support.agent_ended")]
    SupportAgentEnded { session: Uuid, reason: Code },
    /// A link was made by which one computer says who it is.
    #[serde(rename = "support.device_invited")]
    SupportDeviceInvited { organisation: Uuid },
    /// A computer may be helped from here on when nobody is there.
    #[serde(rename = "support.device_enrolled")]
    SupportDeviceEnrolled {
        device: Uuid,
        /// SHA-256 of its keys, in hexadecimal: the computer shows the same.
        fingerprint: Code,
    },
    #[serde(rename = "support.device_revoked")]
    SupportDeviceRevoked { device: Uuid },
    /// Somebody may help at the computer.
    #[serde(rename = "support.device_granted")]
    SupportDeviceGranted { device: Uuid, account: Uuid },
    #[serde(rename = "support.device_withdrawn")]
    SupportDeviceWithdrawn { device: Uuid, account: Uuid },
    /// A session at a computer where nobody need be.
    #[serde(rename = "support.unattended_opened")]
    SupportUnattendedOpened { session: Uuid, device: Uuid },
    /// What its technician typed went to the computer, sealed. Whose name it was is not known here.
    #[serde(rename = "support.unattended_asked")]
    SupportUnattendedAsked { session: Uuid, device: Uuid },
    /// The computer says that it was an administrator of its own.
    #[serde(rename = "support.unattended_began")]
    SupportUnattendedBegan { session: Uuid, device: Uuid },
    /// A presenter asked for a code, by which the computer that they present comes into the meeting.
    #[serde(rename = "companion.offered")]
    CompanionOffered { meeting: Uuid, participant: Uuid },
    /// It came, as a participant of its own kind.
    #[serde(rename = "companion.brought")]
    CompanionBrought {
        meeting: Uuid,
        companion: Uuid,
        owner: Uuid,
    },
    /// Its owner lets somebody ask to use it.
    #[serde(rename = "companion.control_given")]
    CompanionControlGiven {
        meeting: Uuid,
        companion: Uuid,
        to: Uuid,
    },
    /// Its owner took it back, at the meeting's page.
    #[serde(rename = "companion.control_taken_back")]
    CompanionControlTakenBack { meeting: Uuid, companion: Uuid },
    /// The person at the computer permitted this; so says the agent there, as all that follows but the last.
    #[serde(rename = "companion.permitted")]
    CompanionPermitted {
        meeting: Uuid,
        companion: Uuid,
        turn: u32,
        capability: Code,
    },
    /// They said no, or nothing in time.
    #[serde(rename = "companion.refused")]
    CompanionRefused {
        meeting: Uuid,
        companion: Uuid,
        turn: u32,
        capability: Code,
    },
    /// Somebody has keyboard and mouse from here on.
    #[serde(rename = "companion.control_began")]
    CompanionControlBegan {
        meeting: Uuid,
        companion: Uuid,
        turn: u32,
    },
    #[serde(rename = "companion.control_ended")]
    CompanionControlEnded {
        meeting: Uuid,
        companion: Uuid,
        turn: u32,
        /// Events that reached the computer. No more than JSON's integers hold exactly (2^53 - 1), as all that is counted.
        injected: u64,
        /// And that did not.
        dropped: u64,
    },
    /// Input came to the computer though there was no control.
    #[serde(rename = "companion.input_without_control")]
    CompanionInputWithoutControl {
        meeting: Uuid,
        companion: Uuid,
        turn: u32,
    },
    /// Nobody uses it any more: the turn is over, and why.
    #[serde(rename = "companion.turn_over")]
    CompanionTurnOver {
        meeting: Uuid,
        companion: Uuid,
        turn: u32,
        reason: Code,
    },
    /// Somebody sent something to a computer that they may not use. It did not come there. Once in a connection of theirs.
    #[serde(rename = "companion.input_dropped")]
    CompanionInputDropped { meeting: Uuid, participant: Uuid },
}

/// How the media of one session did, over all of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualitySummary {
    pub seconds: u32,
    /// What was sent by the participant.
    pub sent: StreamSummary,
    pub received: StreamSummary,
    /// The worst that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_trip_ms: Option<u32>,
}

/// All streams of one direction.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamSummary {
    /// No more than JSON's integers hold exactly (2^53 - 1).
    pub packets: u64,
    pub lost: u64,
    /// The worst that was measured.
    pub jitter_ms: u32,
}

/// By what right somebody asked to come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Signed in as a host of the meeting.
    Host,
    /// Proved to hold the invitation link.
    Invitation,
    /// Typed the code.
    Code,
    /// Took emergency access.
    Emergency,
}

/// Where a join led.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entrance {
    Admitted,
    HostAbsent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketKind {
    Join,
    Resume,
}

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
}

impl Event {
    /// `None` for events that are about the server, or about something that is not there.
    pub fn object(&self) -> Option<Object> {
        let (kind, id) = match self {
            Self::SystemStart { .. }
            | Self::SystemStop { .. }
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
            Self::RecordingRetention { organisation, .. } => {
                (ObjectKind::Organisation, *organisation)
            }
            Self::RecordingBegun { recording, .. }
            | Self::RecordingEnded { recording, .. }
            | Self::RecordingIncomplete { recording, .. }
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
            | Self::SupportAgentEnded { session, .. }
            | Self::SupportUnattendedOpened { session, .. }
            | Self::SupportUnattendedAsked { session, .. }
            | Self::SupportUnattendedBegan { session, .. } => (ObjectKind::Support, *session),
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
            Self::SupportDeviceInvited { organisation } => {
                (ObjectKind::Organisation, *organisation)
            }
            Self::SupportDeviceEnrolled { device, .. }
            | Self::SupportDeviceRevoked { device }
            | Self::SupportDeviceGranted { device, .. }
            | Self::SupportDeviceWithdrawn { device, .. } => (ObjectKind::Computer, *device),
        };
        Some(Object { kind, id })
    }

    /// Its stable name, as `meeting.admit`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SystemStart { .. } => "system.start",
            Self::SystemStop { .. } => "system.stop",
            Self::SystemSetupLink => "system.setup_link",
            Self::UserCreateOwner { .. } => "user.create_owner",
            Self::AuthLogin { .. } => "auth.login",
            Self::AuthFail { .. } => "auth.fail",
            Self::AuthLockout { .. } => "auth.lockout",
            Self::AuthSessionEnd { .. } => "auth.session.end",
            Self::AuthSessionTimeout { .. } => "auth.session.timeout",
            Self::AccountVaultChange { .. } => "account.vault_change",
            Self::AccountDeviceRequest { .. } => "account.device_request",
            Self::AccountDeviceRequestEnd { .. } => "account.device_request_end",
            Self::MeetingCreate { .. } => "meeting.create",
            Self::MeetingStart { .. } => "meeting.start",
            Self::MeetingJoin { .. } => "meeting.join",
            Self::MeetingJoinRefused { .. } => "meeting.join_refused",
            Self::MeetingKnock { .. } => "meeting.knock",
            Self::MeetingAdmit { .. } => "meeting.admit",
            Self::MeetingAdmitAll { .. } => "meeting.admit_all",
            Self::MeetingVouch { .. } => "meeting.vouch",
            Self::MeetingDeny { .. } => "meeting.deny",
            Self::MeetingExpel { .. } => "meeting.expel",
            Self::MeetingInvite { .. } => "meeting.invite",
            Self::MeetingUninvite { .. } => "meeting.uninvite",
            Self::MeetingChange { .. } => "meeting.change",
            Self::MeetingCancel { .. } => "meeting.cancel",
            Self::MeetingGuard { .. } => "meeting.guard",
            Self::MeetingUnguard { .. } => "meeting.unguard",
            Self::MeetingChangePasscode { .. } => "meeting.change_passcode",
            Self::MeetingLock { .. } => "meeting.lock",
            Self::MeetingUnlock { .. } => "meeting.unlock",
            Self::MeetingMakeCoHost { .. } => "meeting.make_co_host",
            Self::MeetingTakeBackCoHost { .. } => "meeting.take_back_co_host",
            Self::MeetingLockSharing { .. } => "meeting.lock_sharing",
            Self::MeetingUnlockSharing { .. } => "meeting.unlock_sharing",
            Self::MeetingHandOver { .. } => "meeting.hand_over",
            Self::MeetingMute { .. } => "meeting.mute",
            Self::MeetingMuteAll { .. } => "meeting.mute_all",
            Self::MeetingStopVideo { .. } => "meeting.stop_video",
            Self::MeetingAskToUnmute { .. } => "meeting.ask_to_unmute",
            Self::MeetingShareTimeout { .. } => "meeting.share_timeout",
            Self::MeetingLeave { .. } => "meeting.leave",
            Self::MeetingEnd { .. } => "meeting.end",
            Self::MeetingTicket { .. } => "meeting.ticket",
            Self::MeetingConnect { .. } => "meeting.connect",
            Self::MeetingResume { .. } => "meeting.resume",
            Self::MeetingPublish { .. } => "meeting.publish",
            Self::MeetingDisconnect { .. } => "meeting.disconnect",
            Self::DeveloperJoin { .. } => "developer.join",
            Self::DeveloperCall { .. } => "developer.call",
            Self::AccessRefused { .. } => "access.refused",
            Self::E2eeGroup { .. } => "e2ee.group",
            Self::E2eeEpoch { .. } => "e2ee.epoch",
            Self::E2eeRemoval { .. } => "e2ee.removal",
            Self::E2eeDistrust { .. } => "e2ee.distrust",
            Self::E2eeGroupEnd { .. } => "e2ee.group_end",
            Self::UserInvite { .. } => "user.invite",
            Self::UserWithdrawInvitation { .. } => "user.withdraw_invitation",
            Self::UserAcceptInvitation { .. } => "user.accept_invitation",
            Self::UserAskForAccount => "user.ask_for_account",
            Self::UserRequestAccount { .. } => "user.request_account",
            Self::UserApprove { .. } => "user.approve",
            Self::UserSuspend { .. } => "user.suspend",
            Self::UserRestore { .. } => "user.restore",
            Self::UserRemove { .. } => "user.remove",
            Self::UserChangeRole { .. } => "user.change_role",
            Self::AuthAskForReset { .. } => "auth.ask_for_reset",
            Self::AuthResetPassword { .. } => "auth.reset_password",
            Self::GroupCreate { .. } => "group.create",
            Self::GroupRename { .. } => "group.rename",
            Self::GroupDelete { .. } => "group.delete",
            Self::GroupAdd { .. } => "group.add",
            Self::GroupRemove { .. } => "group.remove",
            Self::PolicyChange { .. } => "policy.change",
            Self::PolicyProfileEnter { .. } => "policy.profile_enter",
            Self::PolicyProfileLeaveAsk { .. } => "policy.profile_leave_ask",
            Self::PolicyProfileLeave { .. } => "policy.profile_leave",
            Self::AuthPassword { .. } => "auth.password",
            Self::AuthStepUp { .. } => "auth.step_up",
            Self::AuthSessionRevoke { .. } => "auth.session.revoke",
            Self::AccountTotpSetUp { .. } => "account.totp_set_up",
            Self::AccountTotpRemove { .. } => "account.totp_remove",
            Self::AccountPasskeyAdd { .. } => "account.passkey_add",
            Self::AccountPasskeyRename { .. } => "account.passkey_rename",
            Self::AccountPasskeyRemove { .. } => "account.passkey_remove",
            Self::AccountRecoveryCodes { .. } => "account.recovery_codes",
            Self::AccountPasswordChange { .. } => "account.password_change",
            Self::ProgramMake { .. } => "program.make",
            Self::ProgramRevoke { .. } => "program.revoke",
            Self::UserProvision { .. } => "user.provision",
            Self::UserProvisionChange { .. } => "user.provision_change",
            Self::UserResetFactors { .. } => "user.reset_factors",
            Self::UserUnlock { .. } => "user.unlock",
            Self::AccountEmailAsk { .. } => "account.email_ask",
            Self::AccountEmailChange { .. } => "account.email_change",
            Self::UserForgetRequest { .. } => "user.forget_request",
            Self::AuthSingleSignOn { .. } => "auth.single_sign_on",
            Self::AccountSingleSignOnConnect { .. } => "account.single_sign_on_connect",
            Self::AccountSingleSignOnDisconnect { .. } => "account.single_sign_on_disconnect",
            Self::AuditRead { .. } => "audit.read",
            Self::AuditExport { .. } => "audit.export",
            Self::SystemClock { .. } => "system.clock",
            Self::SystemTakeBackTime { .. } => "system.take_back_time",
            Self::SystemRestore { .. } => "system.restore",
            Self::SystemIntegrity { .. } => "system.integrity",
            Self::SessionWatch { .. } => "session.watch",
            Self::SessionSearch => "session.search",
            Self::SessionRead { .. } => "session.read",
            Self::SessionReadQuality { .. } => "session.read_quality",
            Self::ReportRead { .. } => "report.read",
            Self::ReportExport { .. } => "report.export",
            Self::MeetingPresentStart { .. } => "meeting.present_start",
            Self::MeetingPresentStop { .. } => "meeting.present_stop",
            Self::EvidenceState { .. } => "evidence.state",
            Self::EvidenceEvaluate { .. } => "evidence.evaluate",
            Self::EvidenceDecide { .. } => "evidence.decide",
            Self::EvidenceReview { .. } => "evidence.review",
            Self::EvidenceExport { .. } => "evidence.export",
            Self::EvidenceReadExport { .. } => "evidence.read_export",
            Self::AgreementAdd { .. } => "agreement.add",
            Self::AgreementChange { .. } => "agreement.change",
            Self::RiskAssess { .. } => "risk.assess",
            Self::ComplaintEnter { .. } => "complaint.enter",
            Self::ComplaintClose { .. } => "complaint.close",
            Self::ComplaintRead { .. } => "complaint.read",
            Self::EmergencyInvoke { .. } => "emergency.invoke",
            Self::EmergencyUse { .. } => "emergency.use",
            Self::EmergencyEnd { .. } => "emergency.end",
            Self::EmergencyReview { .. } => "emergency.review",
            Self::EmergencyRead { .. } => "emergency.read",
            Self::EmergencyDrill { .. } => "emergency.drill",
            Self::TrainingEnter { .. } => "training.enter",
            Self::TrainingWithdraw { .. } => "training.withdraw",
            Self::TrainingAcknowledge { .. } => "training.acknowledge",
            Self::EmergencyMakeCodes { .. } => "emergency.make_codes",
            Self::EmergencySignIn { .. } => "emergency.sign_in",
            Self::ViewSave { .. } => "view.save",
            Self::ViewChange { .. } => "view.change",
            Self::ViewRemove { .. } => "view.remove",
            Self::AuditReadTimeline { .. } => "audit.read_timeline",
            Self::AnomalyFound { .. } => "anomaly.found",
            Self::AnomalyReview { .. } => "anomaly.review",
            Self::AnomalyRead { .. } => "anomaly.read",
            Self::AnomalyChangeRules { .. } => "anomaly.change_rules",
            Self::RecordingKeyMade { .. } => "recording.key_made",
            Self::RecordingRetention { .. } => "recording.retention",
            Self::RecordingBegun { .. } => "recording.begun",
            Self::RecordingEnded { .. } => "recording.ended",
            Self::RecordingIncomplete { .. } => "recording.incomplete",
            Self::RecordingPlayed { .. } => "recording.played",
            Self::RecordingDeleted { .. } => "recording.deleted",
            Self::SupportOpened { .. } => "support.opened",
            Self::SupportJoined { .. } => "support.joined",
            Self::SupportCodeRefused { .. } => "support.code_refused",
            Self::SupportEnded { .. } => "support.ended",
            Self::SupportFeedback { .. } => "support.feedback",
            Self::SupportPermitted { .. } => "support.permitted",
            Self::SupportRefused { .. } => "support.refused",
            Self::SupportUnanswered { .. } => "support.unanswered",
            Self::SupportWithdrawn { .. } => "support.withdrawn",
            Self::SupportControlBegan { .. } => "support.control_began",
            Self::SupportControlEnded { .. } => "support.control_ended",
            Self::SupportLocalOverride { .. } => "support.local_override",
            Self::SupportInputWithoutControl { .. } => "support.input_without_control",
            Self::SupportFileKept { .. } => "support.file_kept",
            Self::SupportFileSent { .. } => "support.file_sent",
            Self::SupportFileFailed { .. } => "support.file_failed",
            Self::SupportDiagnosticsSent { .. } => "support.diagnostics_sent",
            Self::SupportHandedOver { .. } => "support.handed_over",
            Self::SupportWatcherAdmitted { .. } => "support.watcher_admitted",
            Self::SupportAgentEnded { .. } => "support.agent_ended",
            Self::SupportDeviceInvited { .. } => "support.device_invited",
            Self::SupportDeviceEnrolled { .. } => "support.device_enrolled",
            Self::SupportDeviceRevoked { .. } => "support.device_revoked",
            Self::SupportDeviceGranted { .. } => "support.device_granted",
            Self::SupportDeviceWithdrawn { .. } => "support.device_withdrawn",
            Self::SupportUnattendedOpened { .. } => "support.unattended_opened",
            Self::SupportUnattendedAsked { .. } => "support.unattended_asked",
            Self::SupportUnattendedBegan { .. } => "support.unattended_began",
            Self::CompanionOffered { .. } => "companion.offered",
            Self::CompanionBrought { .. } => "companion.brought",
            Self::CompanionControlGiven { .. } => "companion.control_given",
            Self::CompanionControlTakenBack { .. } => "companion.control_taken_back",
            Self::CompanionPermitted { .. } => "companion.permitted",
            Self::CompanionRefused { .. } => "companion.refused",
            Self::CompanionControlBegan { .. } => "companion.control_began",
            Self::CompanionControlEnded { .. } => "companion.control_ended",
            Self::CompanionInputWithoutControl { .. } => "companion.input_without_control",
            Self::CompanionTurnOver { .. } => "companion.turn_over",
            Self::CompanionInputDropped { .. } => "companion.input_dropped",
        }
    }
}

#[cfg(test)]
mod tests {
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
            (Event::RecordingPlayed { recording, session }, about),
            (Event::RecordingDeleted { recording, session }, about),
        ]
    }

    fn of_enrolled_computers() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
        let (session, device) = (
            Some((ObjectKind::Support, S)),
            Some((ObjectKind::Computer, D)),
        );
        let fingerprint =
            Code::new("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
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
        let sha256 =
            || Code::new("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
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
}
