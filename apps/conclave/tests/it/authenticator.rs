//! An authenticator in a program: WebAuthn's data, byte by byte, right or wrong on purpose.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// One passkey, and how its authenticator and browser behave.
#[derive(Clone)]
pub(crate) struct Authenticator {
    pub(crate) key: SigningKey,
    pub(crate) credential: [u8; 16],
    pub(crate) user: Vec<u8>,
    pub(crate) origin: String,
    pub(crate) domain: String,
    pub(crate) verifies: bool,
    pub(crate) counter: u32,
}

impl Authenticator {
    /// For the account of this id.
    pub(crate) fn of(account: &str) -> Self {
        let account: Uuid = account.parse().unwrap_or_default();
        Self {
            key: SigningKey::from_slice(&[rand::random(); 32].map(|n: u8| n & 0x7f | 1)).unwrap(),
            credential: rand::random(),
            user: account.as_bytes().to_vec(),
            origin: "http://localhost:7880".to_owned(),
            domain: "localhost".to_owned(),
            verifies: true,
            counter: 1,
        }
    }

    /// The body that adds the passkey, after what the server has begun.
    pub(crate) fn create(&self, begun: &Value) -> Value {
        assert_eq!(begun["options"]["rp"]["id"], "localhost", "{begun}");
        let selection = &begun["options"]["authenticatorSelection"];
        assert_eq!(
            (&selection["residentKey"], &selection["userVerification"]),
            (&json!("required"), &json!("required"))
        );
        let data = self.data(0x40, &self.attested());
        let length = u8::try_from(data.len()).unwrap();
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}
        let object = [
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".as_slice(),
            &[length],
            &data,
        ]
        .concat();
        let client = self.client_data("webauthn.create", begun);
        json!({
            "ceremony": begun["ceremony"],
            "label": "Amy's telephone",
            "credential": self.credential(json!({
                "attestationObject": encode(&object),
                "clientDataJSON": encode(&client),
            })),
        })
    }

    /// The body that uses the passkey, after what the server has begun.
    pub(crate) fn sign(&self, begun: &Value) -> Value {
        let data = self.data(0, &[]);
        let client = self.client_data("webauthn.get", begun);
        let signed = [&data[..], &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "ceremony": begun["ceremony"],
            "credential": self.credential(json!({
                "authenticatorData": encode(&data),
                "clientDataJSON": encode(&client),
                "signature": encode(signature.to_der().as_bytes()),
                "userHandle": encode(&self.user),
            })),
        })
    }

    fn credential(&self, response: Value) -> Value {
        let id = encode(&self.credential);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        })
    }

    /// WebAuthn, 6.1: user present 0x01, user verified 0x04, attested data 0x40.
    fn data(&self, flags: u8, rest: &[u8]) -> Vec<u8> {
        let verified = if self.verifies { 0x04 } else { 0 };
        [
            Sha256::digest(&self.domain).as_slice(),
            &[flags | 0x01 | verified],
            &self.counter.to_be_bytes(),
            rest,
        ]
        .concat()
    }

    /// WebAuthn, 6.5.1, with an ES256 key in COSE's form.
    fn attested(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_encoded_point(false);
        [
            [0; 16].as_slice(),
            &[0, 16],
            &self.credential,
            b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20",
            point.x().unwrap(),
            b"\x22\x58\x20",
            point.y().unwrap(),
        ]
        .concat()
    }

    fn client_data(&self, kind: &str, begun: &Value) -> Vec<u8> {
        let challenge = &begun["options"]["challenge"];
        let data = json!({
            "type": kind,
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
