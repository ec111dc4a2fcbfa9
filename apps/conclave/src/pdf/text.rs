//! Text as the built-in Helvetica shows it: its characters, how wide they are, and where lines break.

use std::fmt::{self, Display, Formatter};

#[derive(Clone, Copy)]
pub(super) enum Face {
    Regular,
    Bold,
}

#[derive(Clone, Copy)]
pub(super) struct Font {
    pub(super) face: Face,
    /// In points.
    pub(super) size: u32,
}

impl Face {
    /// As each page's resources call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Regular => "F1",
            Self::Bold => "F2",
        }
    }
}

impl Font {
    pub(super) const fn new(face: Face, size: u32) -> Self {
        Self { face, size }
    }

    /// From line to line.
    pub(super) const fn leading(self) -> u32 {
        self.size * 1_350
    }

    /// From a line's lower edge to its baseline.
    pub(super) const fn descent(self) -> u32 {
        self.size * 330
    }

    /// Of the text on one line, or a little more.
    pub(super) fn width(self, text: &str) -> u32 {
        text.chars().map(|c| self.advance(c)).sum()
    }

    /// Lines of this width at the most, of which the first may be empty. What is too long for a line is broken anywhere.
    pub(super) fn wrapped(self, text: &str, width: u32) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut used = 0;
        for word in text.split_whitespace() {
            let gap = if used == 0 { 0 } else { self.advance(' ') };
            let length = self.width(word);
            if used > 0 && used + gap + length > width {
                lines.push(String::new());
                used = 0;
            } else if used > 0 {
                put(&mut lines, ' ');
                used += gap;
            }
            for c in word.chars() {
                let advance = self.advance(c);
                if used > 0 && used + advance > width {
                    lines.push(String::new());
                    used = 0;
                }
                put(&mut lines, c);
                used += advance;
            }
        }
        lines
    }

    fn advance(self, c: char) -> u32 {
        let em = u32::from(thousandths(encoded(c)));
        match self.face {
            Face::Regular => em * self.size,
            // No letter of Helvetica-Bold but the narrowest is wider by more.
            Face::Bold => em * self.size * 9 / 8,
        }
    }
}

fn put(lines: &mut [String], c: char) {
    if let Some(line) = lines.last_mut() {
        line.push(c);
    }
}

/// A string as page contents write it (ISO 32000-1, 7.3.4.2), in ASCII throughout.
pub(super) struct Literal<'a>(pub(super) &'a str);

impl Display for Literal<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for byte in self.0.chars().map(encoded) {
            match byte {
                b'(' | b')' | b'\\' => write!(f, "\\{}", char::from(byte))?,
                b' '..=b'~' => write!(f, "{}", char::from(byte))?,
                _ => write!(f, "\\{byte:03o}")?,
            }
        }
        f.write_str(")")
    }
}

/// In `WinAnsiEncoding` (ISO 32000-1, Annex D.2).
fn encoded(c: char) -> u8 {
    match c {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(c).unwrap_or(b'?'),
        '€' => 0x80,
        '‚' => 0x82,
        '„' => 0x84,
        '…' => 0x85,
        'Š' => 0x8a,
        'Œ' => 0x8c,
        'Ž' => 0x8e,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        'š' => 0x9a,
        'œ' => 0x9c,
        'ž' => 0x9e,
        'Ÿ' => 0x9f,
        c if c.is_whitespace() || c.is_control() => b' ',
        _ => b'?',
    }
}

/// Of an em. Beyond ASCII an upper bound: lines break a little early there.
fn thousandths(byte: u8) -> u16 {
    let ascii = byte.checked_sub(b' ').map(usize::from);
    match (ascii.and_then(|at| ASCII.get(at)), byte) {
        (Some(width), _) => *width,
        (None, 0x85 | 0x8c | 0x97 | 0x9c | 0xc6) => 1_000,
        (None, 0xe6) => 889,
        (None, 0x8a | 0x8e | 0x9f | 0xc0..=0xdf) => 778,
        (None, _) => 611,
    }
}

/// Helvetica's, from the space to the tilde (Adobe, Core 14 font metrics).
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font::new(Face::Regular, 10);

    #[test]
    fn words_stay_whole_where_a_line_has_room_for_them() {
        let width = FONT.width("Waits in the");

        let lines = FONT.wrapped("Waits  in the lobby of a meeting", width);

        assert_eq!(lines, ["Waits in the", "lobby of a", "meeting"]);
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_is_broken() {
        let lines = FONT.wrapped(&"m".repeat(25), FONT.width(&"m".repeat(10)));

        let lengths: Vec<_> = lines.iter().map(String::len).collect();
        assert_eq!(lengths, [10, 10, 5]);
    }

    #[test]
    fn what_would_end_a_string_is_escaped_and_what_is_unknown_is_a_question_mark() {
        assert_eq!(
            Literal("a (b) \\ é – Яна\n").to_string(),
            "(a \\(b\\) \\\\ \\351 \\226 ??? )"
        );
    }
}
