//! Entries as they are handed out: each behind its length, up to 256 in a bundle (C2SP tlog-tiles, 'Log entries').

use crate::tile::TILE_WIDTH;

/// The bytes are no bundle of that many entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not those of such a bundle of entries")]
pub struct NotABundle;

/// Appends an entry. Refuses one that is longer than 65,535 bytes; ours have at most [`crate::MAX_ENTRY_BYTES`].
pub fn add_to_bundle(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), NotABundle> {
    let length = u16::try_from(entry.len()).map_err(|_| NotABundle)?;
    bundle.extend(length.to_be_bytes());
    bundle.extend(entry);
    Ok(())
}

/// The entries of a bundle of `width`, in order.
pub fn entries_of_bundle(bundle: &[u8], width: u16) -> Result<Vec<&[u8]>, NotABundle> {
    let mut entries = Vec::with_capacity(usize::from(width.min(TILE_WIDTH)));
    let mut rest = bundle;
    while entries.len() < usize::from(width) {
        let (length, behind) = rest.split_first_chunk().ok_or(NotABundle)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, behind) = behind.split_at_checked(length).ok_or(NotABundle)?;
        entries.push(entry);
        rest = behind;
    }
    rest.is_empty().then_some(entries).ok_or(NotABundle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_out_as_they_went_in() {
        let mut bundle = Vec::new();
        for entry in [&b"one"[..], b"", b"three"] {
            add_to_bundle(&mut bundle, entry).unwrap();
        }

        assert_eq!(bundle, b"\x00\x03one\x00\x00\x00\x05three");
        assert_eq!(
            entries_of_bundle(&bundle, 3),
            Ok(vec![&b"one"[..], b"", b"three"])
        );
        assert_eq!(entries_of_bundle(&bundle, 2), Err(NotABundle));
        assert_eq!(entries_of_bundle(&bundle, 4), Err(NotABundle));
        assert_eq!(entries_of_bundle(&bundle[..9], 3), Err(NotABundle));
        assert_eq!(add_to_bundle(&mut bundle, &[0; 65_536]), Err(NotABundle));
    }
}
