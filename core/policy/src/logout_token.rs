//! What an identity provider's logout token must say before it ends anybody's session (OpenID Connect Back-Channel
//! Logout 1.0, 2.6).
//!
//! Its signature was checked before.

use std::time::Duration;

use conclave_protocol::Timestamp;

use crate::id_token::{Flaw, LONGEST_SUBJECT, check_time};

/// The claims that decide something.
pub struct LogoutToken {
    pub issuer: String,
    pub audience: Vec<String>,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    /// By which a second arrival is known.
    pub id: String,
    /// Whose sessions end; every one, unless `session` names one.
    pub subject: Option<String>,
    /// The provider's session.
    pub session: Option<String>,
    /// Whether its events are those of a logout.
    pub is_logout: bool,
    /// An ID token has one, and is no logout token.
    pub has_nonce: bool,
}

impl LogoutToken {
    pub fn check(
        &self,
        issuer: &str,
        client: &str,
        leeway: Duration,
        now: Timestamp,
    ) -> Result<(), Flaw> {
        if self.issuer != issuer {
            return Err(Flaw::Issuer);
        }
        if !self.audience.iter().any(|audience| audience == client) {
            return Err(Flaw::Audience);
        }
        if !self.is_logout || self.has_nonce {
            return Err(Flaw::Nonce);
        }
        let fits = |text: &String| (1..=LONGEST_SUBJECT).contains(&text.len());
        let named = self.subject.iter().chain(&self.session);
        if named.clone().next().is_none() || !named.chain([&self.id]).all(fits) {
            return Err(Flaw::Subject);
        }
        check_time(self.issued_at, self.expires_at, leeway, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    #[test]
    fn only_a_logout_token_of_this_moment_for_this_server_ends_sessions() {
        let judge = |change: fn(&mut LogoutToken)| {
            let mut token = LogoutToken {
                issuer: "https://login.example".to_owned(),
                audience: vec!["conclave".to_owned()],
                issued_at: at(5_000),
                expires_at: at(5_120),
                id: "j-1".to_owned(),
                subject: Some("s-1".to_owned()),
                session: None,
                is_logout: true,
                has_nonce: false,
            };
            change(&mut token);
            let leeway = Duration::from_secs(60);
            token.check("https://login.example", "conclave", leeway, at(5_010))
        };

        assert_eq!(judge(|_| {}), Ok(()));
        for (change, flaw) in [
            (
                (|token| token.issuer.clear()) as fn(&mut LogoutToken),
                Flaw::Issuer,
            ),
            (|token| token.audience.clear(), Flaw::Audience),
            (|token| token.is_logout = false, Flaw::Nonce),
            (|token| token.has_nonce = true, Flaw::Nonce),
            (|token| token.subject = None, Flaw::Subject),
            (|token| token.id.clear(), Flaw::Subject),
            (|token| token.expires_at = at(4_949), Flaw::Time),
        ] {
            assert_eq!(judge(change), Err(flaw));
        }
    }
}
