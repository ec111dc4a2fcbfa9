//! How a browser asks to be let into its account's vault: a request through the server, and a code through the person.
//!
//! The code is the asking device's secret of 60 bits, which the person types where the vault is open. So each side
//! proves to the other that it knows the code: the request that its keys are the asking device's, the vault that it
//! was opened to it by its own account. The server sees neither code nor proof; to find the code by trying it would
//! have to stretch 2^60 of them.

use hkdf::Hkdf;
use p256::elliptic_curve::subtle::ConstantTimeEq as _;
use pbkdf2::pbkdf2_hmac;
use sha2::Sha512;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use zeroize::Zeroizing;

use crate::account::is_signed;
use crate::crockford::{self, Symbols};
use crate::device::{DeviceKeys, Unnameable};
use crate::hpke::PUBLIC_KEY_BYTES;
use crate::identity::{AccountId, is_honest};
use crate::provider::{Entropy, Seed};

/// A device that asks, as its request says.
pub struct DeviceRequest {
    account: AccountId,
    body: Body,
    tag: [u8; 32],
}

/// No request of this account's, or none that its device signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a device's request")]
pub struct BrokenRequest;

/// What the asking device signs, with the account and the tag.
#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Body {
    version: u8,
    device_key: [u8; 32],
    hpke_key: VLBytes,
    label: VLBytes,
    /// Another code for each request.
    nonce: [u8; 16],
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Wire {
    body: Body,
    tag: [u8; 32],
    signature: [u8; 64],
}

impl DeviceKeys {
    /// Asks the account's other devices. `label` is the name that the person gives this one.
    pub fn request(
        &self,
        account: AccountId,
        label: &str,
        seed: Seed,
    ) -> Result<Vec<u8>, Unnameable> {
        is_honest(label).then_some(()).ok_or(Unnameable)?;
        let body = Body {
            version: VERSION,
            device_key: self.device_key(),
            hpke_key: self.hpke().public.into(),
            label: label.as_bytes().into(),
            nonce: Entropy::new(seed).bytes(),
        };
        let approval = Approval::of(self, account, body.nonce);
        let tag = approval.tag(&body);
        let content = signed(account, &body, &tag);
        let signature = self.signer().sign_with_label(LABEL, &content);
        let signature = signature.try_into().map_err(|_| Unnameable)?;
        let wire = Wire {
            body,
            tag,
            signature,
        };
        Ok(wire.tls_serialize_detached().expect(BOUNDED))
    }

    /// What the person types on a device that has the vault: three groups of four.
    pub fn approval_code(
        &self,
        account: AccountId,
        request: &[u8],
    ) -> Result<Zeroizing<String>, BrokenRequest> {
        let request = DeviceRequest::read(account, request)?;
        let is_ours = request.body.device_key == self.device_key();
        is_ours.then_some(()).ok_or(BrokenRequest)?;
        let symbols = code(self, account, request.body.nonce);
        Ok(crockford::print(symbols.as_slice()))
    }
}

impl DeviceRequest {
    pub fn read(account: AccountId, bytes: &[u8]) -> Result<Self, BrokenRequest> {
        if bytes.len() > MOST_REQUEST_BYTES {
            return Err(BrokenRequest);
        }
        let Wire {
            body,
            tag,
            signature,
        } = Wire::tls_deserialize_exact_bytes(bytes).map_err(|_| BrokenRequest)?;
        let content = signed(account, &body, &tag);
        let is_sound = body.version == VERSION
            && body.hpke_key.as_slice().len() == PUBLIC_KEY_BYTES
            && std::str::from_utf8(body.label.as_slice()).is_ok_and(is_honest)
            && is_signed(LABEL, &content, &body.device_key, &signature);
        is_sound
            .then_some(Self { account, body, tag })
            .ok_or(BrokenRequest)
    }

    /// How the device calls itself.
    #[must_use]
    pub fn label(&self) -> &str {
        std::str::from_utf8(self.body.label.as_slice()).expect("checked when it was read")
    }

    pub(crate) fn device_key(&self) -> [u8; 32] {
        self.body.device_key
    }

    pub(crate) fn hpke_key(&self) -> &[u8] {
        self.body.hpke_key.as_slice()
    }

    pub(crate) fn nonce(&self) -> [u8; 16] {
        self.body.nonce
    }

    /// `None` unless the device that made the request shows this code.
    pub(crate) fn approve(&self, typed: &str) -> Option<Approval> {
        let symbols = crockford::read(typed)?;
        let approval = Approval::stretch(&symbols, self.account, self.body.nonce);
        let is_same = bool::from(approval.tag(&self.body).ct_eq(&self.tag));
        is_same.then_some(approval)
    }
}

/// What both devices know once the code was typed.
pub(crate) struct Approval {
    key: Zeroizing<[u8; 32]>,
    account: AccountId,
    nonce: [u8; 16],
}

impl Approval {
    /// The asking device's.
    pub(crate) fn of(keys: &DeviceKeys, account: AccountId, nonce: [u8; 16]) -> Self {
        Self::stretch(&code(keys, account, nonce), account, nonce)
    }

    fn stretch(symbols: &Symbols<SYMBOLS>, account: AccountId, nonce: [u8; 16]) -> Self {
        let salt = [SALT, &account.0, &nonce].concat();
        let mut key = Zeroizing::new([0; 32]);
        pbkdf2_hmac::<Sha512>(symbols.as_slice(), &salt, ROUNDS, &mut *key);
        Self {
            key,
            account,
            nonce,
        }
    }

    /// The approving device's word, in the vault, that this is the account's key.
    pub(crate) fn proof(&self, account_key: &[u8; 32], device_key: &[u8; 32]) -> [u8; 32] {
        self.mac(&[PROOF, account_key, device_key])
    }

    pub(crate) fn proves(
        &self,
        account_key: &[u8; 32],
        device_key: &[u8; 32],
        proof: &[u8; 32],
    ) -> bool {
        self.proof(account_key, device_key).ct_eq(proof).into()
    }

    fn tag(&self, body: &Body) -> [u8; 32] {
        let body = body.tls_serialize_detached().expect(BOUNDED);
        self.mac(&[TAG, &body])
    }

    /// HKDF's expansion is a pseudorandom function of its info (RFC 5869, section 2.3).
    fn mac(&self, content: &[&[u8]]) -> [u8; 32] {
        let between: [&[u8]; 2] = [&self.account.0, &self.nonce];
        let bound = [content, &between].concat();
        let mut mac = [0; 32];
        Hkdf::<Sha512>::new(None, self.key.as_slice())
            .expand_multi_info(&bound, &mut mac)
            .expect("32 bytes are less than one block of SHA-512");
        mac
    }
}

fn code(keys: &DeviceKeys, account: AccountId, nonce: [u8; 16]) -> Symbols<SYMBOLS> {
    let mut bytes = Zeroizing::new([0; SYMBOLS]);
    keys.expand(&[CODE, &account.0, &nonce], &mut *bytes);
    crockford::symbols(&bytes)
}

fn signed(account: AccountId, body: &Body, tag: &[u8; 32]) -> Vec<u8> {
    let body = body.tls_serialize_detached().expect(BOUNDED);
    [&account.0, body.as_slice(), tag].concat()
}

/// What the server takes.
pub const MOST_REQUEST_BYTES: usize = 2048;
const VERSION: u8 = 1;
/// Of five bits.
const SYMBOLS: usize = 12;
/// Some tenths of a second on a telephone; 2^16 of them on top of 2^60 codes are out of reach.
const ROUNDS: u32 = 1 << 16;
const CODE: &[u8] = b"conclave approval code 1";
const SALT: &[u8] = b"conclave approval 1";
const TAG: &[u8] = b"conclave approval tag 1";
const PROOF: &[u8] = b"conclave approval proof 1";
const LABEL: &str = "Conclave Device Request";
const BOUNDED: &str = "keys and a short name are within the codec's bounds";

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: AccountId = AccountId([2; 16]);

    fn keys(number: u8) -> DeviceKeys {
        DeviceKeys::generate(Seed([number; 32].into()))
    }

    fn request(number: u8) -> Vec<u8> {
        let seed = Seed([number.wrapping_add(100); 32].into());
        keys(number).request(ACCOUNT, "Ward laptop", seed).unwrap()
    }

    #[test]
    fn the_code_that_the_asking_device_shows_approves_its_request() {
        let code = keys(1).approval_code(ACCOUNT, &request(1)).unwrap();
        assert_eq!(code.len(), 14);
        let read = DeviceRequest::read(ACCOUNT, &request(1)).unwrap();
        assert_eq!(read.label(), "Ward laptop");
        let approval = read.approve(&code.to_lowercase()).unwrap();
        let proof = approval.proof(&[7; 32], &keys(1).device_key());
        let asking = Approval::of(&keys(1), ACCOUNT, read.nonce());
        assert!(asking.proves(&[7; 32], &keys(1).device_key(), &proof));
        assert!(!asking.proves(&[8; 32], &keys(1).device_key(), &proof));
        assert!(!asking.proves(&[7; 32], &keys(2).device_key(), &proof));
        assert!(request(1).len() <= MOST_REQUEST_BYTES);
    }

    #[test]
    fn a_server_that_puts_its_own_keys_into_a_request_is_refused_by_the_code() {
        let code = keys(1).approval_code(ACCOUNT, &request(1)).unwrap();
        let swapped = DeviceRequest::read(ACCOUNT, &request(9)).unwrap();
        assert!(swapped.approve(&code).is_none());
        assert!(keys(1).approval_code(ACCOUNT, &request(9)).is_err());
    }

    /// A change of these bytes is a change of version.
    #[test]
    fn a_request_and_its_code_are_written_as_ever() {
        let account = AccountId([3; 16]);
        let request = keys(9).request(account, "Telephone", Seed([10; 32].into()));
        let written = include_bytes!("../testdata/ours/device_request");
        assert_eq!(request.unwrap(), written);
        let code = keys(9).approval_code(account, written).unwrap();
        assert_eq!(code.as_str(), "MD9B-9DCT-G2EB");
    }

    #[test]
    fn each_request_has_a_code_of_its_own() {
        let again = keys(1).request(ACCOUNT, "Ward laptop", Seed([9; 32].into()));
        let again = again.unwrap();
        let codes = [request(1), again].map(|it| keys(1).approval_code(ACCOUNT, &it).unwrap());
        assert_ne!(codes[0].as_str(), codes[1].as_str());
    }

    #[test]
    fn each_byte_of_a_request_counts_and_so_does_its_account() {
        let bytes = request(1);
        assert!(DeviceRequest::read(AccountId([3; 16]), &bytes).is_err());
        for at in (0..bytes.len()).step_by(11).chain([bytes.len() - 1]) {
            let mut forged = bytes.clone();
            forged[at] ^= 1;
            assert!(DeviceRequest::read(ACCOUNT, &forged).is_err(), "byte {at}");
            assert!(DeviceRequest::read(ACCOUNT, &bytes[..at]).is_err());
        }
    }

    #[test]
    fn a_device_has_a_name_that_hides_nothing() {
        for label in ["", "a\u{202e}b", &"x".repeat(65)] {
            assert!(
                keys(1)
                    .request(ACCOUNT, label, Seed([1; 32].into()))
                    .is_err()
            );
        }
    }

    /// The server has a device of its own sign, which it can; the tag it can't make.
    #[test]
    fn a_tag_is_for_all_that_the_request_says() {
        let code = keys(1).approval_code(ACCOUNT, &request(1)).unwrap();
        let resigned = |change: fn(&mut Body)| {
            let Wire { mut body, tag, .. } =
                Wire::tls_deserialize_exact_bytes(&request(1)).unwrap();
            body.device_key = keys(9).device_key();
            change(&mut body);
            let content = signed(ACCOUNT, &body, &tag);
            let signature = keys(9).signer().sign_with_label(LABEL, &content);
            let signature = signature.try_into().unwrap();
            let wire = Wire {
                body,
                tag,
                signature,
            };
            let bytes = wire.tls_serialize_detached().unwrap();
            let read = DeviceRequest::read(ACCOUNT, &bytes).unwrap();
            read.approve(&code).is_some()
        };
        assert!(!resigned(|_| ()));
        assert!(!resigned(
            |body| body.hpke_key = keys(9).hpke().public.into()
        ));
        let honest = DeviceRequest::read(ACCOUNT, &request(1)).unwrap();
        let swapped = |change: fn(&mut Body)| {
            let mut read = DeviceRequest::read(ACCOUNT, &request(1)).unwrap();
            change(&mut read.body);
            read.approve(&code).is_some()
        };
        assert!(honest.approve(&code).is_some() && swapped(|_| ()));
        assert!(!swapped(|body| body.hpke_key = keys(9).hpke().public.into()));
        assert!(!swapped(|body| body.device_key = keys(9).device_key()));
        assert!(!swapped(
            |body| body.label = b"Ward laptoq".as_slice().into()
        ));
        assert!(!swapped(|body| body.nonce[0] ^= 1));
    }
}
