//! The file around the pages: objects, where each begins, and the trailer (ISO 32000-1, 7.5).

use std::fmt::Write;

use super::Points;
use super::text::Literal;

pub(super) struct File {
    text: String,
    /// Where each object begins, the first being number 1.
    offsets: Vec<usize>,
}

impl File {
    pub(super) fn of(
        title: &str,
        (width, height): (u32, u32),
        pages: &[String],
        attached: &[(String, String)],
    ) -> Self {
        let text = String::from("%PDF-1.7\n");
        let offsets = Vec::new();
        let mut file = Self { text, offsets };
        let (width, height) = (Points(width), Points(height));
        let kids: String = (0..pages.len())
            .map(|at| format!("{} 0 R ", page_number(at)))
            .collect();
        file.object(&format!(
            "<< /Type /Catalog /Pages 2 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >>{} >>",
            names(pages.len(), attached)
        ));
        file.object(&format!(
            "<< /Type /Pages /Count {} /Kids [ {kids}] /MediaBox [ 0 0 {width} {height} ] \
             /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
            pages.len()
        ));
        for face in ["Helvetica", "Helvetica-Bold"] {
            file.object(&format!(
                "<< /Type /Font /Subtype /Type1 /BaseFont /{face} /Encoding /WinAnsiEncoding >>"
            ));
        }
        file.object(&format!(
            "<< /Title {} /Producer (Conclave) >>",
            wide(title)
        ));
        for (at, page) in pages.iter().enumerate() {
            let contents = page_number(at) + 1;
            file.object(&format!(
                "<< /Type /Page /Parent 2 0 R /Contents {contents} 0 R >>"
            ));
            file.object(&format!(
                "<< /Length {} >>\nstream\n{page}\nendstream",
                page.len()
            ));
        }
        for (at, (name, text)) in attached.iter().enumerate() {
            let (name, contents) = (Literal(name), attachment_number(pages.len(), at));
            file.object(&format!(
                "<< /Type /EmbeddedFile /Subtype /text#2Fplain /Length {} >>\nstream\n{text}\nendstream",
                text.len()
            ));
            file.object(&format!(
                "<< /Type /Filespec /F {name} /UF {name} /AFRelationship /Source /EF << /F {contents} 0 R >> >>"
            ));
        }
        file
    }

    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        let begins = self.text.len();
        let size = self.offsets.len() + 1;
        let _ = write!(self.text, "xref\n0 {size}\n0000000000 65535 f \n");
        for offset in &self.offsets {
            let _ = writeln!(self.text, "{offset:010} 00000 n ");
        }
        let _ = write!(
            self.text,
            "trailer\n<< /Size {size} /Root 1 0 R /Info {INFO} 0 R >>\nstartxref\n{begins}\n%%EOF\n"
        );
        self.text.into_bytes()
    }

    fn object(&mut self, body: &str) {
        self.offsets.push(self.text.len());
        let number = self.offsets.len();
        let _ = writeln!(self.text, "{number} 0 obj\n{body}\nendobj");
    }
}

/// Before the pages are the catalog, their list, two fonts and the title.
const INFO: usize = 5;

/// Of the page at this place; its contents follow it.
fn page_number(at: usize) -> usize {
    INFO + 1 + 2 * at
}

/// Of the contents of what is attached at this place; its description follows them.
fn attachment_number(pages: usize, at: usize) -> usize {
    page_number(pages) + 2 * at
}

/// What the catalog says of the files that it carries (7.11.4); nothing where there are none.
fn names(pages: usize, attached: &[(String, String)]) -> String {
    if attached.is_empty() {
        return String::new();
    }
    let description = |at| attachment_number(pages, at) + 1;
    let names = attached.iter().enumerate();
    let names = names.map(|(at, (name, _))| format!("{} {} 0 R ", Literal(name), description(at)));
    let files = (0..attached.len()).map(|at| format!("{} 0 R ", description(at)));
    format!(
        " /Names << /EmbeddedFiles << /Names [ {}] >> >> /AF [ {}]",
        names.collect::<String>(),
        files.collect::<String>()
    )
}

/// A text string (7.9.2.2) in UTF-16, as readers show it in a window's title.
fn wide(text: &str) -> String {
    let units = text.encode_utf16().map(|unit| format!("{unit:04X}"));
    format!("<FEFF{}>", units.collect::<String>())
}
