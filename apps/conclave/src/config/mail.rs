//! The mail server that this server hands its mail to.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Its name, as its certificate has it, or an address on loopback.
    pub server: String,
    #[serde(default = "submission")]
    pub port: u16,
    #[serde(default)]
    pub security: MailSecurity,
    /// Whom mail comes from, such as `Conclave <conclave@hospital.example>`.
    pub from: String,
    pub user: Option<String>,
    /// Holds the user's password, in one line.
    pub password_file: Option<PathBuf>,
    /// PEM: certificates that sign the mail server's, beside those that the system trusts.
    pub authority: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// Turns to TLS before anything is said, and says nothing where that fails.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// To a server on this machine only.
    None,
}

impl Mail {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if self.security == MailSecurity::None && !self.is_on_loopback() {
            return Err((
                "mail.security",
                "\"starttls\" or \"tls\", unless the mail server is on loopback",
            ));
        }
        if self.user.is_some() != self.password_file.is_some() {
            return Err(("mail.user", "set together with mail.password_file"));
        }
        if self.from.parse::<lettre::message::Mailbox>().is_err() {
            return Err(("mail.from", "an address such as Name <name@host.example>"));
        }
        Ok(())
    }

    fn is_on_loopback(&self) -> bool {
        let address: Option<IpAddr> = self.server.parse().ok();
        address.map_or(self.server == "localhost", |address| address.is_loopback())
    }
}

/// RFC 6409.
fn submission() -> u16 {
    587
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(more: &str) -> Option<&'static str> {
        let text = format!("from = \"Conclave <conclave@hospital.example>\"\n{more}");
        let mail: Mail = toml::from_str(&text).unwrap();
        mail.check().err().map(|(key, _)| key)
    }

    #[test]
    fn mail_crosses_a_network_with_tls_alone() {
        let plain = |server: &str| refusal(&format!("server = \"{server}\"\nsecurity = \"none\""));

        assert_eq!(plain("127.0.0.1"), None);
        assert_eq!(plain("localhost"), None);
        assert_eq!(plain("mail.hospital.example"), Some("mail.security"));
        assert_eq!(refusal("server = \"mail.hospital.example\""), None);
    }

    #[test]
    fn a_user_needs_a_password() {
        let user = "server = \"mail.hospital.example\"\nuser = \"conclave\"";

        assert_eq!(refusal(user), Some("mail.user"));
    }
}
