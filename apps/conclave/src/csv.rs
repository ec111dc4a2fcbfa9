//! A table as a file for spreadsheets (RFC 4180), in which no cell is a formula.

/// Lines end with CRLF, and every field is quoted: also where a reader takes semicolons for separators, a cell begins
/// where it was meant to.
pub struct Csv {
    text: String,
}

impl Csv {
    #[must_use]
    pub fn new(head: &[&str]) -> Self {
        let text = String::from(BYTE_ORDER_MARK);
        let mut csv = Self { text };
        csv.row(head);
        csv
    }

    pub fn row<S: AsRef<str>>(&mut self, fields: &[S]) {
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.field(field.as_ref());
        }
        self.text.push_str("\r\n");
    }

    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }

    fn field(&mut self, field: &str) {
        self.text.push('"');
        if field.starts_with(BEGINS_A_FORMULA) {
            self.text.push('\'');
        }
        self.text.push_str(&field.replace('"', "\"\""));
        self.text.push('"');
    }
}

/// OWASP, CSV injection: with their full-width forms, which some spreadsheets take for the same.
const BEGINS_A_FORMULA: [char; 11] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];
/// Without it, spreadsheets take UTF-8 for the machine's old encoding.
const BYTE_ORDER_MARK: char = '\u{feff}';

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &[[&str; 2]]) -> Vec<String> {
        let mut csv = Csv::new(&["who", "what"]);
        for row in rows {
            csv.row(row);
        }
        let text = csv.finish();
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap();
        text.strip_suffix("\r\n")
            .unwrap()
            .split("\r\n")
            .map(str::to_owned)
            .collect()
    }

    // Shows: REQ-AU-03, ABUSE-29.
    #[test]
    fn no_cell_begins_a_formula() {
        for begins in BEGINS_A_FORMULA {
            let cell = format!("{begins}HYPERLINK(\"http://evil.example\")");
            let mut csv = Csv::new(&["name"]);
            csv.row(&[&cell]);

            let expected = format!("\r\n\"'{begins}HYPERLINK(\"\"http://evil.example\"\")\"\r\n");
            assert!(csv.finish().ends_with(&expected), "{begins:?}");
        }
    }

    #[test]
    fn separators_quotes_and_line_breaks_stay_inside_of_their_cell() {
        assert_eq!(
            lines(&[["Amy, \"A\"", "one;=two"], ["a\nb", ""]]),
            [
                "\"who\",\"what\"",
                "\"Amy, \"\"A\"\"\",\"one;=two\"",
                "\"a\nb\",\"\"",
            ]
        );
    }
}
