//! Recordings of support sessions: the organisation's key, and what is sealed to it.

use conclave_e2ee::recording;
use conclave_e2ee::recording::{Binding, Broken, Opener, Passphrase, Wholeness};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::arguments::{fixed, seed};
use crate::copied;
use crate::object::coded;

/// What is refused throws an `Error` whose `code` says why.
#[wasm_bindgen]
pub struct RecordingKeys(recording::RecordingKeys);

#[wasm_bindgen]
impl RecordingKeys {
    /// `seed` is 32 random bytes, used once.
    pub fn generate(
        #[wasm_bindgen(js_name = seed)] random: &[u8],
    ) -> Result<RecordingKeys, JsError> {
        Ok(Self(recording::RecordingKeys::generate(seed(random)?)))
    }

    /// Throws `passphrase`, or `not_opened`. Takes some seconds.
    pub fn open(file: &[u8], passphrase: &str) -> Result<RecordingKeys, JsValue> {
        let passphrase = read(passphrase)?;
        let opened = recording::RecordingKeys::open(file, &passphrase);
        opened.map(Self).map_err(|_| coded("not_opened"))
    }

    /// A file for one keeper. Throws `passphrase` for fewer than 12 characters, or more than 128. Takes some seconds.
    pub fn seal(
        &self,
        passphrase: &str,
        #[wasm_bindgen(js_name = seed)] random: &[u8],
    ) -> Result<Uint8Array, JsValue> {
        let passphrase = read(passphrase)?;
        Ok(copied(&self.0.seal(&passphrase, seed(random)?)))
    }

    /// For whoever seals.
    #[wasm_bindgen(getter, js_name = publicKey)]
    pub fn public_key(&self) -> Vec<u8> {
        self.0.public().to_vec()
    }

    /// SHA-256 of the public key: 32 bytes.
    #[wasm_bindgen(getter)]
    pub fn fingerprint(&self) -> Vec<u8> {
        self.0.fingerprint().to_vec()
    }
}

/// Of one recording, chunk after chunk.
#[wasm_bindgen]
pub struct RecordingOpener(Opener);

#[wasm_bindgen]
impl RecordingOpener {
    /// Ids have 16 bytes. Without a manifest it was never finished. Throws `not_ours` or `manifest`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        keys: &RecordingKeys,
        organisation: &[u8],
        session: &[u8],
        #[wasm_bindgen(js_name = recording)] id: &[u8],
        header: &[u8],
        manifest: Option<Vec<u8>>,
    ) -> Result<RecordingOpener, JsValue> {
        let binding = Binding {
            organisation: fixed(organisation)?,
            session: fixed(session)?,
            recording: fixed(id)?,
        };
        let opener = Opener::begin(&keys.0, binding, header, manifest.as_deref());
        opener.map(Self).map_err(broken)
    }

    /// The next one. Throws `chunk`.
    pub fn open(&mut self, sealed: &[u8]) -> Result<Uint8Array, JsValue> {
        let opened = self.0.open(sealed).map_err(broken)?;
        Ok(copied(&opened))
    }

    /// What was said once it was over. Throws `afterword`.
    pub fn afterword(&self, sealed: &[u8]) -> Result<Uint8Array, JsValue> {
        let opened = self.0.afterword(sealed).map_err(broken)?;
        Ok(copied(&opened))
    }

    /// After all: whether it is whole. False: it was never finished. Throws `missing`.
    pub fn end(&self) -> Result<bool, JsValue> {
        let end = self.0.end().map_err(broken)?;
        Ok(end == Wholeness::Whole)
    }
}

fn read(passphrase: &str) -> Result<Passphrase, JsValue> {
    Passphrase::read(passphrase).map_err(|_| coded("passphrase"))
}

fn broken(broken: Broken) -> JsValue {
    coded(match broken {
        Broken::NotOurs => "not_ours",
        Broken::Manifest => "manifest",
        Broken::Chunk => "chunk",
        Broken::Missing => "missing",
        Broken::Afterword => "afterword",
    })
}
