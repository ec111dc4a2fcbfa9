//! Who a leaf belongs to: the identity in its credential.

use openmls::credentials::{BasicCredential, Credential};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::SignatureScheme;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};

use crate::provider::Crypto;

/// Sixteen bytes of a UUID: one person in one meeting, and the identity on LiveKit's wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ParticipantId(pub [u8; 16]);

/// Sixteen bytes of a UUID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountId(pub [u8; 16]);

/// What a member says of itself. Has no printable form: it names a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    pub participant: ParticipantId,
    /// 1 to 64 characters.
    pub display_name: String,
    pub standing: Standing,
}

#[derive(Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody vouches for the name.
    Guest,
    Account {
        account: AccountId,
        certificate: DeviceCertificate,
    },
}

/// The account's own key says that a device's signature key is its.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceCertificate {
    /// Ed25519. Whether it is the account's is for the append-only list of its devices.
    pub account_key: [u8; 32],
    /// Of `"conclave device 1" || device signature key || account id`.
    pub signature: [u8; 64],
}

/// The credential names nobody, or its certificate is false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("names nobody")]
pub struct Nobody;

impl Identity {
    /// Whether others take the name.
    pub(crate) fn is_honest(&self) -> bool {
        is_honest(&self.display_name)
    }

    pub(crate) fn credential(&self) -> Credential {
        BasicCredential::new(self.encode()).into()
    }

    /// Reads the credential of a leaf that was judged when it came in.
    pub(crate) fn read(credential: &Credential) -> Result<Self, Nobody> {
        let basic = BasicCredential::try_from(credential.clone()).map_err(|_| Nobody)?;
        Self::decode(basic.identity())
    }

    /// Reads a leaf's credential, and checks a certificate against the leaf's signature key.
    pub(crate) fn judge(credential: &Credential, signature_key: &[u8]) -> Result<Self, Nobody> {
        let identity = Self::read(credential)?;
        if let Standing::Account {
            account,
            certificate,
        } = &identity.standing
        {
            certificate.check(*account, signature_key)?;
        }
        Ok(identity)
    }

    /// What stands in a credential: see [`Self::encode`]. A certificate is not checked.
    pub fn decode(bytes: &[u8]) -> Result<Self, Nobody> {
        let (head, rest) = Head::tls_deserialize_bytes(bytes).map_err(|_| Nobody)?;
        let standing = match head.kind {
            GUEST if rest.is_empty() => Standing::Guest,
            ACCOUNT => Tail::tls_deserialize_exact_bytes(rest)
                .map_err(|_| Nobody)?
                .into(),
            _ => return Err(Nobody),
        };
        let display_name = String::from_utf8(head.display_name.into()).map_err(|_| Nobody)?;
        is_honest(&display_name).then_some(()).ok_or(Nobody)?;
        Ok(Self {
            participant: ParticipantId(head.participant),
            display_name,
            standing,
        })
    }

    /// Participant id, kind, name with its length; for an account its id, its key and the certificate's signature.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let head = Head {
            participant: self.participant.0,
            kind: match self.standing {
                Standing::Guest => GUEST,
                Standing::Account { .. } => ACCOUNT,
            },
            display_name: self.display_name.as_bytes().into(),
        };
        let mut bytes = head.tls_serialize_detached().expect(BOUNDED);
        if let Standing::Account {
            account,
            certificate,
        } = &self.standing
        {
            let tail = Tail {
                account: account.0,
                account_key: certificate.account_key,
                signature: certificate.signature,
            };
            bytes.extend(tail.tls_serialize_detached().expect(BOUNDED));
        }
        bytes
    }
}

impl DeviceCertificate {
    /// What the account's key signs, for a device's signature key.
    #[must_use]
    pub fn content(account: AccountId, device_key: &[u8]) -> Vec<u8> {
        [b"conclave device 1".as_slice(), device_key, &account.0].concat()
    }

    fn check(&self, account: AccountId, device_key: &[u8]) -> Result<(), Nobody> {
        Crypto::default()
            .verify_signature(
                SignatureScheme::ED25519,
                &Self::content(account, device_key),
                &self.account_key,
                &self.signature,
            )
            .map_err(|_| Nobody)
    }
}

impl From<Tail> for Standing {
    fn from(tail: Tail) -> Self {
        Self::Account {
            account: AccountId(tail.account),
            certificate: DeviceCertificate {
                account_key: tail.account_key,
                signature: tail.signature,
            },
        }
    }
}

/// Trimmed, 1 to 64 characters, none that hides, breaks or reorders others: a member's client is not bound to the
/// server's rules for names.
pub(crate) fn is_honest(name: &str) -> bool {
    name.trim() == name
        && (1..=MOST_NAME_CHARACTERS).contains(&name.chars().count())
        && !name.chars().any(|c| c.is_control() || disguises(c))
        && !has_stray_selector(name)
}

/// Line and paragraph separators, bidirectional formatting (UAX 9, section 2), and what is drawn as nothing (UAX 44,
/// Default_Ignorable_Code_Point); but for variation selectors, which emoji and ideographs have.
fn disguises(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// Variation selectors belong to the character before them, those of ideographs (UTS 37), which Japanese names have, to an
/// ideograph. One that stands by itself is drawn as nothing.
fn has_stray_selector(name: &str) -> bool {
    let before = std::iter::once(None).chain(name.chars().map(Some));
    before
        .zip(name.chars())
        .any(|(before, c)| is_stray(before, c))
}

fn is_stray(before: Option<char>, c: char) -> bool {
    match c {
        '\u{fe00}'..='\u{fe0f}' => {
            before.is_none_or(|before| before.is_whitespace() || is_selector(before))
        }
        '\u{e0100}'..='\u{e01ef}' => before.is_none_or(|before| !is_ideograph(before)),
        _ => false,
    }
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// CJK unified ideographs (UAX 44, Unified_Ideograph), and those that their blocks have room for.
fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{fa0e}'..='\u{fa0f}' | '\u{fa11}' | '\u{fa13}'..='\u{fa14}'
        | '\u{fa1f}' | '\u{fa21}' | '\u{fa23}'..='\u{fa24}' | '\u{fa27}'..='\u{fa29}' | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2ee5f}' | '\u{30000}'..='\u{3347f}')
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Head {
    participant: [u8; 16],
    kind: u8,
    display_name: VLBytes,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Tail {
    account: [u8; 16],
    account_key: [u8; 32],
    signature: [u8; 64],
}

const GUEST: u8 = 0;
const ACCOUNT: u8 = 1;
const MOST_NAME_CHARACTERS: usize = 64;
const BOUNDED: &str = "fixed fields and a short name are within the codec's bounds";
