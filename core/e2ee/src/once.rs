//! AES-256-GCM under a key that seals this and nothing else.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit};
use zeroize::Zeroizing;

/// `key` was drawn or derived for this one plaintext: the nonce is zero.
pub(crate) fn seal(key: &[u8; 32], bound: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let mut sealed = plaintext.to_vec();
    let tag = Aes256Gcm::new(key.into())
        .encrypt_inout_detached(&NONCE.into(), bound, sealed.as_mut_slice().into())
        .expect("what we seal is far shorter than 64 GiB");
    sealed.extend_from_slice(&tag);
    sealed
}

pub(crate) fn open(key: &[u8; 32], bound: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (ciphertext, tag) = sealed.split_last_chunk::<TAG_BYTES>()?;
    let mut opened = Zeroizing::new(ciphertext.to_vec());
    Aes256Gcm::new(key.into())
        .decrypt_inout_detached(
            &NONCE.into(),
            bound,
            opened.as_mut_slice().into(),
            &(*tag).into(),
        )
        .ok()?;
    Some(opened)
}

const NONCE: [u8; 12] = [0; 12];
const TAG_BYTES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_under_its_key_and_binding_alone() {
        let sealed = seal(&[1; 32], b"bound", b"plain");
        assert_eq!(
            open(&[1; 32], b"bound", &sealed).unwrap().as_slice(),
            b"plain"
        );
        assert!(open(&[2; 32], b"bound", &sealed).is_none());
        assert!(open(&[1; 32], b"other", &sealed).is_none());
        for length in 0..sealed.len() {
            assert!(open(&[1; 32], b"bound", &sealed[..length]).is_none());
        }
    }
}
