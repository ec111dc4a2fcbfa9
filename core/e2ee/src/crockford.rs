//! Codes that people read out and type: Crockford's base32 (crockford.com/base32), in groups of four.

use zeroize::Zeroizing;

/// Symbols of five bits. Its buffer is overwritten when it goes.
pub(crate) type Symbols<const N: usize> = Zeroizing<[u8; N]>;

/// Five bits of each byte: random bytes become random symbols.
pub(crate) fn symbols<const N: usize>(bytes: &[u8; N]) -> Symbols<N> {
    Zeroizing::new(bytes.map(|byte| byte & MASK))
}

/// `ABCD-EFGH`.
pub(crate) fn print(symbols: &[u8]) -> Zeroizing<String> {
    let mut text = String::with_capacity(symbols.len() * 2);
    for (at, symbol) in symbols.iter().enumerate() {
        if at > 0 && at % GROUP == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(symbol & MASK)]));
    }
    Zeroizing::new(text)
}

/// Takes what people type: either case, spaces and hyphens anywhere, O for 0, I and L for 1.
pub(crate) fn read<const N: usize>(text: &str) -> Option<Symbols<N>> {
    let mut symbols = Zeroizing::new([0; N]);
    let mut written = 0;
    for typed in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        *symbols.get_mut(written)? = symbol(typed)?;
        written += 1;
    }
    (written == N).then_some(symbols)
}

fn symbol(typed: char) -> Option<u8> {
    let meant = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET
        .iter()
        .position(|known| char::from(*known) == meant)?;
    u8::try_from(at).ok()
}

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MASK: u8 = 31;
const GROUP: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_printed_is_read_again_however_it_is_typed() {
        let all: [u8; 32] = std::array::from_fn(|at| at as u8);
        let text = print(&all);
        assert_eq!(text.as_str(), "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ");
        for typed in [
            text.to_string(),
            text.to_lowercase(),
            text.replace('-', " "),
        ] {
            assert_eq!(*read::<32>(&typed).unwrap(), all);
        }
        assert_eq!(*read::<6>("oO-il L 0").unwrap(), [0, 0, 1, 1, 1, 0]);
    }

    #[test]
    fn what_is_too_short_too_long_or_foreign_is_no_code() {
        for typed in ["", "012", "01234", "012U", "01é3", "0 1 2 u"] {
            assert!(read::<4>(typed).is_none(), "{typed:?}");
        }
    }
}
