//! Opens what lies in a folder, and nothing that a name or a link leads to elsewhere.

use std::os::fd::{BorrowedFd, OwnedFd};

use rustix::fs::{Mode, OFlags, ResolveFlags, openat, openat2};
use rustix::io::Errno;

use super::is_plain;

/// The folder itself, by which it makes files without a name.
pub(super) const ITSELF: &str = ".";

/// The kernel sees to it that no step leads out of the folder, and follows no link on the way.
pub(super) fn open_beneath(
    folder: BorrowedFd<'_>,
    name: &str,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd, Errno> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let inside = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    match openat2(folder, name, flags, mode, inside) {
        // Kernels before 5.6 don't know it. One step that follows no link leads nowhere else.
        Err(Errno::NOSYS) if name == ITSELF || is_plain(name) => openat(folder, name, flags, mode),
        opened => opened,
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::os::fd::AsFd;
    use std::os::unix::fs::symlink;

    use super::*;

    // Shows: ABUSE-54.
    #[test]
    fn no_name_and_no_link_leads_out_of_the_folder() {
        let home = tempfile::tempdir().unwrap();
        let inside = home.path().join("inside");
        fs::create_dir(&inside).unwrap();
        let secret = home.path().join("secret");
        for file in [&secret, &inside.join("own")] {
            fs::write(file, b"x").unwrap();
        }
        symlink(home.path(), inside.join("up")).unwrap();
        symlink(&secret, inside.join("link")).unwrap();
        let folder = File::open(&inside).unwrap();
        let open = |name: &str| open_beneath(folder.as_fd(), name, OFlags::RDONLY, Mode::empty());

        let absolute = secret.to_str().unwrap();
        for name in ["../secret", "up/secret", "link", "up", absolute] {
            assert!(open(name).is_err(), "{name}");
        }
        assert!(open("own").is_ok() && open(ITSELF).is_ok());
    }
}
