//! The folder in which files become the person's.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rustix::fs::{
    AtFlags, Mode, OFlags, RenameFlags, XattrFlags, fsetxattr, open, renameat_with, unlinkat,
};
use rustix::io::Errno;

use super::beneath::open_beneath;
use super::nameless::{give_name, nameless, nameless_in, passing_name};

/// Made when the first file comes.
#[derive(Clone)]
pub struct Downloads(PathBuf);

impl Downloads {
    /// As the person's desktop has it. `None`: they have no home.
    pub fn of_person() -> Option<Self> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let home = PathBuf::from(variable("HOME")?);
        let settings = variable("XDG_CONFIG_HOME");
        let settings = settings.map_or_else(|| home.join(".config"), PathBuf::from);
        let named = variable("XDG_DOWNLOAD_DIR").map(PathBuf::from);
        let set = || in_settings(&home, &fs::read_to_string(settings.join(SETTINGS)).ok()?);
        let folder = named.or_else(set).unwrap_or_else(|| home.join("Downloads"));
        Some(Self(folder.join(OURS)))
    }

    pub fn at(folder: &Path) -> Self {
        Self(folder.join(OURS))
    }

    /// For what is on its way here: on the same disk, as far as that can be known before the folder is made.
    pub(super) fn nameless(&self) -> io::Result<File> {
        let there = self.0.ancestors().find(|folder| folder.is_dir());
        nameless(there.ok_or(io::ErrorKind::NotFound)?)
    }

    /// Gives a file a name here, its own or one that is like it. Where it lies then.
    pub(super) fn take(&self, name: &str, file: &File) -> io::Result<PathBuf> {
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true).mode(0o700).create(&self.0)?;
        let to = self.open()?;
        // Who opens it later can see where it is from; not every file system keeps that.
        let _marked = fsetxattr(file, MARK, b"remote support", XattrFlags::empty());
        match settle(name, |free| give_name(file, &to, free)) {
            Ok(given) => Ok(self.0.join(given)),
            Err(Errno::EXIST) => Err(Errno::EXIST.into()),
            // It is on another disk, or on one that gives no names afterwards.
            Err(_) => self.copy(&to, name, file),
        }
    }

    /// The person's own folder may be a link of theirs; ours in it is none.
    fn open(&self) -> io::Result<OwnedFd> {
        let around = self.0.parent().ok_or(io::ErrorKind::NotFound)?;
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let around = open(around, flags, Mode::empty())?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY;
        Ok(open_beneath(around.as_fd(), OURS, flags, Mode::empty())?)
    }

    /// Without a name first, so that no part of a file ever has it; or beside its place, where that can't be.
    fn copy(&self, to: &OwnedFd, name: &str, file: &File) -> io::Result<PathBuf> {
        let copy = nameless_in(to.as_fd())?;
        fill(&copy, file)?;
        match settle(name, |free| give_name(&copy, to, free)) {
            Ok(given) => Ok(self.0.join(given)),
            Err(_) => self.copy_beside(to, name, file),
        }
    }

    fn copy_beside(&self, to: &OwnedFd, name: &str, file: &File) -> io::Result<PathBuf> {
        let part = passing_name()?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let copy = open_beneath(to.as_fd(), &part, flags, Mode::RUSR | Mode::WUSR)?;
        let rename = |free: &str| renameat_with(to, &part, to, free, RenameFlags::NOREPLACE);
        let settled =
            fill(&File::from(copy), file).and_then(|()| settle(name, rename).map_err(Into::into));
        if settled.is_err() {
            let _gone = unlinkat(to, &part, AtFlags::empty());
        }
        Ok(self.0.join(settled?))
    }
}

fn fill(mut copy: &File, mut file: &File) -> io::Result<()> {
    let _marked = fsetxattr(copy, MARK, b"remote support", XattrFlags::empty());
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut file, &mut copy)?;
    copy.sync_all()
}

/// Under a name that no other file has; which one that is.
fn settle(wanted: &str, name: impl Fn(&str) -> Result<(), Errno>) -> Result<String, Errno> {
    for number in 1..=MOST_ALIKE {
        let free = numbered(wanted, number);
        match name(&free) {
            Ok(()) => return Ok(free),
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Errno::EXIST)
}

fn numbered(name: &str, number: u32) -> String {
    match (number, name.rsplit_once('.')) {
        (1, _) => name.to_owned(),
        (_, Some((stem, extension))) => format!("{stem} ({number}).{extension}"),
        (_, None) => format!("{name} ({number})"),
    }
}

/// `XDG_DOWNLOAD_DIR="$HOME/Downloads"`, of the file that desktops keep.
fn in_settings(home: &Path, settings: &str) -> Option<PathBuf> {
    let is = |line: &str| {
        let value = line.trim().strip_prefix("XDG_DOWNLOAD_DIR=\"")?;
        value.strip_suffix('"').map(str::to_owned)
    };
    let value = settings.lines().find_map(is)?;
    match value.strip_prefix("$HOME") {
        Some(rest) => Some(home.join(rest.trim_start_matches('/'))),
        None => value.starts_with('/').then(|| PathBuf::from(value)),
    }
}

const OURS: &str = "Conclave";
const SETTINGS: &str = "user-dirs.dirs";
const MARK: &str = "user.com.conclave.origin";

/// Sessions number their files from one on, so that names come again.
const MOST_ALIKE: u32 = 1_000;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    // Shows: ABUSE-54.
    #[test]
    fn what_an_earlier_run_left_on_its_way_blocks_no_name() {
        let home = tempfile::tempdir().unwrap();
        let downloads = Downloads::at(home.path());
        fs::create_dir(&downloads.0).unwrap();
        fs::write(downloads.0.join(".1-a.part"), b"left").unwrap();
        let long = "n".repeat(250);
        let to = open(&downloads.0, OFlags::DIRECTORY, Mode::empty()).unwrap();
        let mut file = nameless(home.path()).unwrap();
        file.write_all(b"hello").unwrap();

        for name in ["1-a", &long] {
            let path = downloads.copy_beside(&to, name, &file).unwrap();

            assert_eq!(path, downloads.0.join(name));
            assert_eq!(fs::read(path).unwrap(), b"hello");
        }
        assert_eq!(fs::read_dir(&downloads.0).unwrap().count(), 3);
    }

    #[test]
    fn the_folder_is_the_one_that_the_desktop_says() {
        let home = Path::new("/home/a");
        let is = |settings| in_settings(home, settings);

        let own = "# c\nXDG_DOWNLOAD_DIR=\"$HOME/Geladen\"\n";
        assert_eq!(is(own), Some(home.join("Geladen")));
        let far = "XDG_DOWNLOAD_DIR=\"/data/in\"";
        assert_eq!(is(far), Some("/data/in".into()));
        assert_eq!(is("XDG_DOWNLOAD_DIR=\"in\""), None);
        assert_eq!(is("XDG_MUSIC_DIR=\"/m\""), None);
    }

    #[test]
    fn a_number_comes_before_the_extension() {
        assert_eq!(numbered("1-a.pdf", 1), "1-a.pdf");
        assert_eq!(numbered("1-a.pdf", 2), "1-a (2).pdf");
        assert_eq!(numbered("1-a", 3), "1-a (3)");
    }
}
