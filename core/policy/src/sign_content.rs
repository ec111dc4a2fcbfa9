//! What `SignWithLabel` signs (RFC 9420, 5.1.2), and the lengths in front of its parts (2.1.2).

/// Of an Ed25519 signature (RFC 8032).
pub type Signature = [u8; 64];

/// Whether an Ed25519 key signed these bytes: the crate has no cryptography of its own.
pub type Verify = fn(key: &[u8; 32], content: &[u8], signature: &Signature) -> bool;

/// `SignContent`: the label with MLS's own in front, then what is signed.
pub(crate) fn sign_content(label: &str, content: &[u8]) -> Vec<u8> {
    let label = [b"MLS 1.0 ", label.as_bytes()].concat();
    let mut bytes = Vec::with_capacity(content.len() + label.len() + 8);
    vector(&mut bytes, &label);
    vector(&mut bytes, content);
    bytes
}

/// `opaque data<V>` of less than 2³⁰ bytes: what is longer than any body that the server takes.
pub(crate) fn vector(bytes: &mut Vec<u8>, data: &[u8]) {
    match u32::try_from(data.len()).unwrap_or(u32::MAX) {
        length @ 0..=0x3f => bytes.push(length.to_le_bytes()[0]),
        length @ 0x40..=0x3fff => bytes.extend((0x4000 | length).to_be_bytes().into_iter().skip(2)),
        length => bytes.extend((0x8000_0000 | length).to_be_bytes()),
    }
    bytes.extend(data);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 9000, section 16, as far as MLS has them.
    #[test]
    fn a_length_is_as_short_as_it_can_be() {
        for (length, written) in [
            (37, &[0x25][..]),
            (63, &[0x3f]),
            (64, &[0x40, 0x40]),
            (15_293, &[0x7b, 0xbd]),
            (16_384, &[0x80, 0x00, 0x40, 0x00]),
        ] {
            let mut bytes = Vec::new();
            vector(&mut bytes, &vec![0; length]);
            assert_eq!(bytes.len(), written.len() + length);
            assert!(bytes.starts_with(written));
        }
    }

    #[test]
    fn the_label_stands_in_front() {
        assert_eq!(sign_content("L", b"xy"), b"\x09MLS 1.0 L\x02xy");
    }
}
