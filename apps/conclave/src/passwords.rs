//! Hashes and checks passwords: argon2id, off the request threads, a few at a time.
//!
//! A check against nobody's password takes as long as one against somebody's, so that the time
//! of an answer does not tell which e-mail addresses have accounts.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use conclave_policy::password::Password;
use conclave_store::PasswordHash;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;
use tokio::sync::Semaphore;

use crate::config;

/// Clones share the queue.
#[derive(Clone)]
pub(crate) struct Passwords {
    hasher: Argon2<'static>,
    /// Of no password: what unknown accounts are checked against.
    nobodys: PasswordHash,
    running: Arc<Semaphore>,
    /// Running and waiting together.
    admitted: Arc<Semaphore>,
    /// Runs of argon2id, each of the configured effort or of a kept hash's.
    runs: Counter,
}

/// More passwords wait to be checked than will be in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked")]
pub(crate) struct Overloaded;

/// A password that was checked.
pub(crate) struct Checked {
    pub(crate) right: bool,
    /// Hashed again, where its parameters are weaker than the configured ones.
    pub(crate) rehashed: Option<PasswordHash>,
}

impl Passwords {
    pub(crate) fn new(config: &config::Passwords) -> Self {
        let params = params(config);
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Self {
            nobodys: nobodys(config),
            hasher,
            running: Arc::new(Semaphore::new(config.at_once)),
            admitted: Arc::new(Semaphore::new(config.at_once + QUEUE)),
            runs: Counter::default(),
        }
    }

    pub(crate) fn count_in(self, registry: &mut Registry) -> Self {
        let runs = self.runs.clone();
        registry.register("password_runs", "Passwords hashed or checked", runs);
        self
    }

    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash, Overloaded> {
        let hasher = self.hasher.clone();
        self.run(move || hash(&hasher, &password))
            .await?
            .ok_or(Overloaded)
    }

    /// Checks against `kept`, or against nobody's with the same effort.
    pub(crate) async fn check(
        &self,
        password: Password,
        kept: Option<PasswordHash>,
    ) -> Result<Checked, Overloaded> {
        let hasher = self.hasher.clone();
        // Whom a directory brought has none until they choose one.
        let kept = kept.filter(|PasswordHash(phc)| !phc.is_empty());
        let somebody = kept.is_some();
        let kept = kept.unwrap_or_else(|| self.nobodys.clone());
        self.run(move || {
            let right = verify(&hasher, &password, &kept) && somebody;
            let weak = right && is_weaker(&hasher, &kept);
            Checked {
                right,
                rehashed: weak.then(|| hash(&hasher, &password)).flatten(),
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Overloaded> {
        let _admitted = self.admitted.try_acquire().map_err(|_| Overloaded)?;
        let running = Arc::clone(&self.running);
        let running = running.acquire_owned().await.map_err(|_| Overloaded)?;
        self.runs.inc();
        // The permit goes with the work: a caller who hangs up does not free it early.
        let task = tokio::task::spawn_blocking(move || {
            let _running = running;
            work()
        });
        task.await.map_err(|_| Overloaded)
    }
}

fn hash(hasher: &Argon2<'_>, password: &Password) -> Option<PasswordHash> {
    let phc = hasher.hash_password(password.reveal()).ok()?;
    Some(PasswordHash(phc.to_string()))
}

fn verify(hasher: &Argon2<'_>, password: &Password, kept: &PasswordHash) -> bool {
    let PasswordHash(phc) = kept;
    Phc::new(phc).is_ok_and(|phc| hasher.verify_password(password.reveal(), &phc).is_ok())
}

fn is_weaker(hasher: &Argon2<'_>, kept: &PasswordHash) -> bool {
    let PasswordHash(phc) = kept;
    let params = Phc::new(phc)
        .ok()
        .and_then(|phc| Params::try_from(&phc).ok());
    let wanted = hasher.params();
    params.is_none_or(|kept| kept.m_cost() < wanted.m_cost() || kept.t_cost() < wanted.t_cost())
}

fn params(config: &config::Passwords) -> Params {
    Params::new(config.memory_kib, config.passes, 1, None)
        .expect("the configuration's check keeps memory and passes within argon2's bounds")
}

/// A PHC string with the configured effort whose output no password has.
fn nobodys(config: &config::Passwords) -> PasswordHash {
    let config::Passwords {
        memory_kib, passes, ..
    } = config;
    let (salt, output) = ("AAAAAAAAAAAAAAAAAAAAAA", "A".repeat(43));
    PasswordHash(format!(
        "$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${output}"
    ))
}

/// Checks that may wait for their turn. More would keep people waiting longer than they do.
const QUEUE: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_passes_and_others_do_not() {
        let passwords = Passwords::new(&floor());
        let kept = passwords
            .hash(secret("correct horse battery"))
            .await
            .unwrap();

        let check = async |text| {
            let checked = passwords.check(secret(text), Some(kept.clone())).await;
            checked.unwrap().right
        };

        assert!(check("correct horse battery").await);
        assert!(!check("correct horse batterz").await);
    }

    #[tokio::test]
    async fn nobodys_password_costs_the_same_work_and_never_passes() {
        let passwords = Passwords::new(&floor());

        let checked = passwords
            .check(secret("anything at all"), None)
            .await
            .unwrap();

        assert!(!checked.right);
        let PasswordHash(phc) = &passwords.nobodys;
        let phc = Phc::new(phc).unwrap();
        assert!(phc.hash.is_some_and(|output| output.len() == 32));
        assert!(!is_weaker(&passwords.hasher, &passwords.nobodys));
    }

    #[tokio::test]
    async fn a_weaker_hash_is_made_again_when_the_password_is_right() {
        let weak = Passwords::new(&floor());
        let kept = weak.hash(secret("correct horse battery")).await.unwrap();
        let strong = Passwords::new(&config::Passwords {
            passes: 3,
            ..floor()
        });

        let checked = strong
            .check(secret("correct horse battery"), Some(kept))
            .await
            .unwrap();

        assert!(
            checked
                .rehashed
                .is_some_and(|PasswordHash(phc)| phc.contains("t=3"))
        );
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let passwords = Passwords::new(&floor());
        let all = u32::try_from(floor().at_once + QUEUE).unwrap();
        let _taken = passwords.admitted.acquire_many(all).await.unwrap();

        let refused = passwords.check(secret("anything"), None).await;

        assert!(matches!(refused, Err(Overloaded)));
    }

    fn secret(text: &str) -> Password {
        Password::attempt(text).unwrap()
    }

    fn floor() -> config::Passwords {
        config::Passwords {
            memory_kib: config::Passwords::LEAST_MEMORY_KIB,
            passes: 2,
            at_once: 2,
        }
    }
}
