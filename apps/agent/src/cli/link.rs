//! A link as an argument, or on standard input: what is on a command line every user of the computer can read.

use std::io::{BufRead, stdin};

/// In bytes; a link has some 200.
const LONGEST: u64 = 2_000;
const STANDARD_INPUT: &str = "-";

/// What the argument says, or standard input where it says so.
pub(super) fn given(argument: String) -> String {
    match argument.as_str() {
        STANDARD_INPUT => first_line(stdin().lock()),
        _ => argument,
    }
}

/// Nothing where it can't be read.
fn first_line(input: impl BufRead) -> String {
    let mut line = String::new();
    let _read = input.take(LONGEST).read_line(&mut line);
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_where_nobody_else_sees_it() {
        let link = "https://meet.example/j/123-456-789#secret";
        let text = format!(" {link}\nanother line\n");

        assert_eq!(first_line(text.as_bytes()), link);

        let endless = "x".repeat(10_000);
        assert!(first_line(endless.as_bytes()).len() <= 2_000);
        assert_eq!(first_line([0xff, b'\n'].as_slice()), "");
        assert_eq!(given(link.to_owned()), link);
    }
}
