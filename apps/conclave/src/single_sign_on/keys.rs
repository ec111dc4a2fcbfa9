//! The keys that a provider signs by, and what they vouch for (RFC 7515, 7517).
//!
//! The algorithm is the key's and ours, never the token's alone: a token that names another than its key is for is
//! no token, whatever its signature.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::de::DeserializeOwned;

#[derive(Default)]
pub(super) struct Keys {
    keys: Vec<Jwk>,
}

/// Why a token's claims are nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotSigned {
    #[error("it is no token")]
    Malformed,
    #[error("the algorithm is not one that signs here")]
    Algorithm,
    #[error("the provider has no such key")]
    Key,
    #[error("the signature is wrong")]
    Signature,
}

impl NotSigned {
    /// For the audit log.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed_token",
            Self::Algorithm => "wrong_algorithm",
            Self::Key => "unknown_key",
            Self::Signature => "wrong_signature",
        }
    }
}

impl Keys {
    pub(super) fn new(keys: Vec<Jwk>) -> Self {
        Self { keys }
    }

    pub(super) fn have(&self, name: &str) -> bool {
        self.keys.iter().any(|key| is_named(key, name))
    }

    /// The claims, if a key of the provider's that is for them has signed them.
    pub(super) fn claims<T: DeserializeOwned>(
        &self,
        token: &str,
        header: &Header,
    ) -> Result<T, NotSigned> {
        let key = self.find(header)?;
        let key = DecodingKey::from_jwk(key).map_err(|_| NotSigned::Key)?;
        let data = jsonwebtoken::decode(token, &key, &signature_only(header.alg));
        data.map(|data| data.claims)
            .map_err(|error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::InvalidSignature => NotSigned::Signature,
                _ => NotSigned::Malformed,
            })
    }

    /// A token that names no key is signed by the only one that can be meant.
    fn find(&self, header: &Header) -> Result<&Jwk, NotSigned> {
        let fits = |key: &&Jwk| is_for(key, header.alg);
        let mut named = self.keys.iter().filter(fits).filter(|key| {
            let name = header.kid.as_deref();
            name.is_none_or(|name| is_named(key, name))
        });
        match (named.next(), named.next()) {
            (Some(key), None) => Ok(key),
            _ => Err(NotSigned::Key),
        }
    }
}

/// Reads what a token says of itself, which proves nothing.
pub(super) fn header(token: &str) -> Result<Header, NotSigned> {
    if token.len() > LONGEST_TOKEN {
        return Err(NotSigned::Malformed);
    }
    let header = jsonwebtoken::decode_header(token);
    // An algorithm that the library has no word for, as "none", is such a case too.
    header.map_err(|_| NotSigned::Algorithm)
}

fn is_named(key: &Jwk, name: &str) -> bool {
    key.common.key_id.as_deref() == Some(name)
}

fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    let kind = match &key.algorithm {
        AlgorithmParameters::RSA(_) => matches!(algorithm, Algorithm::RS256 | Algorithm::PS256),
        AlgorithmParameters::EllipticCurve(key) => {
            key.curve == EllipticCurve::P256 && algorithm == Algorithm::ES256
        }
        AlgorithmParameters::OctetKeyPair(key) => {
            key.curve == EllipticCurve::Ed25519 && algorithm == Algorithm::EdDSA
        }
        _ => false,
    };
    let signs = match &key.common.public_key_use {
        Some(meant) => *meant == PublicKeyUse::Signature,
        None => true,
    };
    let named = key.common.key_algorithm.map(|meant| meant.to_string());
    kind && signs && named.is_none_or(|meant| meant == format!("{algorithm:?}"))
}

/// Whose, for whom and when is policy's to judge, by this server's clock.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

/// In bytes: groups and pictures that some providers put in fit.
const LONGEST_TOKEN: usize = 16 * 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Jwk {
        serde_json::from_str(text).unwrap()
    }

    // Shows: ABUSE-13.
    #[test]
    fn a_key_is_for_its_own_algorithm() {
        let rsa = key(r#"{"kty":"RSA","n":"AQAB","e":"AQAB","alg":"RS256","use":"sig"}"#);
        let sealing = key(r#"{"kty":"RSA","n":"AQAB","e":"AQAB","use":"enc"}"#);
        let secret = key(r#"{"kty":"oct","k":"AQAB"}"#);
        let curve = key(r#"{"kty":"EC","crv":"P-384","x":"AQAB","y":"AQAB"}"#);

        assert!(is_for(&rsa, Algorithm::RS256));
        for (key, algorithm) in [
            (&rsa, Algorithm::PS256),
            (&rsa, Algorithm::HS256),
            (&rsa, Algorithm::ES256),
            (&sealing, Algorithm::RS256),
            (&secret, Algorithm::HS256),
            (&curve, Algorithm::ES256),
        ] {
            assert!(!is_for(key, algorithm), "{algorithm:?}");
        }
    }

    #[test]
    fn a_token_without_a_name_is_signed_by_the_only_key_that_fits() {
        let rsa = |name: &str| {
            key(&format!(
                r#"{{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"{name}"}}"#
            ))
        };
        let header = |name: Option<&str>| Header {
            kid: name.map(str::to_owned),
            ..Header::new(Algorithm::RS256)
        };
        let one = Keys::new(vec![rsa("a")]);
        let two = Keys::new(vec![rsa("a"), rsa("b")]);

        assert!(one.find(&header(None)).is_ok());
        assert!(two.find(&header(None)).is_err());
        assert!(two.find(&header(Some("b"))).is_ok());
        assert!(two.find(&header(Some("c"))).is_err());
    }
}
