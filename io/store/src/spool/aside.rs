//! Acts that can never be done, or not be read, kept for a person to look at: one JSON text a line.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

pub(super) struct Aside {
    path: PathBuf,
}

impl Aside {
    /// Made when there is something to keep.
    pub(super) fn beside(spool: &Path) -> Self {
        Self {
            path: spool.with_extension("aside"),
        }
    }

    /// Durable when it returns. What a crash repeats is kept twice.
    pub(super) fn keep<Act: Serialize>(&self, acts: &[Act]) -> io::Result<()> {
        let mut lines = Vec::new();
        for act in acts {
            serde_json::to_writer(&mut lines, act)?;
            lines.push(b'\n');
        }
        self.append(&lines)
    }

    /// As [`Self::keep`], payloads as they stand in the spool.
    pub(super) fn keep_unread(&self, payloads: &[Vec<u8>]) -> io::Result<()> {
        let mut lines = Vec::new();
        for payload in payloads {
            lines.extend_from_slice(payload);
            lines.push(b'\n');
        }
        self.append(&lines)
    }

    fn append(&self, lines: &[u8]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)?;
        file.write_all(lines)?;
        file.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_added_to_what_was() {
        let dir = tempfile::tempdir().unwrap();
        let spool = dir.path().join("spool");
        let aside = Aside::beside(&spool);

        aside.keep::<&str>(&[]).unwrap();
        assert!(!dir.path().join("spool.aside").exists());
        aside.keep(&["one", "two"]).unwrap();
        aside.keep(&["three"]).unwrap();

        let kept = std::fs::read_to_string(dir.path().join("spool.aside")).unwrap();
        assert_eq!(kept, "\"one\"\n\"two\"\n\"three\"\n");
    }
}
