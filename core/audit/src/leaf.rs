//! What a leaf of the log holds: an entry's canonical form with the sequence number that the log gave it.

use serde::Deserialize;
use uuid::Uuid;

use crate::{MAX_ENTRY_BYTES, MAX_SIZE};

/// The bytes are no entry that waits for its sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no entry without a sequence number")]
pub struct NotAnEntry;

/// The leaf's bytes of an entry whose canonical form, still without `seq`, is `entry`: the same as setting
/// [`crate::Entry::seq`] and writing it again. Sequence numbers count from 0, so that `seq` is the leaf's index.
///
/// Reads no more of the entry than where its members begin, so an entry of another version gets its number too.
pub fn leaf_of(entry: &[u8], seq: u64) -> Result<Vec<u8>, NotAnEntry> {
    if seq > MAX_SIZE || entry.len() > MAX_ENTRY_BYTES {
        return Err(NotAnEntry);
    }
    let at = place_of_seq(entry).ok_or(NotAnEntry)?;
    let (before, behind) = entry.split_at_checked(at).ok_or(NotAnEntry)?;
    let leaf = [before, format!("{SEQ}:{seq},").as_bytes(), behind].concat();
    (leaf.len() <= MAX_ENTRY_BYTES)
        .then_some(leaf)
        .ok_or(NotAnEntry)
}

/// What a leaf says of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct LeafPlace {
    /// The leaf's index, as the entry has it.
    pub seq: u64,
    /// Whose log it is in; absent in the installation's.
    pub org: Option<Uuid>,
}

impl LeafPlace {
    /// Members beyond these may be of any version. `None` where there is no place, or more than one.
    pub fn of(leaf: &[u8]) -> Option<Self> {
        if leaf.len() > MAX_ENTRY_BYTES {
            return None;
        }
        serde_json::from_slice(leaf).ok()
    }
}

const SEQ: &str = r#""seq""#;

/// Where the first member begins whose name sorts behind `seq` (RFC 8785, 3.2.3): each entry has one, its `time`.
fn place_of_seq(entry: &[u8]) -> Option<usize> {
    let mut depth = 0_u32;
    let mut at = 0;
    while let Some(byte) = entry.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b'"' => {
                let end = end_of_string(entry, at)?;
                let names_a_member = depth == 1 && entry.get(end) == Some(&b':');
                match entry.get(at..end)?.cmp(SEQ.as_bytes()) {
                    std::cmp::Ordering::Less => {}
                    std::cmp::Ordering::Equal if names_a_member => return None,
                    std::cmp::Ordering::Greater if names_a_member => return Some(at),
                    _ => {}
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// One past its closing quotation mark.
fn end_of_string(text: &[u8], opening: usize) -> Option<usize> {
    let mut at = opening + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Entry;

    const VECTORS: [&str; 2] = [
        include_str!("../tests/vectors/smallest.json"),
        include_str!("../tests/vectors/fullest.json"),
    ];

    #[test]
    fn the_number_stands_where_the_entry_itself_writes_it() {
        for (vector, seq) in VECTORS.into_iter().zip([0, MAX_SIZE]) {
            let bytes = vector.trim_end().as_bytes();
            let mut entry = Entry::from_canonical(bytes).unwrap_or_else(|_| panic!("{vector}"));
            entry.seq = Some(seq);

            let leaf = leaf_of(bytes, seq).unwrap();

            assert_eq!(leaf, entry.to_canonical().unwrap());
            let place = LeafPlace::of(&leaf);
            assert_eq!(
                place,
                Some(LeafPlace {
                    seq,
                    org: entry.org
                })
            );
        }
    }

    #[test]
    fn what_the_entry_holds_does_not_mislead() {
        let entry = br#"{"detail":{"time":1,"x":"\",\"time\":{"},"salt":"time","time":"t","v":1}"#;

        let leaf = leaf_of(entry, 7).unwrap();

        let expected =
            br#"{"detail":{"time":1,"x":"\",\"time\":{"},"salt":"time","seq":7,"time":"t","v":1}"#;
        assert_eq!(leaf, expected);
    }

    #[test]
    fn what_has_its_number_or_no_time_gets_none() {
        let mut numbered = leaf_of(VECTORS[0].trim_end().as_bytes(), 1).unwrap();
        assert_eq!(leaf_of(&numbered, 2), Err(NotAnEntry));
        numbered.clear();
        for wrong in [
            &numbered[..],
            b"{}",
            b"[\"time\"]",
            b"{\"time",
            b"}{\"time\":1}",
            b"{\"a\\",
        ] {
            assert_eq!(leaf_of(wrong, 0), Err(NotAnEntry));
        }
        let entry = VECTORS[0].trim_end().as_bytes();
        assert_eq!(leaf_of(entry, MAX_SIZE + 1), Err(NotAnEntry));
    }

    #[test]
    fn a_place_is_said_once() {
        for wrong in [
            &b"{\"seq\":1,\"seq\":2}"[..],
            b"{\"seq\":-1}",
            b"{\"org\":\"x\",\"seq\":1}",
            b"{}",
        ] {
            assert_eq!(LeafPlace::of(wrong), None);
        }
    }
}
