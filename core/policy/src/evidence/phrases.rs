//! What is never said of the product: phrases that claim more than anybody can show.

/// The first of them in a text, whatever its case and its line breaks.
pub fn banned_phrase(text: &str) -> Option<&'static str> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let text = words.join(" ");
    BANNED
        .iter()
        .find(|phrase| text.contains(**phrase))
        .copied()
}

/// In lower case. Vendors print them; no law knows such a certificate, and no machine can check such a sentence.
const BANNED: [&str; 12] = [
    "hipaa certified",
    "hipaa-certified",
    "hipaa certification",
    "certified for hipaa",
    "hipaa compliant software",
    "hipaa-compliant software",
    "fully complies",
    "fully compliant",
    "meets or exceeds hipaa",
    "without affecting hipaa compliance",
    "guarantees compliance",
    "100% secure",
];

#[cfg(test)]
mod tests {
    use super::super::register::claims;
    use super::super::{CERTIFICATION, LIMITS, SAFEGUARDS};
    use super::*;

    // Shows: REQ-CR-15.
    #[test]
    fn no_sentence_of_the_register_says_what_nobody_can_show() {
        for claim in claims() {
            assert_eq!(banned_phrase(claim.sentence), None, "{}", claim.id);
            assert_eq!(banned_phrase(claim.topic), None, "{}", claim.id);
        }
        for safeguard in SAFEGUARDS {
            assert_eq!(banned_phrase(safeguard.asks), None);
        }
        for (title, text) in LIMITS {
            assert_eq!(banned_phrase(&format!("{title} {text}")), None);
        }
        assert_eq!(banned_phrase(CERTIFICATION), None);
    }

    #[test]
    fn a_phrase_is_found_over_lines_and_cases() {
        assert_eq!(
            banned_phrase("It Fully\n   complies."),
            Some("fully complies")
        );
        assert_eq!(banned_phrase("It helps to comply."), None);
    }
}
