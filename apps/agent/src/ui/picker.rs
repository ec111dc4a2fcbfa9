//! The one file that goes to the technician: the person chooses it in a folder.

use std::path::{Path, PathBuf};

use conclave_protocol::remote::TransferId;

use super::press::Press;

/// Without `Debug`: names of files tell of people.
pub(super) struct Picker {
    pub(super) transfer: TransferId,
    pub(super) folder: PathBuf,
    entries: Vec<Entry>,
    page: usize,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Folders come first.
    pub(super) is_file: bool,
    pub(super) path: PathBuf,
}

/// What became of a press.
pub(super) enum Picked {
    /// This folder is looked into.
    Folder(PathBuf),
    File(PathBuf),
}

/// As many as a window has room for.
pub(super) const ON_A_PAGE: usize = 6;
/// More than anybody looks through.
pub(super) const MOST_ENTRIES: usize = 2_000;

impl Picker {
    pub(super) fn new(transfer: TransferId, folder: PathBuf) -> Self {
        Self {
            transfer,
            folder,
            entries: Vec::new(),
            page: 0,
        }
    }

    pub(super) fn list(&mut self, folder: PathBuf, mut entries: Vec<Entry>) {
        entries.sort();
        entries.truncate(MOST_ENTRIES);
        *self = Self {
            transfer: self.transfer,
            folder,
            entries,
            page: 0,
        };
    }

    pub(super) fn shown(&self) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .skip(self.page * ON_A_PAGE)
            .take(ON_A_PAGE)
    }

    /// From 1, of how many.
    pub(super) fn page(&self) -> (usize, usize) {
        (self.page + 1, self.entries.len().div_ceil(ON_A_PAGE).max(1))
    }

    pub(super) fn turn(&mut self, on: bool) {
        let (_, pages) = self.page();
        self.page = match on {
            true => (self.page + 1).min(pages - 1),
            false => self.page.saturating_sub(1),
        };
    }

    /// By its place on the page.
    pub(super) fn pick(&self, place: usize) -> Option<Picked> {
        let entry = self.shown().nth(place)?;
        let path = entry.path.clone();
        Some(match entry.is_file {
            true => Picked::File(path),
            false => Picked::Folder(path),
        })
    }

    pub(super) fn above(&self) -> Option<PathBuf> {
        self.folder.parent().map(Path::to_owned)
    }

    pub(super) fn stops(&self) -> Vec<Press> {
        let entries = (0..self.shown().count()).map(Press::Entry);
        let after = [Press::FolderAbove, Press::PageBefore, Press::PageAfter];
        std::iter::once(Press::NoFile)
            .chain(entries)
            .chain(after)
            .collect()
    }
}

/// What is in a folder, without what is hidden. A folder that can't be read has nothing in it.
pub(super) fn entries(folder: &Path) -> Vec<Entry> {
    let found = std::fs::read_dir(folder).into_iter().flatten();
    let found = found.filter_map(Result::ok).take(MOST_ENTRIES);
    let seen = found.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    seen.filter_map(|entry| {
        let path = entry.path();
        let kind = std::fs::metadata(&path).ok()?;
        let is_file = kind.is_file();
        (is_file || kind.is_dir()).then_some(Entry { is_file, path })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_first_and_hidden_files_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.txt"), "a").unwrap();
        std::fs::write(folder.path().join(".secret"), "s").unwrap();
        std::fs::create_dir(folder.path().join("z")).unwrap();
        let mut picker = picker();

        picker.list(folder.path().to_owned(), entries(folder.path()));

        assert_eq!(picker.shown().count(), 2);
        assert!(matches!(picker.pick(0), Some(Picked::Folder(it)) if it.ends_with("z")));
        assert!(matches!(picker.pick(1), Some(Picked::File(it)) if it.ends_with("a.txt")));
        assert!(picker.pick(2).is_none());
    }

    #[test]
    fn pages_have_an_end() {
        let mut picker = picker();
        let many = (0..=ON_A_PAGE).map(|number| Entry {
            is_file: true,
            path: PathBuf::from(format!("/{number}")),
        });
        picker.list(PathBuf::from("/"), many.collect());

        for _ in 0..3 {
            picker.turn(true);
        }
        assert_eq!((picker.page(), picker.shown().count()), ((2, 2), 1));
        for _ in 0..3 {
            picker.turn(false);
        }
        assert_eq!(picker.page(), (1, 2));
        assert_eq!(picker.above(), None);
    }

    #[test]
    fn a_folder_that_can_not_be_read_is_empty() {
        assert!(entries(Path::new("/nowhere/at/all")).is_empty());
    }

    fn picker() -> Picker {
        Picker::new(TransferId(1), PathBuf::from("/"))
    }
}
