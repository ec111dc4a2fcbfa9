//! What an operator may set, read once from one TOML file into real types.

mod address;
mod duration;
mod limits;
mod passwords;
mod secret;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use conclave_policy::session::{DEFAULT_IDLE, SessionLimits};
use serde::Deserialize;

pub use address::{Network, PublicUrl};
pub use limits::Limits;
pub use passwords::Passwords;
pub use secret::ApiSecret;

/// The defaults with their explanations, as `conclave config` prints them.
pub const DEFAULTS: &str = include_str!("config/defaults.toml");

/// The whole configuration. `Default` is what [`DEFAULTS`] says.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub listen: SocketAddr,
    pub public_url: Option<PublicUrl>,
    pub data_dir: PathBuf,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    pub tls: Option<Tls>,
    pub admin: Admin,
    pub media: Media,
    pub meetings: Meetings,
    pub limits: Limits,
    pub sessions: Sessions,
    pub passwords: Passwords,
    pub logging: Logging,
    /// Whether the organisation lets developers' programs open rooms.
    pub allow_api_keys: bool,
    /// Developers' keys for LiveKit's SDKs, by name.
    pub api_keys: BTreeMap<String, ApiSecret>,
    /// `--dev`: loopback only, with the key `devkey`.
    #[serde(skip)]
    pub dev: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM, the server's own certificate first.
    pub certificate: PathBuf,
    /// PEM.
    pub key: PathBuf,
}

/// The listener for the operator's probes and figures.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Admin {
    pub listen: SocketAddr,
    /// Allows an address that other machines reach.
    pub allow_remote: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Media {
    /// UDP, and TCP for clients whose network lets no UDP through.
    pub port: u16,
    /// The addresses that clients reach this machine at. Empty: those of its interfaces.
    pub advertise: Vec<IpAddr>,
    /// Owner threads. 0: one per processor.
    pub threads: usize,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Meetings {
    /// Refuses media that is not declared to be encrypted end to end. Developers' rooms are not concerned.
    pub require_end_to_end_encryption: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    /// Policy keeps it between 2 minutes and an hour, and every session under 12 hours.
    #[serde(deserialize_with = "duration::deserialize")]
    pub idle: Duration,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Logging {
    pub format: LogFormat,
    /// A filter such as `info` or `conclave=debug,info`.
    pub filter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

/// Why a configuration can't be used; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("could not read the configuration file {}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the configuration file {} is not valid: {reason}", path.display())]
    Invalid { path: PathBuf, reason: String },
    #[error("{0} can be reached by other machines, so it needs [tls] with a certificate and a key")]
    NeedsTls(SocketAddr),
    #[error("--dev listens on loopback only, not on {0}")]
    DevNotOnLoopback(SocketAddr),
    #[error(
        "the admin listener {0} can be reached by other machines; set admin.allow_remote = true if that is meant"
    )]
    AdminNotOnLoopback(SocketAddr),
    #[error(
        "there are keys in [api_keys]; set allow_api_keys = true if the organisation allows them"
    )]
    ApiKeysNotAllowed,
    #[error("{key} must be {must}")]
    OutOfRange {
        key: &'static str,
        must: &'static str,
    },
}

impl Config {
    /// Reads the file; checks nothing that the command line may yet change.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text).map_err(|reason| ConfigError::Invalid {
            path: path.to_owned(),
            reason,
        })
    }

    fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.matches('\n').count() + 1);
            format!("line {line}: {}", error.message().replace('\n', " "))
        })
    }

    /// Refuses what must not be served.
    pub fn check(&self) -> Result<(), ConfigError> {
        let Self { listen, admin, .. } = self;
        if self.dev && !listen.ip().is_loopback() {
            return Err(ConfigError::DevNotOnLoopback(*listen));
        }
        if self.tls.is_none() && !listen.ip().is_loopback() {
            return Err(ConfigError::NeedsTls(*listen));
        }
        if !admin.listen.ip().is_loopback() {
            if !admin.allow_remote {
                return Err(ConfigError::AdminNotOnLoopback(admin.listen));
            }
            if self.tls.is_none() {
                return Err(ConfigError::NeedsTls(admin.listen));
            }
        }
        if SessionLimits::with_idle(self.sessions.idle).is_none() {
            return Err(ConfigError::OutOfRange {
                key: "sessions.idle",
                must: "2m to 60m",
            });
        }
        if !self.allow_api_keys && !self.api_keys.is_empty() {
            return Err(ConfigError::ApiKeysNotAllowed);
        }
        if self.api_keys.values().any(ApiSecret::is_short) {
            return Err(ConfigError::OutOfRange {
                key: "each secret in api_keys",
                must: "at least 32 characters long",
            });
        }
        if self.media.threads > MOST_MEDIA_THREADS {
            return Err(ConfigError::OutOfRange {
                key: "media.threads",
                must: "0 to 1024",
            });
        }
        self.limits
            .check()
            .and_then(|()| self.passwords.check())
            .map_err(|(key, must)| ConfigError::OutOfRange { key, must })
    }

    /// The developer keys that tokens may be signed with, once the installation has an owner.
    pub fn developer_keys(&self) -> BTreeMap<String, ApiSecret> {
        let mut keys = self.api_keys.clone();
        if self.dev {
            keys.insert("devkey".to_owned(), ApiSecret::new("secret".to_owned()));
        }
        keys
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: loopback(7880),
            public_url: None,
            data_dir: PathBuf::from("conclave-data"),
            trusted_proxies: Vec::new(),
            tls: None,
            admin: Admin::default(),
            media: Media::default(),
            meetings: Meetings::default(),
            limits: Limits::default(),
            sessions: Sessions::default(),
            passwords: Passwords::default(),
            logging: Logging::default(),
            allow_api_keys: false,
            api_keys: BTreeMap::new(),
            dev: false,
        }
    }
}

impl Default for Admin {
    fn default() -> Self {
        Self {
            listen: loopback(7883),
            allow_remote: false,
        }
    }
}

impl Default for Media {
    fn default() -> Self {
        Self {
            port: 7882,
            advertise: Vec::new(),
            threads: 0,
        }
    }
}

impl Default for Meetings {
    fn default() -> Self {
        Self {
            require_end_to_end_encryption: true,
        }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle: DEFAULT_IDLE }
    }
}

impl Default for Logging {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            filter: "info".to_owned(),
        }
    }
}

/// More than any machine has processors for.
const MOST_MEDIA_THREADS: usize = 1_024;

const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_defaults_are_the_defaults() {
        assert!(Config::parse(DEFAULTS).is_ok_and(|printed| printed == Config::default()));
    }

    #[test]
    fn every_key_is_explained() {
        for table in [
            "",
            "tls",
            "admin",
            "media",
            "meetings",
            "limits",
            "sessions",
            "passwords",
            "logging",
        ] {
            for key in keys(table) {
                let lines = DEFAULTS.lines().map(|line| line.trim_start_matches("# "));
                let explained = lines
                    .clone()
                    .any(|line| line.starts_with(&format!("{key} =")))
                    || lines.clone().any(|line| line == format!("[{key}]"));
                assert!(explained, "[{table}] {key}");
            }
        }
    }

    /// The keys of a table, in the words of the refusal of another.
    fn keys(table: &str) -> Vec<String> {
        let text = match table {
            "" => "no-key = 1".to_owned(),
            table => format!("[{table}]\nno-key = 1"),
        };
        let refusal = Config::parse(&text).err().unwrap();
        let (_, known) = refusal.split_once("expected ").unwrap();
        known
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let refusal = Config::parse("listen = \"127.0.0.1:1\"\nlisten_port = 3\n").err();

        assert!(
            refusal.is_some_and(|text| text.starts_with("line 2: unknown field `listen_port`"))
        );
    }

    #[test]
    fn an_address_that_others_reach_needs_tls() {
        let config = Config {
            listen: "0.0.0.0:7880".parse().unwrap(),
            ..Config::default()
        };

        assert!(matches!(config.check(), Err(ConfigError::NeedsTls(_))));
    }

    #[test]
    fn the_operators_listener_is_reached_by_others_on_purpose_and_with_tls_alone() {
        let refusal = |more: &str| {
            let text = format!("[admin]\nlisten = \"192.0.2.1:7883\"\n{more}");
            let config = Config::parse(&text).unwrap_or_default();
            config.check().err()
        };
        let tls = "allow_remote = true\n[tls]\ncertificate = \"c\"\nkey = \"k\"\n";

        assert!(matches!(
            refusal(""),
            Some(ConfigError::AdminNotOnLoopback(_))
        ));
        assert!(matches!(
            refusal("allow_remote = true\n"),
            Some(ConfigError::NeedsTls(_))
        ));
        assert!(refusal(tls).is_none());
    }

    #[test]
    fn developers_keys_are_allowed_on_purpose_alone() {
        let keys = format!("[api_keys]\nward = \"{}\"\n", "x".repeat(32));
        let refusal = |text: &str| {
            let config = Config::parse(text).unwrap_or_default();
            config.check().err()
        };

        assert!(matches!(
            refusal(&keys),
            Some(ConfigError::ApiKeysNotAllowed)
        ));
        assert!(refusal(&format!("allow_api_keys = true\n{keys}")).is_none());
    }

    #[test]
    fn a_development_server_stays_on_loopback() {
        let config =
            Config::parse("listen = \"192.0.2.1:7880\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"\n");
        let config = Config {
            dev: true,
            ..config.unwrap_or_default()
        };

        assert!(matches!(
            config.check(),
            Err(ConfigError::DevNotOnLoopback(_))
        ));
    }
}
