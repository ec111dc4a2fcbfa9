//! The codes of authenticator programs: RFC 6238 with SHA-1, six digits, half a minute, as all of them know it.

use conclave_policy::totp::{Step, acceptable};
use conclave_protocol::Timestamp;
use subtle::ConstantTimeEq;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::secret::{self, NoRandomness};

/// What an authenticator program and this server share.
#[derive(Clone)]
pub(crate) struct Seed(Zeroizing<Vec<u8>>);

impl Seed {
    pub(crate) fn fresh() -> Result<Self, NoRandomness> {
        let bytes: [u8; BYTES] = secret::random()?;
        Ok(Self::from(Zeroizing::new(bytes.to_vec())))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Base32 without padding, for people to type.
    pub(crate) fn to_base32(&self) -> String {
        Secret::from(self.0.to_vec()).to_base32()
    }

    /// For a QR code (Google Authenticator's Key Uri Format).
    pub(crate) fn uri(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (escaped(issuer), escaped(account));
        let secret = self.to_base32();
        format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
    }

    /// The step whose code this is, among those that are good now. Every one of them is compared.
    pub(crate) fn check(&self, code: &str, now: Timestamp, last: Option<Step>) -> Option<Step> {
        let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let totp = self.totp();
        acceptable(now, last)
            .filter(|step| {
                let right = totp.generate(step.begins()).to_string();
                right.as_bytes().ct_eq(typed.as_bytes()).into()
            })
            .last()
    }

    fn totp(&self) -> Totp {
        let secret = Secret::from(self.0.to_vec());
        Builder::new().with_secret(secret).build_noncompliant()
    }
}

impl From<Zeroizing<Vec<u8>>> for Seed {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }
}

/// All but RFC 3986's unreserved characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(byte.into());
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// RFC 4226, 4: 160 bits.
const BYTES: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, for SHA-1; the last six of its eight digits.
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    fn seed() -> Seed {
        Zeroizing::new(b"12345678901234567890".to_vec()).into()
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        for (seconds, code) in VECTORS {
            let now = Timestamp::from_micros(seconds * 1_000_000);
            let step = Step::at(now);

            assert_eq!(seed().check(code, now, None), Some(step));
            assert_eq!(seed().check(code, now, Some(step)), None);
            assert_eq!(seed().check("000000", now, None), None);
        }
    }

    #[test]
    fn a_uri_holds_no_character_that_could_change_it() {
        let uri = seed().uri("A&B: Klinik", "a@b.example");

        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let issuer = "A%26B%3A%20Klinik";
        let expected =
            format!("otpauth://totp/{issuer}:a%40b.example?secret={secret}&issuer={issuer}");
        assert_eq!(uri, expected);
    }
}
