//! The names that files get in the inbox: ours, made of theirs, so that their owner knows them again.

use conclave_protocol::remote::{FileName, TransferId};

/// The number comes first, so that no two are alike; then letters, digits and what separates words, and no more.
pub(crate) fn inbox_name(transfer: TransferId, name: &FileName) -> String {
    let (stem, _) = parts(name);
    let stem: String = stem.chars().take(MOST_CHARACTERS).map(plain).collect();
    let number = transfer.0;
    match inbox_extension(name) {
        Some(extension) => format!("{number}-{stem}.{extension}"),
        None => format!("{number}-{stem}"),
    }
}

/// What is behind the dot of the name in the inbox. What is not plain is replaced and never left out: what is left
/// would be another extension.
pub(crate) fn inbox_extension(name: &FileName) -> Option<String> {
    let (_, extension) = parts(name);
    let kept = extension?.chars().take(MOST_EXTENSION);
    Some(
        kept.map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect(),
    )
}

fn parts(name: &FileName) -> (&str, Option<&str>) {
    match name.as_str().rsplit_once('.') {
        Some((stem, extension)) => (stem, Some(extension)),
        None => (name.as_str(), None),
    }
}

fn plain(c: char) -> char {
    match c.is_alphanumeric() || c == '-' {
        true => c,
        false => '_',
    }
}

/// With four bytes each, and the number, still a name that file systems take.
const MOST_CHARACTERS: usize = 50;
const MOST_EXTENSION: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: ABUSE-54.
    #[test]
    fn a_name_in_the_inbox_is_ours_and_can_be_known_again() {
        let made = |name| inbox_name(TransferId(3), &FileName::parse(name).unwrap());

        assert_eq!(made("Arztbrief Müller.pdf"), "3-Arztbrief_Müller.pdf");
        assert_eq!(made("backup.tar.gz"), "3-backup_tar.gz");
        assert_eq!(made("readme"), "3-readme");
        assert_eq!(made("a$(reboot).p d;f"), "3-a__reboot_.p_d_f");
    }

    #[test]
    fn a_name_in_the_inbox_is_short() {
        let long = "日".repeat(60);
        let name = FileName::parse(&long).unwrap();

        assert!(inbox_name(TransferId(u32::MAX), &name).len() <= 255);
    }
}
