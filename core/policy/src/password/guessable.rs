//! What guessers try before they try everything: known phrases, known words, rows and repetitions.

use super::Context;

/// Whether a guesser who knows the context reaches this password early.
pub(super) fn guessable(password: &str, context: Context<'_>) -> bool {
    let plain = letters_and_digits(password);
    let read = undisguised(&plain, password);
    [plain, read]
        .into_iter()
        .any(|text| is_phrase(&text) || residue(&text, context) < ENOUGH)
}

/// Characters that stay when everything guessable is taken away. A larger value refuses good
/// passwords that happen to contain a common word, a smaller one lets a word with a short tail pass.
const ENOUGH: usize = 7;

/// Well-known phrases of 15 characters or more, in the form of [`letters_and_digits`], sorted.
const PHRASES: &str = include_str!("phrases.txt");

/// Words that weak passwords are put together from, in the same form, sorted.
const WORDS: &str = include_str!("words.txt");

/// Rows that fingers run along.
const ROWS: [&str; 7] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
];

/// Shorter runs and words occur in good passwords by chance.
const SHORTEST_RUN: usize = 3;
const SHORTEST_NAME: usize = 3;

/// Digits that people put in front of or behind a word: at most a year.
const LONGEST_NUMBER: usize = 4;

fn letters_and_digits(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase);
    lower.filter(|c| c.is_alphanumeric()).collect()
}

/// The letters that digits and signs stand for. Digits at either end stay: they are more often a number.
fn undisguised(plain: &str, password: &str) -> String {
    let core = without_number(plain);
    if core.chars().all(|c| c.is_ascii_digit()) {
        return plain.to_owned();
    }
    let trimmed = password.trim_end_matches(|c: char| !c.is_alphabetic());
    let letters: String = trimmed.chars().map(letter_behind).collect();
    letters_and_digits(&letters)
}

fn letter_behind(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// A known phrase, or one with a number behind it.
fn is_phrase(text: &str) -> bool {
    PHRASES.lines().any(|phrase| {
        text.strip_prefix(phrase).is_some_and(|number| {
            number.len() <= LONGEST_NUMBER && number.bytes().all(|b| b.is_ascii_digit())
        })
    })
}

fn without_number(text: &str) -> &str {
    let digits = |c: &char| c.is_ascii_digit();
    let behind = text.chars().rev().take_while(digits).count();
    let text = &text[..text.len() - behind.min(LONGEST_NUMBER)];
    let before = text.chars().take_while(digits).count();
    &text[before.min(LONGEST_NUMBER)..]
}

/// How many characters of `text` are left without repetitions, known words, rows and numbers.
fn residue(text: &str, context: Context<'_>) -> usize {
    let once = without_repetition(without_number(text));
    let wordless = without_words(&once, context);
    without_rows(&wordless).chars().count()
}

/// `abcabcab` is `abc`.
fn without_repetition(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let period = (1..=chars.len() / 2)
        .find(|period| {
            chars
                .iter()
                .eq(chars.iter().take(*period).cycle().take(chars.len()))
        })
        .unwrap_or(chars.len());
    chars.into_iter().take(period).collect()
}

fn without_words(text: &str, context: Context<'_>) -> String {
    let names = [context.organisation, context.display_name, context.email];
    let names = names
        .into_iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .map(letters_and_digits)
        .filter(|name| name.chars().count() >= SHORTEST_NAME);
    let mut words: Vec<String> = WORDS.lines().map(str::to_owned).chain(names).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
        .iter()
        .fold(text.to_owned(), |text, word| text.replace(word, ""))
}

/// Without runs along a row, in either direction, and without characters that repeat the one before.
fn without_rows(text: &str) -> String {
    let mut rest: Vec<char> = text.chars().collect();
    rest.dedup();
    let mut kept = String::new();
    let mut rest = rest.as_slice();
    while let [first, tail @ ..] = rest {
        let run = longest_run(rest);
        if run >= SHORTEST_RUN {
            rest = &rest[run..];
        } else {
            kept.push(*first);
            rest = tail;
        }
    }
    kept
}

fn longest_run(text: &[char]) -> usize {
    ROWS.iter()
        .flat_map(|row| {
            let forward: Vec<char> = row.chars().collect();
            let backward: Vec<char> = row.chars().rev().collect();
            [forward, backward]
        })
        .map(|row| run_along(&row, text))
        .max()
        .unwrap_or(0)
}

fn run_along(row: &[char], text: &[char]) -> usize {
    (0..row.len())
        .map(|start| {
            let pairs = row.iter().skip(start).zip(text);
            pairs.take_while(|(a, b)| a == b).count()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_in_the_form_that_is_compared() {
        for (list, shortest) in [(PHRASES, super::super::SHORTEST), (WORDS, 3)] {
            for line in list.lines() {
                assert_eq!(letters_and_digits(line), line);
                assert!(line.len() >= shortest, "{line}");
            }
            assert!(list.lines().is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn every_phrase_is_refused_also_with_a_number_behind_it() {
        for phrase in PHRASES.lines() {
            assert!(guessable(phrase, Context::default()), "{phrase}");
            assert!(guessable(&format!("{phrase}1"), Context::default()));
        }
    }

    #[test]
    fn every_word_said_often_enough_is_refused() {
        for word in WORDS.lines() {
            let often = format!("{}2026", word.repeat(6));
            assert!(guessable(&often, Context::default()), "{often}");
        }
    }

    #[test]
    fn a_number_is_at_most_a_year() {
        assert_eq!(without_number("12abc2026"), "abc");
        assert_eq!(without_number("abc20261"), "abc2");
        assert_eq!(without_number("2026"), "");
    }

    #[test]
    fn rows_are_seen_in_either_direction() {
        assert_eq!(without_rows("xqwertyz"), "xz");
        assert_eq!(without_rows("xytrewqz"), "xz");
        assert_eq!(without_rows("xaz"), "xaz");
    }
}
