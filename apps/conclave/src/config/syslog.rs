//! The collector that this server sends its audit entries to.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Syslog {
    /// Its name, as its certificate has it.
    pub server: String,
    #[serde(default = "syslog_tls")]
    pub port: u16,
    #[serde(default)]
    pub format: SyslogFormat,
    /// PEM: certificates that sign the collector's, beside those that the system trusts.
    pub authority: Option<PathBuf>,
    /// PEM: who this server is, for a collector that asks.
    pub certificate: Option<PathBuf>,
    /// PEM: of the certificate.
    pub key: Option<PathBuf>,
}

/// How an entry is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyslogFormat {
    /// Its canonical JSON.
    #[default]
    Json,
    /// ArcSight's Common Event Format.
    Cef,
}

impl Syslog {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if self.server.is_empty() {
            return Err(("syslog.server", "set"));
        }
        if self.certificate.is_some() != self.key.is_some() {
            return Err(("syslog.certificate", "set together with syslog.key"));
        }
        Ok(())
    }
}

/// RFC 5425, 4.1.
fn syslog_tls() -> u16 {
    6514
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_we_are_needs_a_key() {
        let check = |more: &str| {
            let text = format!("server = \"collector.hospital.example\"\n{more}");
            toml::from_str::<Syslog>(&text).unwrap().check()
        };

        assert_eq!(check(""), Ok(()));
        assert!(check("certificate = \"us.pem\"").is_err());
        assert_eq!(check("certificate = \"us.pem\"\nkey = \"us.key\""), Ok(()));
    }
}
