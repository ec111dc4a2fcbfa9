//! Events about accounts.

use super::*;

pub(super) fn of_accounts() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let account = Some((ObjectKind::Account, A));
    let invitation = Some((ObjectKind::Invitation, I));
    vec![
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
}
