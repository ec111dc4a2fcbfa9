//! Every mutation that the store can make durable: a type per act, a file per noun.
//!
//! An action brings its own ids, hashes and times: the store has no clock and no randomness.
//! It checks what it rests on inside of its transaction, and refuses rather than overwrites.

mod account;
mod account_group;
mod account_request;
mod anomaly;
mod co_host;
mod collector;
mod companion;
mod complaint;
mod directory;
mod email;
mod emergency;
mod emergency_code;
mod evidence;
mod federated_identity;
mod group;
mod invitation;
mod invited;
mod let_back_in;
mod meeting;
mod moderation;
mod owner;
mod participant;
mod passkey;
mod password;
mod password_reset;
mod policy;
pub(crate) mod program;
pub(crate) mod put_out;
mod quality;
mod recording;
mod risk;
mod saved_view;
mod second_factor;
mod server_time;
mod session;
mod sharing;
pub(crate) mod shut_out;
mod support;
mod support_queue;
mod ticket;
mod training;
mod unattended;
mod vault;

use std::future::Future;

use conclave_protocol::MeetingId;
use serde::{Serialize, de::DeserializeOwned};

use crate::engine::Link;
use crate::error::Refused;
use crate::spool::Act;

pub use account::ChangeAccount;
pub use account_group::{
    AddToGroup, CreateAccountGroup, DeleteAccountGroup, MOST_GROUPS, RemoveFromGroup,
    RenameAccountGroup,
};
pub use account_request::{
    AskForAccount, ConfirmAccountRequest, ForgetRequest, MOST_PENDING, UNDECIDED_FOR,
};
pub use anomaly::{
    FindAnomalies, KeepLook, MOST_MARKS, NewFinding, ReviewAnomaly, SetAnomalyRules,
};
pub use co_host::{MakeCoHost, TakeBackCoHost};
pub use collector::KeepCollected;
pub use companion::{
    BringCompanion, LendCompanion, Lent, OfferCompanion, ReportOfCompanion, TurnOver,
};
pub use complaint::{CloseComplaint, EnterComplaint};
pub use directory::{
    ChangeDirectoryGroup, ChangeUser, DeleteDirectoryGroup, MakeDirectoryGroup, ProvisionUser,
    RestoreUser, UserWords,
};
pub use email::{AskForEmail, ChangeEmail};
pub use emergency::{
    EmergencyEnded, EndEmergency, EnterByEmergency, InvokeEmergency, KeepDrill, ReviewEmergency,
};
pub use emergency_code::MakeEmergencyCodes;
pub use evidence::{
    AddAgreement, AgreementWords, ChangeAgreement, ChangeClaims, ClaimChange, Decide, KeepExport,
    KeepWatch, SignReview,
};
pub use federated_identity::{ConnectIdentity, DisconnectIdentity, Identity, MatchIdentity};
pub use group::{CreateGroup, EndGroup, KeepCommit};
pub use invitation::{AcceptInvitation, Chosen, Invite, WithdrawInvitation};
pub use invited::{InviteToMeeting, MOST_INVITED, Uninvite, Uninvited};
pub use let_back_in::{LetBackIn, PasswordLink};
pub use meeting::{
    CancelMeeting, ChangeMeeting, ChangePasscode, CreateMeeting, EndMeeting, GuardMeeting,
    LockMeeting, Planned,
};
pub use moderation::Moderate;
pub use owner::{CreateOwner, PrintSetupLink};
pub use participant::{
    Admit, AdmitAll, AdmittedAll, DisconnectAll, Join, Joined, Leave, SetConnected, Vouch,
};
pub use passkey::{AddPasskey, RemovePasskey, RenamePasskey, UsedPasskey};
pub use password::ChangePassword;
pub use password_reset::{AskForReset, ResetPassword};
pub use policy::{AskToLeaveProfile, EnterProfile, LeaveProfile, SetPolicy};
pub use program::{MakeProgram, RevokeProgram, TouchProgram};
pub use put_out::{Also, Deny, Expel, Gone};
pub use quality::KeepQuality;
pub use recording::{
    AcknowledgeRecording, BeginRecording, ClearRecording, Cleared, DamagedRecording,
    DeleteRecording, EndRecording, KeepPiece, KeepSealedFeedback, LookedAtRecording, LoseRecording,
    MakeRecordingKey, MissFeedback, PIECES_IN_A_STEP, Piece, PlayRecording, SetRetention,
};
pub use risk::AssessRisk;
pub use saved_view::{ChangeView, RemoveView, SaveView};
pub use second_factor::{MakeRecoveryCodes, RemoveTotp, SetUpTotp};
pub use server_time::{KeepTime, TakeBackTime, TakenBack};
pub use session::{
    ForgetExpired, NewSession, Proof, Renewal, RightPassword, Shown, SignIn, SignOut, TouchSession,
    TrustedDevice,
};
pub use sharing::{HandOver, SetSharing};
pub use shut_out::{Doer, Foreseen, MOST_TOUCHED, ShutOut, Touched, WasShutOut};
pub use support::{
    EndedSupport, JoinSupport, KeepFeedback, MOST_OPEN, OpenSupport, ReportSupport,
    SetSupportQuestions,
};
pub use support_queue::{
    AskForHelp, ClaimRequest, DeclineRequest, ExpireRequest, TakeRequest, TouchRequest,
    WithdrawRequest,
};
pub use ticket::{IssueTicket, ReturnTicket, SpendTicket, Spent};
pub use training::{AcknowledgeTraining, EnterTraining, WithdrawTraining};
pub use unattended::{
    EnrolComputer, GrantComputer, MakeEnrolment, OpenUnattended, RenewComputer, RevokeComputer,
    WithdrawGrant,
};
pub use vault::{AskForDevice, ChangeVault, EndDeviceRequest};

/// A mutation that leaves audit entries. Only the store's own types are actions.
pub trait Action: Apply {}

/// An action that must work even while the database cannot write: ending, turning away, leaving, signing off.
pub trait Essential: Action + Clone + Into<Act> {
    /// The meeting whose revision it raises.
    fn meeting(&self) -> Option<MeetingId>;

    /// What it answers before the database has it, with the revision that its meeting then has.
    fn foresee(&self, raised: Revision) -> Self::Done;
}

/// An essential act of a meeting answers with the revision that it raises.
macro_rules! raises_the_revision {
    ($($act:ident),*) => {$(
        impl Essential for $act {
            fn meeting(&self) -> Option<MeetingId> {
                Some(self.meeting)
            }

            fn foresee(&self, raised: Revision) -> Revision {
                raised
            }
        }
    )*};
}

raises_the_revision!(EndMeeting, Leave, TakeBackCoHost);

impl Essential for SignOut {
    fn meeting(&self) -> Option<MeetingId> {
        None
    }

    fn foresee(&self, _raised: Revision) {}
}

/// A mutation that nobody did: measurements, last-seen times, forgetting what has expired.
pub trait Upkeep: Apply {}

/// The raised revision of a meeting.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize,
)]
pub struct Revision(pub u64);

/// How a mutation is done, inside of a transaction.
pub trait Apply: Send + 'static {
    /// What the caller learns. Remembered with an idempotency key, so it holds no personal data.
    type Done: Serialize + DeserializeOwned + Send + Sync + 'static;

    fn apply(self, link: &mut Link<'_>)
    -> impl Future<Output = Result<Self::Done, Failure>> + Send;
}

/// Why a mutation did not happen.
pub enum Failure {
    Refused(Refused),
    Database(sqlx::Error),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// Every statement of the actions, for the test that prepares each.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&[crate::engine::Statement]] = &[
    account::STATEMENTS,
    account_request::STATEMENTS,
    account_group::STATEMENTS,
    anomaly::STATEMENTS,
    co_host::STATEMENTS,
    collector::STATEMENTS,
    companion::STATEMENTS,
    email::STATEMENTS,
    federated_identity::STATEMENTS,
    group::STATEMENTS,
    invitation::STATEMENTS,
    invited::STATEMENTS,
    meeting::STATEMENTS,
    moderation::STATEMENTS,
    owner::STATEMENTS,
    participant::STATEMENTS,
    password_reset::STATEMENTS,
    policy::STATEMENTS,
    passkey::STATEMENTS,
    password::STATEMENTS,
    put_out::STATEMENTS,
    quality::STATEMENTS,
    recording::STATEMENTS,
    saved_view::STATEMENTS,
    second_factor::STATEMENTS,
    server_time::STATEMENTS,
    session::STATEMENTS,
    sharing::STATEMENTS,
    shut_out::STATEMENTS,
    support::STATEMENTS,
    support_queue::STATEMENTS,
    ticket::STATEMENTS,
    training::STATEMENTS,
    unattended::STATEMENTS,
    vault::STATEMENTS,
    directory::STATEMENTS,
    program::STATEMENTS,
    complaint::STATEMENTS,
    evidence::STATEMENTS,
    risk::STATEMENTS,
    emergency::STATEMENTS,
    emergency_code::STATEMENTS,
];
