//! What signing in with more than a password needs, in one place.

use std::sync::{Mutex, MutexGuard, PoisonError};

use conclave_policy::second_factor::Assurance;
use conclave_policy::totp::Step;
use conclave_policy::wrong_factors::WrongFactors;
use conclave_protocol::AccountId;
use conclave_store::TokenHash;
use conclave_store::action::Shown;
use conclave_store::read::factor::Totp;

use crate::authenticator::Seed;
use crate::ceremonies::Ceremonies;
use crate::passkeys::Passkeys;
use crate::sealing::{Place, Sealing, Unopened};
use crate::secret::NoRandomness;

pub(crate) struct SecondFactors {
    sealing: Sealing,
    /// Absent where people reach the server without a name.
    pub(crate) passkeys: Option<Passkeys>,
    /// What was shown first, by the cookie of its browser.
    pub(crate) awaited: Ceremonies<Awaited>,
    /// Seeds whose first code is awaited, by session.
    pub(crate) seeds: Ceremonies<Seed>,
    wrong: Mutex<WrongFactors>,
}

/// Somebody who has shown the password, or came from the identity provider, and has not yet shown the second factor.
#[derive(Clone)]
pub(crate) struct Awaited {
    pub(crate) account: AccountId,
    pub(crate) shown: Shown,
    /// Their session until now, where they prove it again.
    pub(crate) replaces: Option<TokenHash>,
}

impl Awaited {
    /// What a session has proved in the end.
    pub(crate) fn with(&self, further: Assurance) -> Assurance {
        match self.shown {
            Shown::Password(_) => Assurance::Password.and(further),
            Shown::Identity(_) => Assurance::SingleSignOn.and(further),
        }
    }
}

impl SecondFactors {
    /// `origin` is where people find this server.
    pub(crate) fn new(sealing: Sealing, origin: &str) -> Self {
        Self {
            sealing,
            passkeys: Passkeys::at(origin),
            awaited: Ceremonies::default(),
            seeds: Ceremonies::default(),
            wrong: Mutex::default(),
        }
    }

    pub(crate) fn wrong(&self) -> MutexGuard<'_, WrongFactors> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn seal(&self, account: AccountId, seed: &Seed) -> Result<Vec<u8>, NoRandomness> {
        self.sealing.seal(seed.as_bytes(), place(account))
    }

    pub(crate) fn open(&self, account: AccountId, totp: &Totp) -> Result<(Seed, Step), Unopened> {
        let seed = self.sealing.open(&totp.sealed, place(account))?;
        Ok((Seed::from(seed), Step(totp.last_step)))
    }
}

fn place(AccountId(row): AccountId) -> Place {
    let column = "account_totp.sealed";
    Place { column, row }
}
