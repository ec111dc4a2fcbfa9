//! A configuration by its hash: two starts that have the same were configured alike.

use conclave_audit::{Code, Hex};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::{ApiSecret, Config};

impl Config {
    /// SHA-256 over all settings in JSON, without secrets, in hexadecimal. What lies in files that it names is not in it.
    /// `None` where a path is no text.
    pub(crate) fn digest(&self) -> Option<Code> {
        let settings = serde_json::to_vec(self).ok()?;
        let hash = Hex::<32>(Sha256::digest(settings).into());
        Code::parse(&hash.to_string())
    }
}

/// Says that there is one.
impl Serialize for ApiSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Config)) -> Config {
        let mut config = Config::default();
        change(&mut config);
        config
    }

    fn digest(config: &Config) -> String {
        config.digest().unwrap().as_str().to_owned()
    }

    #[test]
    fn each_setting_counts() {
        let usual = digest(&Config::default());

        assert_eq!(usual.len(), 64);
        assert_eq!(digest(&Config::default()), usual);
        for other in [
            with(|config| config.dev = true),
            with(|config| config.limits.participants += 1),
            with(|config| config.policy.enter_by_link = !config.policy.enter_by_link),
            with(|config| config.complaints = Some("mailto:a@b.example".to_owned())),
        ] {
            assert_ne!(digest(&other), usual);
        }
    }

    #[test]
    fn nothing_is_known_of_a_secret_but_that_it_is_there() {
        let of = |secret: &str| {
            let secret = ApiSecret::new(secret.to_owned());
            with(|config| drop(config.api_keys.insert("ward".to_owned(), secret)))
        };
        let (one, other) = (of("one canary"), of("another"));

        assert_eq!(digest(&one), digest(&other));
        assert_ne!(digest(&one), digest(&Config::default()));
        assert!(!serde_json::to_string(&one).unwrap().contains("canary"));
    }
}
