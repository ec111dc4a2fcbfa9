//! A folder in memory for what tests write: they make some thousand databases, and each waits for its disk.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell;

/// Removed with all that is in it when dropped.
pub(crate) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// `None` where memory has no room for it, or programs can't be started from there.
    pub(crate) fn in_memory() -> Result<Option<Self>> {
        let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
        let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        if !may_start_programs(&mounts) || available(&memory) < ROOM || free() < ROOM {
            return Ok(None);
        }
        let folder = Path::new(PLACE).join(format!("conclave-{}", std::process::id()));
        let _of_one_that_was_killed = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder)
            .with_context(|| format!("could not make {}", folder.display()))?;
        Ok(Some(Self { folder }))
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _left = std::fs::remove_dir_all(&self.folder);
    }
}

/// Where Linux keeps shared memory as files.
const PLACE: &str = "/dev/shm";

/// In KiB: several times what is there at once.
const ROOM: u64 = 8 << 20;

/// By `/proc/mounts`.
fn may_start_programs(mounts: &str) -> bool {
    let line = mounts
        .lines()
        .map(|line| line.split(' ').collect::<Vec<_>>())
        .rfind(|words| words.get(1) == Some(&PLACE));
    let options = line.as_ref().and_then(|words| words.get(3));
    options.is_some_and(|options| !options.split(',').any(|option| option == "noexec"))
}

/// What can be used without swapping, in KiB, by `/proc/meminfo`.
fn available(memory: &str) -> u64 {
    let line = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"));
    let number = line.and_then(|rest| rest.trim().strip_suffix(" kB"));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// What has room there, in KiB; nothing where this machine's `df` does not say so.
fn free() -> u64 {
    let line = ["df", "-k", "--output=avail", PLACE];
    let table = shell::output(&mut shell::command(".", &line)).unwrap_or_default();
    let number = table.lines().nth(1).map(str::trim);
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_used_that_is_mounted_and_starts_programs() {
        let mounted =
            |options: &str| format!("proc /proc proc rw 0 0\ntmpfs /dev/shm tmpfs {options} 0 0\n");

        assert!(may_start_programs(&mounted("rw,nosuid,nodev")));
        assert!(!may_start_programs(&mounted("rw,nosuid,noexec")));
        assert!(!may_start_programs("tmpfs /dev tmpfs rw 0 0\n"));
    }

    #[test]
    fn memory_is_read_in_kibibytes() {
        assert_eq!(
            available("MemTotal: 9 kB\nMemAvailable:   20480 kB\n"),
            20_480
        );
        assert_eq!(available(""), 0);
    }
}
