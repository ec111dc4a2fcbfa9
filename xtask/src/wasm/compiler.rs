//! Which rustc compiles for browsers.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{debian, kept};
use crate::shell;

pub(super) const TARGET: &str = "wasm32-unknown-unknown";

const BY_HAND: &str = "`rustup target add wasm32-unknown-unknown`, or your distribution's package of Rust's standard \
                       library for that target, gives this machine what the browser's part needs";

/// What Cargo is to run as its rustc. `None`: the one that it runs anyway has the target.
pub(super) fn compiler() -> Result<Option<PathBuf>> {
    if active_has(TARGET) {
        return Ok(None);
    }
    if !Path::new("/etc/debian_version").exists() {
        bail!("rustc here does not compile for {TARGET}: {BY_HAND}");
    }
    debian::compiler().map(Some).context(BY_HAND)
}

/// What Cargo is to run as its rustc for a target whose library it builds itself: it has that library's sources. `None`: the
/// one that it runs anyway has the target.
pub(crate) fn with_sources(target: &str) -> Result<Option<PathBuf>> {
    if active_has(target) {
        return Ok(None);
    }
    let by_hand = || format!("`rustup target add {target}` gives this machine what it needs");
    if !Path::new("/etc/debian_version").exists() {
        bail!("rustc here does not compile for {target}: {}", by_hand());
    }
    debian::compiler().map(Some).with_context(by_hand)
}

fn active_has(target: &str) -> bool {
    let active = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    has_target(Path::new(&active), target)
}

/// Does this rustc have the target's standard library, and is it young enough for our code?
pub(super) fn has_target(rustc: &Path, target: &str) -> bool {
    let print = |arguments: &[&str]| {
        let mut command = Command::new(rustc);
        shell::output(command.current_dir(shell::root()).args(arguments))
    };
    let young = print(&["--version"]).is_ok_and(|version| is_young_enough(&version));
    let library = print(&["--print", "target-libdir", "--target", target]);
    young && library.is_ok_and(|folder| holds_std(Path::new(folder.trim())))
}

fn holds_std(folder: &Path) -> bool {
    kept::files(folder).is_ok_and(|files| {
        files.iter().any(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

/// `version` is what rustc says of itself: `rustc 1.96.0 (…)`.
fn is_young_enough(version: &str) -> bool {
    let number = |version: &str| -> Option<(u32, u32)> {
        let mut parts = version.split('.').map(str::parse);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    };
    version
        .split_whitespace()
        .nth(1)
        .and_then(number)
        .is_some_and(|version| Some(version) >= number(env!("CARGO_PKG_RUST_VERSION")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rustc_older_than_our_code_is_not_taken() {
        assert!(!is_young_enough("rustc 1.63.0"));
    }

    #[test]
    fn a_rustc_of_a_distribution_is_read() {
        assert!(is_young_enough(
            "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"
        ));
    }

    #[test]
    fn what_is_no_version_is_not_taken() {
        assert!(!is_young_enough("sccache"));
    }
}
