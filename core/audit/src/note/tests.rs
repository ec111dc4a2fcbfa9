//! Notes of others, notes of ours, and every way to spoil them.

use proptest::prelude::*;

use super::*;

/// The example of golang.org/x/mod/sumdb/note, which Go's verifier accepts.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETERS_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn signer() -> Signer {
    Signer::new(
        KeyName::parse("log.example/audit/system").unwrap(),
        &[7; 32],
    )
}

#[test]
fn a_note_that_go_wrote_is_read() {
    let peter = Verifier::parse(PETER).unwrap();

    let text = peter.open(PETERS_NOTE).unwrap();

    assert!(text.starts_with("If you think") && text.ends_with("problem is.\n"));
    assert_eq!(peter.to_string(), PETER);
}

#[test]
fn a_text_is_signed_under_its_keys_name_alone() {
    let note = signer().sign("one\n\ntwo\n").unwrap();
    let other_name = Signer::new(KeyName::parse("log.example/audit/other").unwrap(), &[7; 32]);
    let other_key = Signer::new(signer().verifier().name().clone(), &[8; 32]);

    assert_eq!(signer().verifier().open(&note), Ok("one\n\ntwo\n"));
    assert_eq!(other_name.verifier().open(&note), Err(NotSigned));
    assert_eq!(other_key.verifier().open(&note), Err(NotSigned));
}

#[test]
fn signatures_of_strangers_are_passed_over_and_a_wrong_one_of_ours_is_not() {
    let note = signer().sign("text\n").unwrap();
    let stranger = Signer::new(KeyName::parse("stranger").unwrap(), &[9; 32]);
    let theirs = stranger.sign("text\n").unwrap();
    let theirs = theirs.strip_prefix("text\n\n").unwrap();
    let of_another_text = signer().sign("other\n").unwrap();
    let of_another_text = of_another_text.strip_prefix("other\n\n").unwrap();

    assert_eq!(
        signer().verifier().open(&format!("{note}{theirs}")),
        Ok("text\n")
    );
    assert_eq!(
        signer().verifier().open(&format!("text\n\n{theirs}")),
        Err(NotSigned)
    );
    assert_eq!(
        signer()
            .verifier()
            .open(&format!("{note}{of_another_text}")),
        Err(NotSigned)
    );
}

#[test]
fn signatures_are_bounded() {
    let note = signer().sign("text\n").unwrap();
    let line = note.strip_prefix("text\n\n").unwrap();
    let with = |lines| format!("text\n\n{}", line.repeat(lines));

    assert_eq!(
        signer().verifier().open(&with(MAX_SIGNATURES)),
        Ok("text\n")
    );
    assert_eq!(
        signer().verifier().open(&with(MAX_SIGNATURES + 1)),
        Err(NotSigned)
    );
}

#[test]
fn a_text_that_a_note_cannot_hold_is_not_signed() {
    let long = format!("{}\n", "x".repeat(MAX_NOTE_BYTES));
    for text in ["", "no newline", "tab\t\n", "return\r\n", &long] {
        assert_eq!(signer().sign(text), Err(Unsignable));
    }
}

#[test]
fn a_key_has_one_text() {
    let text = signer().verifier().to_string();
    assert!(Verifier::parse(&text).is_ok());

    for wrong in [
        text.to_uppercase(),
        format!("{text}\n"),
        text.replacen("system", "systen", 1),
        text.replacen('+', "", 1),
        format!("PeterNeumann+c74f20a3+{}", STANDARD.encode([1; 32])),
        String::new(),
    ] {
        assert!(Verifier::parse(&wrong) == Err(NotAKey), "{wrong}");
    }
}

proptest! {
    #[test]
    fn no_changed_byte_leaves_the_text_signed_as_another(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let note = signer().sign("a text\nof two lines\n").unwrap();
        let mut bytes = note.clone().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != with);

        bytes[at] = with;

        let opened = String::from_utf8(bytes);
        prop_assert!(opened.is_err() || signer().verifier().open(&opened.unwrap()).is_err());
    }
}
