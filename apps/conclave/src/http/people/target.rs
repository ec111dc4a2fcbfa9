//! Somebody's account, and what somebody else makes of it: the one frame of all acts upon people.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use conclave_audit::{Code, Entry, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::people::{Change, Somebody, may_change};
use conclave_protocol::AccountId;
use conclave_protocol::account::AccountState;
use conclave_store::action::{Action, ChangeAccount};
use conclave_store::read::account::Account;
use conclave_store::{Once, Refused, WriteError};

use super::put_out::{self, Reserved};
use super::shut_out;
use crate::app::App;
use crate::http::command::Command;
use crate::http::occasion::Occasion;
use crate::http::present::{decide, not_written_as, recall, to_the_end};
use crate::http::problem::{ACCOUNT_NOT_FOUND, LAST_WAY, Refusal};
use crate::http::session::sign_in::key;
use crate::http::signed_in::SignedIn;
use crate::{live_policy, recorded};

/// The account that the address names.
pub(crate) struct NamedAccount(pub(super) AccountId);

impl FromRequestParts<App> for NamedAccount {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let params = RawPathParams::from_request_parts(parts, &()).await.ok();
        let named = params.as_ref().and_then(|params| {
            let (_, text) = params.iter().find(|(name, _)| *name == "account")?;
            text.parse().ok()
        });
        named.map(Self).ok_or(ACCOUNT_NOT_FOUND.into())
    }
}

/// A command about somebody's account that its address says all of.
pub(crate) struct Asked {
    signed_in: SignedIn,
    account: AccountId,
    command: Command,
    occasion: Occasion,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let signed_in = SignedIn::from_request_parts(parts, app).await?;
        let NamedAccount(account) = NamedAccount::from_request_parts(parts, app).await?;
        Ok(Self {
            signed_in,
            account,
            command: Command::from_request_parts(parts, app).await?,
            occasion: Occasion::from_request_parts(parts, app).await?,
        })
    }
}

impl Asked {
    pub(super) async fn make(self, app: App, change: Change) -> Result<StatusCode, Refusal> {
        let wanted = Wanted {
            event: event(self.account, change),
            signed_in: self.signed_in,
            account: self.account,
            command: self.command,
            occasion: self.occasion,
            change,
        };
        wanted.make(app).await?;
        Ok(StatusCode::NO_CONTENT)
    }
}

/// How an act is called on record.
pub(super) fn event(AccountId(account): AccountId, change: Change) -> Event {
    match change {
        Change::Approve => Event::UserApprove { account },
        Change::Restore => Event::UserRestore { account },
        Change::Suspend => Event::UserSuspend { account },
        Change::Remove => Event::UserRemove { account },
        Change::ResetFactors => Event::UserResetFactors { account },
        Change::Unlock => Event::UserUnlock { account },
        Change::Role(role) => Event::UserChangeRole {
            account,
            role: recorded::account_role(role),
        },
    }
}

/// A request to change somebody's account.
pub(super) struct Wanted {
    pub(super) signed_in: SignedIn,
    pub(super) account: AccountId,
    pub(super) command: Command,
    pub(super) occasion: Occasion,
    pub(super) event: Event,
    pub(super) change: Change,
}

/// What policy lets somebody do.
pub(super) struct Granted {
    pub(super) once: Once,
    pub(super) entry: Entry,
    pub(super) target: Account,
}

impl Wanted {
    /// Asks policy. A refusal is recorded. `None` for a request that was done before: nothing is done for it again.
    pub(super) async fn check<A: Action>(&self, app: &App) -> Result<Option<Granted>, Refusal> {
        let Self {
            signed_in,
            occasion,
            event,
            ..
        } = self;
        signed_in
            .may(app, AccountAction::ManagePeople, occasion, event)
            .await?;
        if !self.change.only_takes() {
            signed_in.stepped_up(app, occasion, event).await?;
        }
        let organisation = Some(signed_in.account.organisation);
        let entry = occasion.entry(organisation, signed_in.actor(), event.clone())?;
        let once = self.command.once(signed_in.account.id.0, occasion.now);
        if recall::<A>(app, &once, &entry).await?.is_some() {
            return Ok(None);
        }
        let target = self.target(app, &entry).await?;
        let decision = may_change(somebody(&signed_in.account), somebody(&target), self.change);
        decide(app, decision, &entry).await?;
        Ok(Some(Granted {
            once,
            entry,
            target,
        }))
    }

    /// Somebody of another organisation, or who was removed, is as one who does not exist.
    async fn target(&self, app: &App, entry: &Entry) -> Result<Account, Refusal> {
        let organisation = self.signed_in.account.organisation;
        let found = app.store.account(self.account).await?;
        let ours = found.filter(|account| {
            account.organisation == organisation && account.state != AccountState::Removed
        });
        match ours {
            Some(account) => Ok(account),
            None => {
                let refused = entry.clone().refused(Code::new("no_such_account"));
                app.record(refused).await;
                Err(ACCOUNT_NOT_FOUND.into())
            }
        }
    }

    pub(super) fn by(&self) -> put_out::By {
        put_out::By {
            organisation: self.signed_in.account.organisation,
            actor: self.signed_in.actor(),
            occasion: self.occasion.clone(),
        }
    }

    /// Does it once, whoever hangs up and however often it is asked for.
    pub(super) async fn make(self, app: App) -> Result<(), Refusal> {
        match self.change {
            Change::Suspend | Change::Remove => shut_out::make(self, app).await,
            Change::Approve
            | Change::Restore
            | Change::Role(_)
            | Change::ResetFactors
            | Change::Unlock => self.give(app).await,
        }
    }

    async fn give(self, app: App) -> Result<(), Refusal> {
        let Some(granted) = self.check::<ChangeAccount>(&app).await? else {
            return Ok(());
        };
        let Granted {
            once,
            entry,
            target,
        } = granted;
        if self.change == Change::ResetFactors {
            leaves_a_way(&app, &target, &entry).await?;
        }
        let act = ChangeAccount {
            account: self.account,
            by: self.signed_in.account.id,
            change: self.change,
            at: self.occasion.now,
        };
        to_the_end(async move {
            let record = put_out::record(&self.by(), entry.clone());
            match app.store.write_once(once, act, record).await {
                // Another request did it, and is on record for it.
                Ok(answer) if answer.replayed => Ok(()),
                Ok(answer) => {
                    put_out::follow(&app, &answer.done, Reserved::default());
                    lift_locks(&app, self.change, &target);
                    if matches!(self.change, Change::Role(_)) {
                        // Whose support session goes on may hold none any more.
                        live_policy::tell(&app, target.organisation).await;
                    }
                    Ok(())
                }
                Err(error) => Err(refused(&app, error, entry).await),
            }
        })
        .await
    }
}

/// Refuses where passkeys are all that there is to sign in with, and no mail by which a password can be chosen.
async fn leaves_a_way(app: &App, target: &Account, entry: &Entry) -> Result<(), Refusal> {
    let opens = target.password.is_some() || app.mail.is_some();
    if opens || app.store.has_identity(target.id).await? {
        return Ok(());
    }
    app.record(entry.clone().refused(Code::new("last_way")))
        .await;
    Err(LAST_WAY.into())
}

/// Locks are in memory: they end as the act that ends them is on record, and by nothing else.
fn lift_locks(app: &App, change: Change, target: &Account) {
    if matches!(change, Change::ResetFactors | Change::Unlock) {
        app.second_factors.wrong().was_right(target.id);
    }
    if change == Change::Unlock {
        let key = key(target.email.as_str());
        app.throttles.sign_in().unlock(key);
        app.throttles.sealed_codes().unlock(key);
    }
}

/// What the store refuses is recorded.
pub(super) async fn refused(app: &App, error: WriteError, entry: Entry) -> Refusal {
    let names = [(Refused::NotFound, ACCOUNT_NOT_FOUND)];
    not_written_as(app, error, entry, &names).await
}

fn somebody(account: &Account) -> Somebody {
    Somebody {
        account: account.id,
        role: account.role,
    }
}
