//! The link that invites to a meeting: its secret stays on the devices of those who are invited.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_protocol::meeting::MeetingCode;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Has no printable form but the link.
#[derive(Clone)]
pub struct Invitation {
    pub code: MeetingCode,
    pub secret: Zeroizing<[u8; 32]>,
    /// The Ed25519 key of the host's account; absent in the old form of the link.
    pub host_key: Option<[u8; 32]>,
}

/// Half a link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the link of an invitation")]
pub struct NoInvitation;

impl Invitation {
    /// Reads `https://origin/j/<code>#<secret>[.<host key>]`.
    pub fn parse(link: &str) -> Result<Self, NoInvitation> {
        let (address, fragment) = link.split_once('#').ok_or(NoInvitation)?;
        let (_, code) = address.rsplit_once('/').ok_or(NoInvitation)?;
        Self::of(MeetingCode::parse(code).ok_or(NoInvitation)?, fragment)
    }

    /// `fragment`: `<secret>[.<host key>]`.
    pub fn of(code: MeetingCode, fragment: &str) -> Result<Self, NoInvitation> {
        let (secret, host_key) = match fragment.split_once('.') {
            Some((secret, host_key)) => (secret, Some(key(host_key)?)),
            None => (fragment, None),
        };
        Ok(Self {
            code,
            secret: Zeroizing::new(key(secret)?),
            host_key,
        })
    }

    /// `origin` has no slash at its end.
    #[must_use]
    pub fn link(&self, origin: &str) -> String {
        let secret = URL_SAFE_NO_PAD.encode(*self.secret);
        let host_key = self.host_key.map(|key| URL_SAFE_NO_PAD.encode(key));
        let host_key = host_key.map_or(String::new(), |key| format!(".{key}"));
        format!("{origin}/j/{}#{secret}{host_key}", self.code)
    }

    /// What shows the server that one holds the link; see [`proof`].
    pub(crate) fn proof(&self) -> String {
        URL_SAFE_NO_PAD.encode(*proof(&self.secret))
    }
}

/// What the server keeps of an invitation with this secret, to know it by: `invitation_verifier` of
/// `conclave_protocol::meeting::CreateMeeting`.
#[must_use]
pub fn verifier(secret: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(*proof(secret)))
}

/// 32 bytes that the secret can't be told from.
fn proof(secret: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let mut proof = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, secret)
        .expand(b"conclave/v1/invitation-proof", proof.as_mut_slice())
        .expect("32 bytes are one block of SHA-256");
    proof
}

fn key(text: &str) -> Result<[u8; 32], NoInvitation> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NoInvitation)?;
    bytes.try_into().map_err(|_| NoInvitation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(host_key: Option<[u8; 32]>) -> Invitation {
        Invitation {
            code: MeetingCode::from_number(123_456_789).unwrap(),
            secret: Zeroizing::new([7; 32]),
            host_key,
        }
    }

    #[test]
    fn a_link_is_read_back_with_and_without_a_host() {
        for host_key in [None, Some([9; 32])] {
            let link = invitation(host_key).link("https://meet.example");
            let read = Invitation::parse(&link).unwrap();
            assert_eq!(read.host_key, host_key);
            assert_eq!((read.code, *read.secret), (invitation(None).code, [7; 32]));
        }
    }

    #[test]
    fn a_damaged_link_is_none() {
        let link = invitation(Some([9; 32])).link("https://meet.example");
        for length in 0..link.len() {
            let whole_without_host = length == link.len() - 44;
            let read = Invitation::parse(&link[..length]).is_ok();
            assert_eq!(read, whole_without_host, "{length}");
        }
    }

    /// As the browser application derives it: HKDF's and SHA-256's own vectors are their libraries' affair.
    #[test]
    fn the_verifier_is_of_the_proof_and_not_of_the_secret() {
        let shown = URL_SAFE_NO_PAD.decode(invitation(None).proof()).unwrap();
        assert_eq!(
            verifier(&[7; 32]),
            URL_SAFE_NO_PAD.encode(Sha256::digest(&shown))
        );
        assert_ne!(shown, [7; 32]);
    }
}
