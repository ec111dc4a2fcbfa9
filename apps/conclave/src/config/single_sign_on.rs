//! The identity provider that people may sign in by.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::duration;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SingleSignOn {
    /// As the provider spells it (OpenID Connect Discovery 1.0, 3).
    pub issuer: String,
    /// What people call it: it stands on a button.
    pub name: String,
    pub client_id: String,
    /// Holds the secret that the provider gave us, in one line.
    pub client_secret_file: PathBuf,
    /// PEM: certificates that sign the provider's, beside those that the system trusts.
    pub authority: Option<PathBuf>,
    /// Methods that count as a second factor (RFC 8176); none count of themselves.
    #[serde(default)]
    pub second_factor_amr: Vec<String>,
    /// Contexts that do so. The provider is asked for them.
    #[serde(default)]
    pub second_factor_acr: Vec<String>,
    /// Whom the organisation's directory (SCIM) brought, with the provider's subject as their external id, signs in by it without
    /// having connected.
    #[serde(default)]
    pub subject_is_external_id: bool,
    /// The longest time since somebody proved to the provider who they are.
    #[serde(default, deserialize_with = "duration::deserialize_option")]
    pub max_age: Option<Duration>,
    /// The difference between its clock and ours.
    #[serde(default = "a_minute", deserialize_with = "duration::deserialize")]
    pub clock_leeway: Duration,
    /// Until it has answered.
    #[serde(default = "five_seconds", deserialize_with = "duration::deserialize")]
    pub answer_time: Duration,
}

impl SingleSignOn {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let url = Url::parse(&self.issuer)
            .ok()
            .filter(|_| self.issuer.len() <= LONGEST_ISSUER);
        if !url.as_ref().is_some_and(is_safe) {
            let must = "https://…, without user, query or fragment; http on loopback only";
            return Err(("single_sign_on.issuer", must));
        }
        if !(1..=LONGEST_NAME).contains(&self.name.chars().count()) {
            return Err(("single_sign_on.name", "1 to 40 characters"));
        }
        if self.client_id.is_empty() {
            return Err(("single_sign_on.client_id", "set"));
        }
        if self.clock_leeway > LONGEST_LEEWAY {
            return Err(("single_sign_on.clock_leeway", "at most 5m"));
        }
        if self.answer_time > LONGEST_ANSWER {
            return Err(("single_sign_on.answer_time", "1s to 10s"));
        }
        Ok(())
    }
}

/// Whether what goes there is read by nobody in between: TLS, or this very machine.
pub(crate) fn is_safe(url: &Url) -> bool {
    let plain = url.username().is_empty() && url.password().is_none();
    let bare = url.fragment().is_none();
    let way = match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(url),
        _ => false,
    };
    plain && bare && way
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn a_minute() -> Duration {
    Duration::from_secs(60)
}

fn five_seconds() -> Duration {
    Duration::from_secs(5)
}

/// The database keeps it with each identity.
const LONGEST_ISSUER: usize = 512;
/// It stands on a button.
const LONGEST_NAME: usize = 40;
/// Machines that keep time at all are closer.
const LONGEST_LEEWAY: Duration = Duration::from_secs(5 * 60);
/// A request waits for it, and for another answer after it.
const LONGEST_ANSWER: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(issuer: &str, more: &str) -> Option<&'static str> {
        let text = format!(
            "issuer = \"{issuer}\"\nname = \"Riverside\"\nclient_id = \"conclave\"\n\
             client_secret_file = \"secret\"\n{more}"
        );
        let provider: SingleSignOn = toml::from_str(&text).unwrap();
        provider.check().err().map(|(key, _)| key)
    }

    #[test]
    fn a_provider_is_reached_with_tls_or_on_this_machine() {
        let wrong = Some("single_sign_on.issuer");
        for (issuer, refused) in [
            ("https://login.hospital.example/realm", None),
            ("http://127.0.0.1:9000", None),
            ("http://localhost:9000", None),
            ("http://login.hospital.example", wrong),
            ("https://user@login.hospital.example", wrong),
            ("https://login.hospital.example/#x", wrong),
            ("file:///etc/passwd", wrong),
            ("login.hospital.example", wrong),
        ] {
            assert_eq!(refusal(issuer, ""), refused, "{issuer}");
        }
    }

    #[test]
    fn what_is_waited_for_and_forgiven_is_bounded() {
        let issuer = "https://login.hospital.example";

        assert_eq!(refusal(issuer, "max_age = \"8h\""), None);
        assert_eq!(
            refusal(issuer, "clock_leeway = \"6m\""),
            Some("single_sign_on.clock_leeway")
        );
        assert_eq!(
            refusal(issuer, "answer_time = \"11s\""),
            Some("single_sign_on.answer_time")
        );
    }
}
