//! The catalogue of events: one variant per act, with the ids that the act concerned.

mod entrance;
mod name;
mod object;
mod quality;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Code;
pub use entrance::{Entrance, TicketKind, Way};
pub use object::{Object, ObjectKind};
pub use quality::{QualitySummary, StreamSummary};

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
        /// SHA-256 of all settings without secrets, in hexadecimal; absent of starts before it was recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        configuration: Option<Code>,
    },
    #[serde(rename = "system.stop")]
    SystemStop { version: Code },
    /// A start made a key of the installation. One that is made again was gone.
    #[serde(rename = "key.made")]
    KeyMade {
        key: Code,
        /// HMAC-SHA-256 under the key, in hexadecimal: whoever has the file can tell whether it is this one.
        fingerprint: Code,
    },
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
    /// Whoever was helped was asked what they think of it. What they said is the entry's sealed part, to the recording's key.
    #[serde(rename = "recording.feedback")]
    RecordingFeedback { recording: Uuid, session: Uuid },
    /// It never came.
    #[serde(rename = "recording.feedback_missing")]
    RecordingFeedbackMissing { recording: Uuid, session: Uuid },
    /// The server read what is kept, and it is not what came.
    #[serde(rename = "recording.damaged")]
    RecordingDamaged {
        recording: Uuid,
        session: Uuid,
        fault: Code,
    },
    /// Somebody has seen what lacks of it. Why it may be left so is the entry's sealed part.
    #[serde(rename = "recording.acknowledged")]
    RecordingAcknowledged {
        recording: Uuid,
        session: Uuid,
        trouble: Code,
    },
    /// Searched the recordings of support sessions.
    #[serde(rename = "recording.search")]
    RecordingSearch,
    /// Its sealed pieces were given out to be seen. Why is the entry's sealed part.
    #[serde(rename = "recording.played")]
    RecordingPlayed { recording: Uuid, session: Uuid },
    /// Its time was over.
    #[serde(rename = "recording.deleted")]
    RecordingDeleted { recording: Uuid, session: Uuid },
    /// So many of its own the organisation asks from here on of whoever was helped; none: what every one asks.
    #[serde(rename = "support.questions")]
    SupportQuestions { organisation: Uuid, questions: u8 },
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
    /// Somebody without a session asked for help, of whichever technician takes them. Who, and with what, is not on record.
    #[serde(rename = "support.requested")]
    SupportRequested { request: Uuid },
    /// A technician is about to take them, and nobody else is meanwhile.
    #[serde(rename = "support.request_claimed")]
    SupportRequestClaimed { request: Uuid },
    /// A technician gave them the sealed link of a session.
    #[serde(rename = "support.request_taken")]
    SupportRequestTaken { request: Uuid, session: Uuid },
    /// A technician turned them away.
    #[serde(rename = "support.request_declined")]
    SupportRequestDeclined { request: Uuid },
    /// They wait no longer, by their own word.
    #[serde(rename = "support.request_withdrawn")]
    SupportRequestWithdrawn { request: Uuid },
    /// Nobody took them in time, or their page is gone.
    #[serde(rename = "support.request_expired")]
    SupportRequestExpired { request: Uuid },
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
    /// By an administrator's name and password the technician has their rights at the computer.
    #[serde(rename = "support.raised")]
    SupportRaised { session: Uuid },
    /// What was typed was no administrator's, or could not be looked at.
    #[serde(rename = "support.not_raised")]
    SupportNotRaised { session: Uuid, reason: Code },
    /// They have the rights no longer.
    #[serde(rename = "support.lowered")]
    SupportLowered { session: Uuid },
    /// The person at the computer did not agree to a restart, or the computer could not come back from one.
    #[serde(rename = "support.restart_refused")]
    SupportRestartRefused { session: Uuid },
    #[serde(rename = "support.restarting")]
    SupportRestarting { session: Uuid },
    /// After a restart the computer is in the session again, in which everything is asked anew.
    #[serde(rename = "support.came_back")]
    SupportCameBack { session: Uuid },
    /// The agent's part is over.
    #[serde(rename = "support.agent_ended")]
    SupportAgentEnded { session: Uuid, reason: Code },
    /// A link was made by which one computer says who it is.
    #[serde(rename = "support.device_invited")]
    SupportDeviceInvited {
        organisation: Uuid,
        /// How long it lasts; earlier ones have no end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        days: Option<u16>,
    },
    /// A computer may be helped from here on when nobody is there.
    #[serde(rename = "support.device_enrolled")]
    SupportDeviceEnrolled {
        device: Uuid,
        /// SHA-256 of its keys, in hexadecimal: the computer shows the same.
        fingerprint: Code,
    },
    /// Its enrolment ends later than it would have, or sooner.
    #[serde(rename = "support.device_renewed")]
    SupportDeviceRenewed {
        device: Uuid,
        /// From then on.
        days: u16,
    },
    /// Its enrolment is over: an operator took back the time that it counted from, or ran out in.
    #[serde(rename = "support.device_ended")]
    SupportDeviceEnded { device: Uuid },
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
