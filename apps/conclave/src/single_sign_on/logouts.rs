//! Logout tokens that came before: none ends sessions twice (OpenID Connect Back-Channel Logout 1.0, 2.6, 8).

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use conclave_policy::logout_token::LogoutToken;
use conclave_protocol::Timestamp;
use conclave_store::TokenHash;

use super::mark;

/// Until when each would be believed. In memory: after a restart there are minutes in which one is believed again, and
/// ends sessions of a person whose sessions it ended before.
#[derive(Default)]
pub(super) struct Logouts(Mutex<BTreeMap<TokenHash, Timestamp>>);

impl Logouts {
    pub(super) fn came_before(&self, token: &LogoutToken) -> bool {
        self.lock().contains_key(&mark(token))
    }

    /// It has done what it is for. Only what the provider has signed is remembered, so the provider alone could fill it; then
    /// the one that is first to expire is forgotten.
    pub(super) fn spend(&self, token: &LogoutToken, leeway: Duration, now: Timestamp) {
        let mut seen = self.lock();
        if seen.len() >= MOST {
            seen.retain(|_, until| *until > now);
        }
        if seen.len() >= MOST
            && let Some(first) = seen.iter().min_by_key(|(_, until)| **until)
        {
            let first = *first.0;
            seen.remove(&first);
        }
        seen.insert(mark(token), token.expires_at.plus(leeway));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<TokenHash, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of a hundred bytes each.
const MOST: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_again_until_it_has_done_what_it_is_for() {
        let token = |id: &str| LogoutToken {
            issuer: String::new(),
            audience: Vec::new(),
            issued_at: Timestamp::from_micros(0),
            expires_at: Timestamp::from_micros(0),
            id: id.to_owned(),
            subject: None,
            session: None,
            is_logout: true,
            has_nonce: false,
        };
        let logouts = Logouts::default();
        let now = Timestamp::from_micros(0);
        let came = |id| logouts.came_before(&token(id));

        assert!(!came("a") && !came("a"));
        logouts.spend(&token("a"), Duration::ZERO, now);
        assert!(came("a"));
        assert!(!came("b"));
    }
}
