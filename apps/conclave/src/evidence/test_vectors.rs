//! Whether the server's cryptography answers as its standards say.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use conclave_audit::Hex;

pub(super) fn hold() -> bool {
    aes_256_gcm() && sha_256()
}

/// McGrew and Viega, 'The Galois/Counter Mode of Operation', test case 14: everything is zero.
fn aes_256_gcm() -> bool {
    let Ok(key) = UnboundKey::new(&AES_256_GCM, &[0; 32]) else {
        return false;
    };
    let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
    let mut text = [0; 16];
    let tag = LessSafeKey::new(key).seal_in_place_separate_tag(nonce, Aad::empty(), &mut text);
    let expected = Hex::parse("cea7403d4d606b6e074ec5d3baf39d18").map(|Hex(bytes)| bytes);
    let sealed = Hex::<16>::parse("d0d1c8a799996bf0265b98b5d48ab919");
    let tag = tag
        .ok()
        .and_then(|tag| tag.as_ref().try_into().ok())
        .map(Hex);
    expected == Some(text) && tag.is_some() && tag == sealed
}

/// FIPS 180-4's example: 'abc'.
fn sha_256() -> bool {
    let expected =
        Hex::<32>::parse("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expected.is_some_and(|Hex(expected)| digest(&SHA256, b"abc").as_ref() == expected)
}

#[cfg(test)]
mod tests {
    #[test]
    fn our_cryptography_answers_as_its_standards_say() {
        assert!(super::hold());
    }
}
