//! Codes on paper, each good once: ten of an account, for when the telephone is lost; fewer in an envelope of the organisation's.

use conclave_store::TokenHash;

use crate::secret::{self, NoRandomness};

/// Fresh codes of an account in groups of four, with the hashes that are kept of them.
pub(crate) fn fresh() -> Result<(Vec<String>, Vec<TokenHash>), NoRandomness> {
    of_number(CODES)
}

/// As many, in the same way.
pub(crate) fn of_number(number: usize) -> Result<(Vec<String>, Vec<TokenHash>), NoRandomness> {
    let mut codes = Vec::with_capacity(number);
    for _ in 0..number {
        codes.push(spelled(u128::from_be_bytes(secret::random()?)));
    }
    let hashes = codes.iter().map(|code| hash(code)).collect();
    Ok((codes, hashes))
}

/// What is kept of a code that somebody typed, however they spaced it. 80 random bits need no slow hash.
pub(crate) fn hash(typed: &str) -> TokenHash {
    let letters = typed.chars().filter(|c| c.is_ascii_alphanumeric());
    let plain: String = letters.map(|c| alike(c.to_ascii_lowercase())).collect();
    secret::hash(&plain)
}

fn spelled(mut random: u128) -> String {
    let mut text = String::new();
    for place in 0..LETTERS {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        let index = usize::try_from(random % 32).unwrap_or(0);
        text.push(ALPHABET.chars().nth(index).unwrap_or('0'));
        random /= 32;
    }
    text
}

/// Letters that are read as digits (Crockford's base32).
fn alike(letter: char) -> char {
    match letter {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    }
}

const CODES: usize = 10;
/// 80 bits.
const LETTERS: usize = 16;
const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_codes_are_found_however_they_are_typed() {
        let (codes, hashes) = fresh().unwrap();

        assert_eq!((codes.len(), hashes.len()), (10, 10));
        for (code, kept) in codes.iter().zip(hashes) {
            assert_eq!(code.len(), 19);
            assert!(hash(&code.to_uppercase().replace('-', " ")) == kept);
            assert!(hash(&code.replace('0', "O").replace('1', "l")) == kept);
            assert!(hash(code.get(1..).unwrap()) != kept);
        }
        assert_ne!(codes[0], codes[1]);
    }
}
