//! The operator's way to let somebody back in who has lost what they sign in with. A server may run beside it.

use conclave_audit::{Actor, Code, Entry, Event};
use conclave_policy::mailed_link::ASKED_FOR;
use conclave_protocol::account::AccountState;
use conclave_protocol::personal::EmailAddress;
use conclave_store::action::{LetBackIn, PasswordLink};
use conclave_store::read::account::Account;
use conclave_store::{Beside, OpenError, Options, ReadError, Refused, WriteError};

use crate::secret::{self, NoRandomness};
use crate::{Clock, Config, recorded, server};

/// Why nobody was let back in; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LetBackInError {
    #[error("no active account has this address")]
    NoAccount,
    #[error(
        "a link is for the last owner, and for who has passkeys alone: another owner can help this account"
    )]
    NotTheLastOwner,
    #[error("this account has passkeys alone: without --password-link nothing would open it")]
    NoWayLeft,
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the database can't be read")]
    Read(#[from] ReadError),
    #[error("the database can't be written")]
    Write(#[source] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// Voids the account's second factors; the link, where one is asked for.
pub(crate) async fn run(
    config: &Config,
    email: &str,
    wants_link: bool,
) -> Result<Option<String>, LetBackInError> {
    let mut store = Beside::open(&Options::sqlite(&config.data_dir)).await?;
    let account = find(&mut store, email).await?;
    let link = let_in(&mut store, config, &account, wants_link).await;
    store.close().await;
    link
}

async fn find(store: &mut Beside, email: &str) -> Result<Account, LetBackInError> {
    let email = EmailAddress::parse(email).map_err(|_| LetBackInError::NoAccount)?;
    let organisation = store.first_organisation().await?;
    let organisation = organisation.ok_or(LetBackInError::NoAccount)?;
    let found = store.account_by_email(organisation.id, &email).await?;
    let active = found.filter(|account| account.state == AccountState::Active);
    active.ok_or(LetBackInError::NoAccount)
}

async fn let_in(
    store: &mut Beside,
    config: &Config,
    account: &Account,
    wants_link: bool,
) -> Result<Option<String>, LetBackInError> {
    let now = Clock::beside(store).await?.now();
    let entry = |event| -> Result<Entry, NoRandomness> {
        let entry = recorded::entry(now, Actor::Operator, event)?;
        Ok(recorded::filed(entry, Some(account.organisation)))
    };
    let id = account.id.0;
    let mut entries = vec![entry(Event::UserResetFactors { account: id })?];
    let fresh = wants_link.then(secret::fresh).transpose()?;
    if fresh.is_some() {
        entries.push(entry(Event::AuthAskForReset { account: Some(id) })?);
    }
    let act = LetBackIn {
        account: account.id,
        link: fresh.as_ref().map(|(_, hash)| PasswordLink {
            token: *hash,
            at: now,
            expires_at: now.plus(ASKED_FOR),
        }),
    };
    let kept = entries.clone();
    let record = conclave_store::Record::after(move |()| kept);
    match store.write(act, record).await {
        Ok(()) => {}
        Err(WriteError::Refused(refused)) => {
            for entry in entries {
                let reason = Code::new(refused.code());
                store
                    .record(entry.refused(reason))
                    .await
                    .map_err(LetBackInError::Write)?;
            }
            return Err(match refused {
                Refused::NotAllowed => LetBackInError::NotTheLastOwner,
                Refused::LastWay => LetBackInError::NoWayLeft,
                _ => LetBackInError::NoAccount,
            });
        }
        Err(error) => return Err(LetBackInError::Write(error)),
    }
    let origin = server::origin(config, config.listen);
    Ok(fresh.map(|(token, _)| format!("{origin}/reset#{token}")))
}
