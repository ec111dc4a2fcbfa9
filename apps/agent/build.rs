//! On Linux, lets the linker find PAM's library where its development package is not installed: under the name that it is loaded by.

#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What programs load. The name without a version is the development package's.
const LOADED: &str = "libpam.so.0";
const LINKED: &str = "libpam.so";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var_os("CARGO_CFG_TARGET_OS").is_none_or(|system| system != "linux") {
        return;
    }
    let Some(out) = env::var_os("OUT_DIR").map(PathBuf::from) else {
        return;
    };
    if let Some(library) = folders()
        .map(|folder| folder.join(LOADED))
        .find(|path| path.exists())
    {
        let link = out.join(LINKED);
        let _before = fs::remove_file(&link);
        if symlink(&library, &link).is_ok() {
            println!("cargo:rustc-link-search=native={}", out.display());
        }
    }
}

/// Whoever builds on another system builds nothing for Linux.
#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Where systems keep libraries of this machine's kind.
fn folders() -> impl Iterator<Item = PathBuf> {
    let architecture = env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default();
    let multiarch = format!("{architecture}-linux-gnu");
    let roots = ["/usr/lib", "/lib", "/usr/lib64", "/lib64"].map(Path::new);
    let of_kind = roots.map(|root| root.join(&multiarch));
    of_kind.into_iter().chain(roots.map(Path::to_path_buf))
}
