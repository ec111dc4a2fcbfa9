//! Passkeys: WebAuthn's ceremonies, whose state never leaves this server.

use std::net::IpAddr;

use conclave_protocol::Timestamp;
use conclave_protocol::factor::PasskeyCeremony;
use conclave_store::TokenHash;
use conclave_store::read::account::Account;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};

use crate::ceremonies::{Ceremonies, LIFETIME};
use crate::secret::{self, NoRandomness};

/// For the domain that people reach this server under.
pub(crate) struct Passkeys {
    webauthn: Webauthn,
    domain: String,
    additions: Ceremonies<Addition>,
    uses: Ceremonies<DiscoverableAuthentication>,
}

struct Addition {
    /// Who began it.
    session: TokenHash,
    state: PasskeyRegistration,
}

/// A passkey as it is kept.
pub(crate) struct Made {
    pub(crate) credential_id: Vec<u8>,
    pub(crate) credential: String,
}

/// Whatever is wrong with what a browser sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAccepted {
    /// Never begun, too long ago, or ended before.
    #[error("there is no such ceremony")]
    NoCeremony,
    #[error("the passkey's answer is not right")]
    Wrong,
    #[error("no ceremony could begin")]
    Broken,
}

impl From<NoRandomness> for NotAccepted {
    fn from(_: NoRandomness) -> Self {
        Self::Broken
    }
}

impl Passkeys {
    /// `None` where people reach the server by an address without a name, for which browsers make no passkeys.
    /// This very machine is `localhost`.
    pub(crate) fn at(origin: &str) -> Option<Self> {
        let origin = Url::parse(origin).ok()?;
        let (domain, origin, on_this_machine) = named(origin)?;
        let webauthn = WebauthnBuilder::new(&domain, &origin)
            .ok()?
            .rp_name("Conclave")
            .timeout(LIFETIME)
            .allow_any_port(on_this_machine)
            .build()
            .ok()?;
        Some(Self {
            webauthn,
            domain,
            additions: Ceremonies::default(),
            uses: Ceremonies::default(),
        })
    }

    /// WebAuthn's RP ID.
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    /// Of the account, which has these already.
    pub(crate) fn begin_addition(
        &self,
        account: &Account,
        kept: &[String],
        session: TokenHash,
        now: Timestamp,
        from: IpAddr,
    ) -> Result<PasskeyCeremony, NotAccepted> {
        let kept: Vec<CredentialID> = kept
            .iter()
            .filter_map(|text| read(text))
            .map(|passkey| passkey.cred_id().clone())
            .collect();
        let (options, state) = self
            .webauthn
            .start_passkey_registration(
                account.id.0,
                account.email.as_str(),
                account.display_name.as_str(),
                Some(kept),
            )
            .map_err(|_| NotAccepted::Broken)?;
        let mut options = inner(&options)?;
        // So that nobody types an address to sign in with it.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        let (ceremony, hash) = secret::fresh()?;
        let addition = Addition { session, state };
        self.additions.begin(hash, addition, now, from);
        Ok(PasskeyCeremony { ceremony, options })
    }

    pub(crate) fn end_addition(
        &self,
        ceremony: &str,
        credential: Value,
        session: TokenHash,
        now: Timestamp,
    ) -> Result<Made, NotAccepted> {
        let begun = self.additions.take(secret::hash(ceremony), now);
        let begun = begun
            .filter(|addition| addition.session == session)
            .ok_or(NotAccepted::NoCeremony)?;
        let credential: RegisterPublicKeyCredential =
            serde_json::from_value(credential).map_err(|_| NotAccepted::Wrong)?;
        let made = self
            .webauthn
            .finish_passkey_registration(&credential, &begun.state)
            .map_err(|_| NotAccepted::Wrong)?;
        Ok(Made {
            credential_id: made.cred_id().to_vec(),
            credential: serde_json::to_string(&made).map_err(|_| NotAccepted::Broken)?,
        })
    }

    /// Of whichever account: its holder chooses in the browser.
    pub(crate) fn begin_use(
        &self,
        now: Timestamp,
        from: IpAddr,
    ) -> Result<PasskeyCeremony, NotAccepted> {
        let begun = self.webauthn.start_discoverable_authentication();
        let (options, state) = begun.map_err(|_| NotAccepted::Broken)?;
        let options = inner(&options)?;
        let (ceremony, hash) = secret::fresh()?;
        self.uses.begin(hash, state, now, from);
        Ok(PasskeyCeremony { ceremony, options })
    }

    /// A use that has come back; the ceremony has ended, whatever comes of it.
    pub(crate) fn end_use(
        &self,
        ceremony: &str,
        credential: Value,
        now: Timestamp,
    ) -> Result<Use<'_>, NotAccepted> {
        let state = self.uses.take(secret::hash(ceremony), now);
        Ok(Use {
            passkeys: self,
            state: state.ok_or(NotAccepted::NoCeremony)?,
            credential: serde_json::from_value(credential).map_err(|_| NotAccepted::Wrong)?,
        })
    }
}

pub(crate) struct Use<'a> {
    passkeys: &'a Passkeys,
    state: DiscoverableAuthentication,
    credential: PublicKeyCredential,
}

impl Use<'_> {
    /// Whose it says it is, unchecked.
    pub(crate) fn credential_id(&self) -> &[u8] {
        self.credential.get_credential_id()
    }

    /// Checks challenge, origin, domain, user verification, signature and counter against the passkey that is
    /// kept of `account`. What is to be kept of it from then on.
    pub(crate) fn check(self, account: uuid::Uuid, kept: &str) -> Result<String, NotAccepted> {
        let mut passkey = read(kept).ok_or(NotAccepted::Broken)?;
        let webauthn = &self.passkeys.webauthn;
        let holder = webauthn.identify_discoverable_authentication(&self.credential);
        if holder.is_ok_and(|(holder, _)| holder != account) {
            return Err(NotAccepted::Wrong);
        }
        let result = webauthn
            .finish_discoverable_authentication_v2(&self.credential, self.state, &passkey)
            .map_err(|_| NotAccepted::Wrong)?;
        if !result.user_verified() {
            return Err(NotAccepted::Wrong);
        }
        passkey.update_credential(&result);
        serde_json::to_string(&passkey).map_err(|_| NotAccepted::Broken)
    }
}

fn read(kept: &str) -> Option<webauthn_rs::prelude::Passkey> {
    serde_json::from_str(kept).ok()
}

/// What the browser's own functions read (`parseCreationOptionsFromJSON`, `parseRequestOptionsFromJSON`).
fn inner(options: &impl serde::Serialize) -> Result<Value, NotAccepted> {
    let mut options = serde_json::to_value(options).map_err(|_| NotAccepted::Broken)?;
    Ok(options["publicKey"].take())
}

/// The domain, the origin under it, and whether that is this very machine.
fn named(mut origin: Url) -> Option<(String, Url, bool)> {
    if let Some(domain) = origin.domain().map(str::to_owned) {
        let on_this_machine = domain == LOCALHOST;
        return Some((domain, origin, on_this_machine));
    }
    let address: IpAddr = origin.host_str()?.trim_matches(['[', ']']).parse().ok()?;
    if !address.is_loopback() {
        return None;
    }
    origin.set_host(Some(LOCALHOST)).ok()?;
    Some((LOCALHOST.to_owned(), origin, true))
}

const LOCALHOST: &str = "localhost";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_names_and_for_this_machine() {
        let domain = |origin| Passkeys::at(origin).map(|passkeys| passkeys.domain);

        assert_eq!(
            domain("https://meet.example.org"),
            Some("meet.example.org".to_owned())
        );
        assert_eq!(
            domain("http://127.0.0.1:7880"),
            Some("localhost".to_owned())
        );
        assert_eq!(domain("http://[::1]:7880"), Some("localhost".to_owned()));
        assert_eq!(domain("https://192.0.2.7"), None);
        assert_eq!(domain("no address"), None);
    }
}
