use super::*;

/// What the file says, read as a reader does: from its end, by its table of objects.
struct Read {
    /// The strings that each page shows, in their order.
    pages: Vec<Vec<String>>,
}

impl Read {
    fn of(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(text.starts_with("%PDF-1.7\n") && text.ends_with("%%EOF\n"));
        let after = |text: &str, mark: &str| text.split_once(mark).unwrap().1.to_owned();
        let begins: usize = after(text, "startxref\n")
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let entries = text[begins..].lines().skip(3);
        let entries = entries.take_while(|line| line.ends_with(" n "));
        let objects: Vec<_> = entries
            .enumerate()
            .map(|(at, entry)| {
                let offset: usize = entry[..10].parse().unwrap();
                let object = after(&text[offset..], &format!("{} 0 obj\n", at + 1));
                object.split_once("\nendobj").unwrap().0.to_owned()
            })
            .collect();
        let contents = objects.iter().filter(|object| object.contains("stream\n"));
        let pages: Vec<_> = contents.map(|object| Self::strings(object)).collect();
        assert!(objects[1].contains(&format!("/Count {} ", pages.len())));
        Self { pages }
    }

    fn strings(contents: &str) -> Vec<String> {
        let (length, stream) = contents.split_once(" >>\nstream\n").unwrap();
        let stream = stream.strip_suffix("\nendstream").unwrap();
        assert_eq!(length, format!("<< /Length {}", stream.len()));
        let shown = stream
            .lines()
            .filter_map(|line| line.strip_suffix(" Tj ET"));
        shown
            .map(|line| {
                let (_, literal) = line.split_once(" Tm (").unwrap();
                literal.strip_suffix(')').unwrap().to_owned()
            })
            .collect()
    }
}

const COLUMNS: [Column<'_>; 2] = [
    Column {
        name: "Who",
        share: 1,
    },
    Column {
        name: "What",
        share: 3,
    },
];

#[test]
fn a_document_shows_what_it_was_given_in_its_order() {
    let mut document = Document::new("Access (review)", "Clinic, 26 November");
    document.heading("Who may what");
    document.paragraph("One line.\nAnother.");
    document.table(&COLUMNS, [["Amy", "owner"], ["Bo", "member"]]);

    let read = Read::of(&document.finish());

    assert_eq!(
        read.pages,
        [[
            "Access \\(review\\)",
            "Who may what",
            "One line.",
            "Another.",
            "Who",
            "What",
            "Amy",
            "owner",
            "Bo",
            "member",
            "Clinic, 26 November",
            "Page 1 of 1",
        ]]
    );
}

#[test]
fn what_is_attached_is_in_the_file_byte_by_byte_and_its_catalog_leads_there() {
    let note = "{\"said\":\"as it is\"}\n\n\u{2014} key.example AbCd\n";
    let mut document = Document::new("Evidence", "");
    document.attach("evidence.note", note);

    let bytes = document.finish();

    let text = std::str::from_utf8(&bytes).unwrap();
    let stream = format!("/Length {} >>\nstream\n{note}\nendstream", note.len());
    assert!(text.contains(&stream));
    // One page: its object is the sixth, its contents the seventh.
    let catalog =
        "/Names << /EmbeddedFiles << /Names [ (evidence.note) 9 0 R ] >> >> /AF [ 9 0 R ]";
    assert!(text.contains(catalog), "{text}");
    assert!(text.contains("9 0 obj\n<< /Type /Filespec /F (evidence.note)"));
    assert!(text.contains("/EF << /F 8 0 R >>"));
}

#[test]
fn a_long_table_goes_over_pages_that_each_repeat_its_head() {
    let rows: Vec<_> = (0..300)
        .map(|row| [format!("P{row}"), "is in".to_owned()])
        .collect();
    let mut document = Document::new("Sessions", "");
    document.table(&COLUMNS, &rows);

    let read = Read::of(&document.finish());

    let all = read.pages.len();
    assert!((5..10).contains(&all), "{all}");
    for (at, page) in read.pages.iter().enumerate() {
        assert!(page.contains(&"Who".to_owned()), "page {at}");
        assert_eq!(page.last(), Some(&format!("Page {} of {all}", at + 1)));
    }
    let shown = read.pages.iter().flatten();
    let names: Vec<_> = shown
        .filter(|text| text.starts_with('P') && !text.contains(' '))
        .collect();
    assert_eq!(names.len(), 300);
    assert_eq!(names[299], "P299");
}

#[test]
fn a_cell_of_many_words_is_cut_and_leaves_its_neighbours_alone() {
    let long = "word ".repeat(2_000);
    let mut document = Document::new("Long", "");
    document.table(&COLUMNS, [["Amy", long.as_str()], ["Bo", "short"]]);

    let read = Read::of(&document.finish());

    assert_eq!(read.pages.len(), 1);
    let page = &read.pages[0];
    assert!(page.contains(&"\\205".to_owned()) && page.contains(&"short".to_owned()));
}
