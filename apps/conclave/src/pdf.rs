//! A report on paper: headings, paragraphs and tables, laid out on pages of A4.
//!
//! The text is the reader's own Helvetica: no font is embedded, and what its encoding lacks is shown as a question mark.
//! The same content gives the same bytes.

mod file;
mod text;

use std::fmt::Write;

use file::File;
use text::{Face, Font};

/// A document in the making: what is added follows what is there.
pub struct Document {
    title: String,
    footer: String,
    /// What each page shows, in PDF's operators (ISO 32000-1, 9.4).
    pages: Vec<String>,
    /// How far the last page is free, from its lower edge.
    free: u32,
    /// Names and contents of files that it carries.
    attached: Vec<(String, String)>,
}

/// A column of a table.
#[derive(Clone, Copy)]
pub struct Column<'a> {
    pub name: &'a str,
    /// Its part of the width, beside those of the others.
    pub share: u32,
}

impl Document {
    /// `footer` stands on each page, beside its number.
    #[must_use]
    pub fn new(title: &str, footer: &str) -> Self {
        let mut document = Self {
            title: title.to_owned(),
            footer: footer.to_owned(),
            pages: vec![String::new()],
            free: TOP,
            attached: Vec::new(),
        };
        document.lines(title, TITLE, 0);
        document.space(TITLE.leading() / 2);
        document
    }

    pub fn heading(&mut self, text: &str) {
        self.space(HEADING.leading() / 2);
        // Never alone at the foot of a page.
        self.lines(text, HEADING, 3 * TEXT.leading());
        self.space(TEXT.leading() / 4);
    }

    /// Line breaks in it stay.
    pub fn paragraph(&mut self, text: &str) {
        for part in text.split('\n') {
            self.lines(part, TEXT, 0);
        }
        self.space(TEXT.leading() / 2);
    }

    /// A cell beyond the last column is left out, one that lacks is empty. The head stands again on each page.
    pub fn table<R, S>(&mut self, columns: &[Column<'_>], rows: R)
    where
        R: IntoIterator,
        R::Item: AsRef<[S]>,
        S: AsRef<str>,
    {
        let layout = Layout::of(columns);
        let names: Vec<_> = columns.iter().map(|column| column.name).collect();
        let head = layout.row(&names, HEAD);
        self.room(head.height() + 2 * CELL.leading());
        self.show(&head, &layout);
        for row in rows {
            let row = layout.row(row.as_ref(), CELL);
            if row.height() > self.free.saturating_sub(BOTTOM) {
                self.turn_over();
                self.show(&head, &layout);
            }
            self.show(&row, &layout);
        }
        self.space(TEXT.leading() / 2);
    }

    /// Carries a text along, which readers save under this name.
    pub fn attach(&mut self, name: &str, text: &str) {
        self.attached.push((name.to_owned(), text.to_owned()));
    }

    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        // Readers look for a name by halves (ISO 32000-1, 7.9.6).
        self.attached.sort_unstable();
        let of = self.pages.len();
        for (at, page) in self.pages.iter_mut().enumerate() {
            write_at(page, &self.footer, FOOT, LEFT, FOOTER);
            let number = format!("Page {} of {of}", at + 1);
            let x = RIGHT.saturating_sub(FOOT.width(&number));
            write_at(page, &number, FOOT, x, FOOTER);
        }
        let size = (WIDTH, HEIGHT);
        File::of(&self.title, size, &self.pages, &self.attached).into_bytes()
    }

    /// Breaks the text into lines and adds them, each with room for itself and `more`.
    fn lines(&mut self, text: &str, font: Font, more: u32) {
        for line in font.wrapped(text, RIGHT - LEFT) {
            self.room(font.leading() + more);
            self.free -= font.leading();
            let baseline = self.free + font.descent();
            write_at(self.page(), &line, font, LEFT, baseline);
        }
    }

    /// A row with a line below it. With [`MOST_LINES`] in a cell each page has room for one.
    fn show(&mut self, row: &Row, layout: &Layout) {
        let top = self.free;
        self.free = top.saturating_sub(row.height()).max(BOTTOM);
        let rule = self.free;
        for (cell, (x, _)) in row.cells.iter().zip(&layout.columns) {
            let mut baseline = top;
            for line in cell {
                baseline = baseline.saturating_sub(row.font.leading());
                write_at(
                    self.page(),
                    line,
                    row.font,
                    *x,
                    baseline + row.font.descent(),
                );
            }
        }
        let (left, right, rule) = (Points(LEFT), Points(RIGHT), Points(rule));
        let _ = writeln!(
            self.page(),
            "0.6 G 0.5 w {left} {rule} m {right} {rule} l S"
        );
    }

    /// Turns over where the page has less room than this.
    fn room(&mut self, height: u32) {
        if height > self.free.saturating_sub(BOTTOM) {
            self.turn_over();
        }
    }

    /// None at the top of a page.
    fn space(&mut self, height: u32) {
        if self.free < TOP {
            self.free = self.free.saturating_sub(height).max(BOTTOM);
        }
    }

    fn turn_over(&mut self) {
        self.pages.push(String::new());
        self.free = TOP;
    }

    fn page(&mut self) -> &mut String {
        self.pages.last_mut().expect("there is a first page")
    }
}

/// Where a table's columns begin, and how wide they are.
struct Layout {
    columns: Vec<(u32, u32)>,
}

/// A table's row, broken into lines.
struct Row {
    cells: Vec<Vec<String>>,
    font: Font,
}

impl Layout {
    fn of(columns: &[Column<'_>]) -> Self {
        let shares: u32 = columns.iter().map(|column| column.share).sum();
        let mut x = LEFT;
        let columns = columns.iter().map(|column| {
            let width = (RIGHT - LEFT) / shares.max(1) * column.share;
            let begins = x;
            x += width;
            (begins, width.saturating_sub(GAP))
        });
        Self {
            columns: columns.collect(),
        }
    }

    fn row<S: AsRef<str>>(&self, cells: &[S], font: Font) -> Row {
        let cells = cells.iter().zip(&self.columns);
        let cells = cells.map(|(cell, (_, width))| {
            let mut lines = font.wrapped(cell.as_ref(), *width);
            if lines.len() > MOST_LINES {
                lines.truncate(MOST_LINES - 1);
                lines.push("\u{2026}".to_owned());
            }
            lines
        });
        Row {
            cells: cells.collect(),
            font,
        }
    }
}

impl Row {
    fn height(&self) -> u32 {
        let lines = self.cells.iter().map(Vec::len).max().unwrap_or_default();
        let lines = u32::try_from(lines).expect("a cell has a few lines");
        lines.max(1) * self.font.leading() + PADDING
    }
}

fn write_at(page: &mut String, text: &str, font: Font, x: u32, y: u32) {
    let (x, y, text) = (Points(x), Points(y), text::Literal(text));
    let (face, size) = (font.face.name(), font.size);
    let _ = writeln!(page, "BT /{face} {size} Tf 1 0 0 1 {x} {y} Tm {text} Tj ET");
}

/// A length in thousandths of a point, written in points. All lengths here are in thousandths.
struct Points(u32);

impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(thousandths) = self;
        write!(f, "{}.{:03}", thousandths / 1_000, thousandths % 1_000)
    }
}

/// A4: 210 by 297 mm.
const WIDTH: u32 = 595_276;
const HEIGHT: u32 = 841_890;
const LEFT: u32 = 50_000;
const RIGHT: u32 = WIDTH - LEFT;
const TOP: u32 = HEIGHT - 55_000;
const BOTTOM: u32 = 60_000;
const FOOTER: u32 = 35_000;

/// Between columns, and below a row's text.
const GAP: u32 = 8_000;
const PADDING: u32 = 3_000;
/// A cell is a few words. What is longer would push its neighbours off the page.
const MOST_LINES: usize = 12;

const TITLE: Font = Font::new(Face::Bold, 18);
const HEADING: Font = Font::new(Face::Bold, 12);
const TEXT: Font = Font::new(Face::Regular, 10);
const HEAD: Font = Font::new(Face::Bold, 8);
const CELL: Font = Font::new(Face::Regular, 8);
const FOOT: Font = Font::new(Face::Regular, 8);

#[cfg(test)]
mod tests;
