//! Emulation prevention: no unit holds what a start code begins with (H.264, section 7.4.1).

/// The first place of two zeros and a third byte of at most `largest`.
///
/// Looks at every third byte only, where that byte is larger.
pub(super) fn find_zeros(bytes: &[u8], largest: u8) -> Option<usize> {
    let mut at = 2;
    while let Some(byte) = bytes.get(at) {
        if *byte > largest {
            at += 3;
        } else if bytes.get(at - 2..at) == Some(&[0, 0]) {
            return Some(at - 2);
        } else {
            at += 1;
        }
    }
    None
}

/// Escapes what lies in `out` from `start` on, in place. Ciphertext needs it once in megabytes.
pub(super) fn escape(out: &mut Vec<u8>, start: usize) {
    let mut from = start;
    while let Some(at) = out
        .get(from..)
        .and_then(|unit| find_zeros(unit, PREVENTION))
    {
        from += at + 2;
        out.insert(from, PREVENTION);
    }
}

/// Replaces what is in `out` by the unit without its escapes.
pub(super) fn unescape(mut unit: &[u8], out: &mut Vec<u8>) {
    out.clear();
    while let Some((zeros, rest)) =
        find_zeros(unit, PREVENTION).and_then(|at| unit.split_at_checked(at + 2))
    {
        out.extend_from_slice(zeros);
        unit = rest.strip_prefix(&[PREVENTION]).unwrap_or(rest);
    }
    out.extend_from_slice(unit);
}

const PREVENTION: u8 = 3;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn zeros_are_followed_by_three() {
        for (plain, escaped) in [
            (&[0, 0, 0][..], &[0, 0, 3, 0][..]),
            (&[0, 0, 1], &[0, 0, 3, 1]),
            (&[0, 0, 3], &[0, 0, 3, 3]),
            (&[0, 0, 4], &[0, 0, 4]),
            (&[0, 0, 0, 0, 0, 0], &[0, 0, 3, 0, 0, 3, 0, 0]),
            (&[1, 0, 0], &[1, 0, 0]),
        ] {
            let mut bytes = plain.to_vec();
            escape(&mut bytes, 0);
            assert_eq!(bytes, escaped);
        }
    }

    proptest! {
        #[test]
        fn zeros_are_found_where_a_plain_search_finds_them(
            bytes in prop::collection::vec(0_u8..6, 0..60),
            largest in 1_u8..4,
        ) {
            let plain = bytes.windows(3).position(|three| {
                three[0] == 0 && three[1] == 0 && three[2] <= largest
            });
            prop_assert_eq!(find_zeros(&bytes, largest), plain);
        }

        #[test]
        fn an_escaped_unit_holds_no_start_and_is_restored(
            bytes in prop::collection::vec(0_u8..5, 0..200),
        ) {
            let mut escaped = bytes.clone();
            escape(&mut escaped, 0);
            prop_assert!(escaped.windows(3).all(|three| three[..2] != [0, 0] || three[2] > 2));

            let mut restored = vec![9];
            unescape(&escaped, &mut restored);
            prop_assert_eq!(restored, bytes);
        }
    }
}
