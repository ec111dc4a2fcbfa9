//! What an identity provider's ID token must say before anybody is signed in by it (OpenID Connect Core 1.0, 3.1.3.7).
//!
//! Its signature was checked before. Who it is about is its issuer and subject together: an e-mail address in it
//! is the provider's opinion, and decides nothing.

use std::time::Duration;

use conclave_protocol::Timestamp;

/// The claims that decide something.
#[derive(Clone)]
pub struct IdToken {
    pub issuer: String,
    pub subject: String,
    pub audience: Vec<String>,
    pub authorised_party: Option<String>,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    /// When the provider saw whoever it is prove it.
    pub authenticated_at: Option<Timestamp>,
    pub nonce: Option<String>,
    /// The authentication context, in the provider's words.
    pub acr: Option<String>,
    /// By which methods (RFC 8176).
    pub amr: Vec<String>,
    /// The provider's session.
    pub session: Option<String>,
}

/// What the token is held against.
pub struct Expected<'a> {
    pub issuer: &'a str,
    /// Our name at the provider.
    pub client: &'a str,
    pub nonce: &'a str,
    pub proved: Proved,
    /// The difference between two honest clocks.
    pub leeway: Duration,
    pub now: Timestamp,
}

/// How lately whoever it is must have proved it to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proved {
    AtAnyTime,
    /// The operator's bound.
    Within(Duration),
    /// Since they left for the provider: to prove again who sits there.
    Since(Timestamp),
}

/// Why a token signs nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("another issuer made the token")]
    Issuer,
    #[error("the token is for somebody else")]
    Audience,
    #[error("the token is about nobody")]
    Subject,
    #[error("the token answers another request")]
    Nonce,
    #[error("the token is of another time")]
    Time,
    #[error("too long ago, or never, was it proved who this is")]
    Stale,
}

impl Flaw {
    /// For the audit log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Issuer => "wrong_issuer",
            Self::Audience => "wrong_audience",
            Self::Subject => "no_subject",
            Self::Nonce => "wrong_nonce",
            Self::Time => "wrong_time",
            Self::Stale => "stale_authentication",
        }
    }
}

impl IdToken {
    pub fn check(&self, expected: &Expected<'_>) -> Result<(), Flaw> {
        let Expected { leeway, now, .. } = *expected;
        if self.issuer != expected.issuer {
            return Err(Flaw::Issuer);
        }
        self.is_for(expected.client)?;
        if self.subject.is_empty() || self.subject.len() > LONGEST_SUBJECT {
            return Err(Flaw::Subject);
        }
        if self.nonce.as_deref() != Some(expected.nonce) {
            return Err(Flaw::Nonce);
        }
        check_time(self.issued_at, self.expires_at, leeway, now)?;
        self.check_proof(expected)
    }

    /// Other audiences beside us need an authorised party, which is us (3.1.3.7, 3 to 5).
    fn is_for(&self, client: &str) -> Result<(), Flaw> {
        let is_audience = self.audience.iter().any(|audience| audience == client);
        let is_party = match self.authorised_party.as_deref() {
            Some(party) => party == client,
            None => self.audience.len() == 1,
        };
        match is_audience && is_party {
            true => Ok(()),
            false => Err(Flaw::Audience),
        }
    }

    fn check_proof(&self, expected: &Expected<'_>) -> Result<(), Flaw> {
        let earliest = match expected.proved {
            Proved::AtAnyTime => return Ok(()),
            Proved::Within(age) => expected.now.minus(age),
            Proved::Since(begun) => begun,
        };
        let latest = expected.now.plus(expected.leeway);
        match self.authenticated_at {
            Some(at) if at >= earliest.minus(expected.leeway) && at <= latest => Ok(()),
            Some(_) | None => Err(Flaw::Stale),
        }
    }
}

/// Of a token that was made for this moment.
pub(crate) fn check_time(
    issued_at: Timestamp,
    expires_at: Timestamp,
    leeway: Duration,
    now: Timestamp,
) -> Result<(), Flaw> {
    let is_of_now = issued_at <= now.plus(leeway) && issued_at >= now.minus(LONGEST_AGE);
    match is_of_now && expires_at > now.minus(leeway) {
        true => Ok(()),
        false => Err(Flaw::Time),
    }
}

/// The provider's words that the operator counts as a second factor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondFactorWords {
    pub amr: Vec<String>,
    pub acr: Vec<String>,
}

impl SecondFactorWords {
    /// Whether the provider says that it saw one.
    pub fn are_in(&self, token: &IdToken) -> bool {
        let by_method = self.amr.iter().any(|word| token.amr.contains(word));
        by_method || self.acr.iter().any(|word| token.acr.as_ref() == Some(word))
    }
}

/// As a provider may make it (OpenID Connect Core 1.0, 2).
pub const LONGEST_SUBJECT: usize = 255;
/// A token comes straight from the provider: one that is older was kept by somebody.
const LONGEST_AGE: Duration = Duration::from_secs(10 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    fn token() -> IdToken {
        IdToken {
            issuer: "https://login.example".to_owned(),
            subject: "s-1".to_owned(),
            audience: vec!["conclave".to_owned()],
            authorised_party: None,
            issued_at: at(5_000),
            expires_at: at(5_300),
            authenticated_at: Some(at(4_000)),
            nonce: Some("n".to_owned()),
            acr: None,
            amr: vec!["pwd".to_owned()],
            session: None,
        }
    }

    fn judge(proved: Proved, change: fn(&mut IdToken)) -> Result<(), Flaw> {
        let mut token = token();
        change(&mut token);
        token.check(&Expected {
            issuer: "https://login.example",
            client: "conclave",
            nonce: "n",
            proved,
            leeway: Duration::from_secs(60),
            now: at(5_010),
        })
    }

    // Shows: ABUSE-13.
    #[test]
    fn a_token_that_is_not_for_this_moment_and_this_server_signs_nobody_in() {
        let any = Proved::AtAnyTime;
        for (change, flaw) in [
            (
                (|token| token.issuer.push('/')) as fn(&mut IdToken),
                Flaw::Issuer,
            ),
            (|token| token.audience = Vec::new(), Flaw::Audience),
            (
                |token| token.audience = vec!["other".to_owned()],
                Flaw::Audience,
            ),
            (
                |token| token.audience.push("other".to_owned()),
                Flaw::Audience,
            ),
            (
                |token| token.authorised_party = Some("other".to_owned()),
                Flaw::Audience,
            ),
            (|token| token.subject.clear(), Flaw::Subject),
            (|token| token.subject = "s".repeat(256), Flaw::Subject),
            (|token| token.nonce = None, Flaw::Nonce),
            (|token| token.nonce = Some("m".to_owned()), Flaw::Nonce),
            (|token| token.expires_at = at(4_950), Flaw::Time),
            (|token| token.issued_at = at(5_071), Flaw::Time),
            (|token| token.issued_at = at(4_409), Flaw::Time),
        ] {
            assert_eq!(judge(any, change), Err(flaw));
        }
        assert_eq!(judge(any, |_| {}), Ok(()));
        assert_eq!(judge(any, |token| token.expires_at = at(4_951)), Ok(()));
        let both = |token: &mut IdToken| {
            token.audience.push("other".to_owned());
            token.authorised_party = Some("conclave".to_owned());
        };
        assert_eq!(judge(any, both), Ok(()));
    }

    // Shows: ABUSE-13.
    #[test]
    fn what_was_proved_too_long_ago_is_not_proved() {
        let age = |seconds| Proved::Within(Duration::from_secs(seconds));

        assert_eq!(judge(age(950), |_| {}), Ok(()));
        assert_eq!(judge(age(949), |_| {}), Err(Flaw::Stale));
        assert_eq!(judge(Proved::Since(at(4_060)), |_| {}), Ok(()));
        assert_eq!(judge(Proved::Since(at(4_061)), |_| {}), Err(Flaw::Stale));
        assert_eq!(
            judge(age(950), |token| token.authenticated_at = None),
            Err(Flaw::Stale)
        );
        assert_eq!(
            judge(age(950), |token| token.authenticated_at = Some(at(9_000))),
            Err(Flaw::Stale)
        );
    }

    #[test]
    fn a_second_factor_counts_by_the_operators_words_alone() {
        let words = |amr: &[&str], acr: &[&str]| SecondFactorWords {
            amr: amr.iter().map(|word| (*word).to_owned()).collect(),
            acr: acr.iter().map(|word| (*word).to_owned()).collect(),
        };
        let mut token = token();
        token.amr.push("mfa".to_owned());
        token.acr = Some("high".to_owned());

        assert!(!words(&[], &[]).are_in(&token));
        assert!(words(&["mfa"], &[]).are_in(&token));
        assert!(words(&[], &["high"]).are_in(&token));
        assert!(!words(&["hwk"], &["higher"]).are_in(&token));
    }
}
