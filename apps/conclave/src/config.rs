//! What an operator may set, read once from one TOML file into real types.

mod address;
mod anomalies;
mod digest;
mod duration;
mod evidence;
mod limits;
mod mail;
mod passwords;
mod secret;
pub(crate) mod single_sign_on;
mod syslog;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use conclave_policy::session::{DEFAULT_IDLE, SessionLimits};
use conclave_policy::sign_in_throttle::{
    self, DEFAULT_THRESHOLD, LEAST_THRESHOLD, LONGEST_LOCK, MOST_THRESHOLD,
};
use conclave_policy::time_out::TimeOuts;
use conclave_policy::tried_meetings::TOO_MANY;
use conclave_policy::wrong_codes::MISHEARD;
use conclave_protocol::policy::{Permitted, Setting};
use serde::{Deserialize, Serialize};

pub use address::{Network, PublicUrl};
pub use anomalies::Anomalies;
pub use evidence::Evidence;
pub use limits::Limits;
pub use mail::{Mail, MailSecurity};
pub use passwords::Passwords;
pub use secret::ApiSecret;
pub use single_sign_on::SingleSignOn;
pub use syslog::{Syslog, SyslogFormat};

/// The defaults with their explanations, as `conclave config` prints them.
pub const DEFAULTS: &str = include_str!("config/defaults.toml");

/// The whole configuration. `Default` is what [`DEFAULTS`] says.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
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
    /// The most that an organisation may permit its people.
    pub policy: Permitted,
    pub lockout: Lockout,
    pub passwords: Passwords,
    pub accounts: Accounts,
    /// None: whoever invites hands links over themselves.
    pub mail: Option<Mail>,
    /// None: people sign in with passwords and passkeys alone.
    pub single_sign_on: Option<SingleSignOn>,
    /// None: audit entries stay here.
    pub syslog: Option<Syslog>,
    pub evidence: Evidence,
    pub anomalies: Anomalies,
    /// Where complaints about privacy go: an address of mail or of a page, shown on every page.
    pub complaints: Option<String>,
    pub logging: Logging,
    /// Whether the organisation lets developers' programs open rooms.
    pub allow_api_keys: bool,
    /// Developers' keys for LiveKit's SDKs, by name.
    pub api_keys: BTreeMap<String, ApiSecret>,
    /// `--dev`: loopback only, with the key `devkey`.
    #[serde(skip_deserializing)]
    pub dev: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM, the server's own certificate first.
    pub certificate: PathBuf,
    /// PEM.
    pub key: PathBuf,
}

/// The listener for the operator's probes and figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Admin {
    pub listen: SocketAddr,
    /// Allows an address that other machines reach.
    pub allow_remote: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Media {
    /// UDP, and TCP for clients whose network lets no UDP through.
    pub port: u16,
    /// The addresses that clients reach this machine at. Empty: those that its default route leaves from.
    pub advertise: Vec<IpAddr>,
    /// Owner threads. 0: one per processor.
    pub threads: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Meetings {
    /// Refuses media that is not declared to be encrypted end to end. Developers' rooms are not concerned.
    pub require_end_to_end_encryption: bool,
    #[serde(deserialize_with = "duration::deserialize")]
    pub end_when_empty: Duration,
    #[serde(deserialize_with = "duration::deserialize")]
    pub end_without_host: Duration,
    #[serde(deserialize_with = "duration::deserialize")]
    pub longest: Duration,
    /// A shared screen whose presenter does nothing.
    #[serde(deserialize_with = "duration::deserialize")]
    pub stop_idle_share: Duration,
}

impl Meetings {
    /// The longest that a meeting may have, and what it has that asks for nothing else.
    pub fn time_outs(&self) -> TimeOuts {
        TimeOuts {
            empty: self.end_when_empty,
            host_absent: self.end_without_host,
            longest: self.longest,
            idle_share: self.stop_idle_share,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    /// Policy keeps it between 2 minutes and an hour, and every session under 12 hours.
    #[serde(deserialize_with = "duration::deserialize")]
    pub idle: Duration,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accounts {
    /// Whether strangers may ask for an account, which an administrator then approves. Needs mail.
    pub requests: bool,
}

/// Wrong passwords, codes and invitations, and what follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lockout {
    /// Wrong passwords of one account from one machine, before the first lock.
    pub threshold: u32,
    /// That locks of accounts grow to.
    #[serde(deserialize_with = "duration::deserialize")]
    pub longest: Duration,
    /// Wrong codes and invitations from one machine, before the first lock.
    pub codes: u32,
    /// Wrong invitations to one meeting, from several machines within ten minutes, after which strangers wait.
    pub door: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Logging {
    pub format: LogFormat,
    /// A filter such as `info` or `conclave=debug,info`.
    pub filter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        if !self.meetings.time_outs().are_sound() {
            return Err(ConfigError::OutOfRange {
                key: "each time in meetings",
                must: "2m to 7d",
            });
        }
        for (setting, key, must) in POLICY_NUMBERS {
            if !setting.takes(self.policy.value(setting)) {
                return Err(ConfigError::OutOfRange { key, must });
            }
        }
        self.check_lockout()?;
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
        self.check_mail()?;
        if let Some(provider) = &self.single_sign_on {
            let out_of_range = |(key, must)| ConfigError::OutOfRange { key, must };
            provider.check().map_err(out_of_range)?;
            if self.public_url.is_none() && !self.listen.ip().is_loopback() {
                let must = "set, because [single_sign_on] leads back to it";
                return Err(out_of_range(("public_url", must)));
            }
        }
        let collector = self.syslog.as_ref().map_or(Ok(()), Syslog::check);
        collector
            .and_then(|()| self.limits.check())
            .and_then(|()| self.passwords.check())
            .and_then(|()| self.evidence.check())
            .and_then(|()| self.anomalies.check())
            .and_then(|()| self.check_complaints())
            .map_err(|(key, must)| ConfigError::OutOfRange { key, must })
    }

    fn check_lockout(&self) -> Result<(), ConfigError> {
        let set = &self.lockout;
        if sign_in_throttle::Lockout::new(set.threshold, set.longest).is_none() {
            return Err(ConfigError::OutOfRange {
                key: "lockout",
                must: "a threshold of 3 to 100 and a longest lock of 1m to 24h",
            });
        }
        for (key, borne) in [("lockout.codes", set.codes), ("lockout.door", set.door)] {
            if !(LEAST_THRESHOLD..=MOST_THRESHOLD).contains(&borne) {
                return Err(ConfigError::OutOfRange {
                    key,
                    must: "3 to 100",
                });
            }
        }
        Ok(())
    }

    /// What is mailed leads to an address that people reach.
    fn check_mail(&self) -> Result<(), ConfigError> {
        let out_of_range = |(key, must)| ConfigError::OutOfRange { key, must };
        if let Some(mail) = &self.mail {
            mail.check().map_err(out_of_range)?;
            if self.public_url.is_none() && !self.listen.ip().is_loopback() {
                let must = "set, because [mail] sends links to it";
                return Err(out_of_range(("public_url", must)));
            }
        }
        if self.accounts.requests && self.mail.is_none() {
            let must = "false without [mail]";
            return Err(out_of_range(("accounts.requests", must)));
        }
        Ok(())
    }

    /// A link that browsers follow without running anything.
    fn check_complaints(&self) -> Result<(), (&'static str, &'static str)> {
        let fits = |text: &String| {
            let leads = ["https://", "mailto:"]
                .iter()
                .any(|start| text.starts_with(start));
            leads && text.len() <= 512 && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        };
        match self.complaints.as_ref().is_none_or(fits) {
            true => Ok(()),
            false => Err((
                "complaints",
                "an address that begins with https:// or mailto:",
            )),
        }
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
            policy: Permitted::default(),
            lockout: Lockout::default(),
            passwords: Passwords::default(),
            accounts: Accounts::default(),
            mail: None,
            single_sign_on: None,
            syslog: None,
            evidence: Evidence::default(),
            anomalies: Anomalies::default(),
            complaints: None,
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
        let TimeOuts {
            empty,
            host_absent,
            longest,
            idle_share,
        } = TimeOuts::default();
        Self {
            require_end_to_end_encryption: true,
            end_when_empty: empty,
            end_without_host: host_absent,
            longest,
            stop_idle_share: idle_share,
        }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle: DEFAULT_IDLE }
    }
}

impl Default for Lockout {
    fn default() -> Self {
        Self {
            threshold: DEFAULT_THRESHOLD,
            longest: LONGEST_LOCK,
            codes: MISHEARD,
            door: TOO_MANY,
        }
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

/// Settings of policy that are numbers, each with its range.
const POLICY_NUMBERS: [(Setting, &str, &str); 4] = [
    (Setting::IdleMinutes, "policy.idle_minutes", "2 to 60"),
    (
        Setting::SupportIdleMinutes,
        "policy.support_idle_minutes",
        "2 to 60",
    ),
    (
        Setting::SupportFileMebibytes,
        "policy.support_file_mebibytes",
        "1 to 100",
    ),
    (
        Setting::SupportFileCount,
        "policy.support_file_count",
        "1 to 20",
    ),
];

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
            "policy",
            "lockout",
            "passwords",
            "accounts",
            "mail",
            "single_sign_on",
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
    fn policy_waits_for_nobody_less_than_two_minutes_or_more_than_an_hour() {
        for key in ["idle_minutes", "support_idle_minutes"] {
            for (minutes, is_sound) in [(1, false), (2, true), (60, true), (61, false)] {
                let text = format!("[policy]\n{key} = {minutes}\n");
                let config = Config::parse(&text).unwrap_or_default();
                assert_eq!(config.check().is_ok(), is_sound, "{text}");
            }
        }
    }

    #[test]
    fn policy_lets_no_larger_and_no_more_files_pass_than_the_most() {
        for (key, most) in [("support_file_mebibytes", 100), ("support_file_count", 20)] {
            for (number, is_sound) in [(0, false), (1, true), (most, true), (most + 1, false)] {
                let text = format!("[policy]\n{key} = {number}\n");
                let config = Config::parse(&text).unwrap();
                assert_eq!(config.check().is_ok(), is_sound, "{text}");
            }
        }
    }

    #[test]
    fn wrong_passwords_codes_and_invitations_are_borne_three_to_a_hundred_times() {
        for key in ["threshold", "codes", "door"] {
            for (borne, is_sound) in [(2, false), (3, true), (100, true), (101, false)] {
                let text = format!("[lockout]\n{key} = {borne}\n");
                let config = Config::parse(&text).unwrap();
                assert_eq!(config.check().is_ok(), is_sound, "{text}");
            }
        }
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
