//! A folder that is made once, whole, and shared by every checkout of this machine's user.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell;

/// The file of a kept folder that names all others, one a line: length in bytes, a space, path.
const CONTENTS: &str = "contents.txt";

/// The kept folder `name`; `make` fills an empty one where none is whole and `good`.
///
/// What was made is moved to its place in one step, and a second maker waits for the first, so nobody meets half of it.
pub(super) fn folder(
    name: &str,
    good: impl Fn(&Path) -> bool,
    make: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let (parent, lock) = parent(name)?;
    let folder = parent.join(name);
    lock.lock()
        .with_context(|| format!("could not lock {}", parent.display()))?;
    if is_whole(&folder) && good(&folder) {
        return Ok(folder);
    }
    let making = parent.join(format!("{name}.making"));
    clear(&folder)?;
    clear(&making)?;
    fs::create_dir(&making)?;
    make(&making)?;
    fs::write(making.join(CONTENTS), contents(&making)?)?;
    fs::rename(&making, &folder)?;
    Ok(folder)
}

/// Where kept folders are, and the lock of this one: in the user's cache, or below the target folder for who has none.
fn parent(name: &str) -> Result<(PathBuf, File)> {
    let lock = |parent: PathBuf| -> Result<(PathBuf, File)> {
        fs::create_dir_all(&parent)?;
        let lock = File::create(parent.join(format!("{name}.lock")))?;
        Ok((parent, lock))
    };
    let target = shell::target().join("kept");
    cache()
        .context("nobody's cache")
        .and_then(lock)
        .or_else(|_| lock(target.clone()))
        .with_context(|| format!("could not write to {}", target.display()))
}

fn cache() -> Option<PathBuf> {
    std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .map(|cache| cache.join("conclave"))
}

fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("could not remove {}", folder.display()))?;
    }
    Ok(())
}

fn is_whole(folder: &Path) -> bool {
    fs::read_to_string(folder.join(CONTENTS)).is_ok_and(|contents| {
        contents.lines().all(|line| {
            line.split_once(' ').is_some_and(|(length, path)| {
                fs::metadata(folder.join(path)).is_ok_and(|file| file.len().to_string() == length)
            })
        })
    })
}

fn contents(folder: &Path) -> Result<String> {
    let mut contents = String::new();
    for path in files(folder)? {
        let length = fs::metadata(&path)?.len();
        let path = path.strip_prefix(folder)?.display();
        writeln!(contents, "{length} {path}")?;
    }
    Ok(contents)
}

/// Every file below the folder; links to files count, links to folders don't.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.append(&mut self::files(&entry.path())?);
        } else if entry.path().is_file() {
            files.push(entry.path());
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(name: &str) -> PathBuf {
        let folder = shell::target().join("kept-tests").join(name);
        clear(&folder).unwrap();
        fs::create_dir_all(folder.join("lib")).unwrap();
        fs::write(folder.join("lib/std"), "12345").unwrap();
        fs::write(folder.join(CONTENTS), contents(&folder).unwrap()).unwrap();
        folder
    }

    #[test]
    fn what_was_written_down_is_whole() {
        assert!(is_whole(&filled("whole")));
    }

    #[test]
    fn a_file_cut_short_is_noticed() {
        let folder = filled("short");

        fs::write(folder.join("lib/std"), "1234").unwrap();

        assert!(!is_whole(&folder));
    }

    #[test]
    fn a_lost_file_is_noticed() {
        let folder = filled("lost");

        fs::remove_file(folder.join("lib/std")).unwrap();

        assert!(!is_whole(&folder));
    }

    #[test]
    fn a_folder_without_its_list_is_not_whole() {
        let folder = filled("listless");

        fs::remove_file(folder.join(CONTENTS)).unwrap();

        assert!(!is_whole(&folder));
    }
}
