//! A rustc with the target for browsers from Debian's packages: unpacked into a kept folder, never installed.
//!
//! Debian builds `rustc-web` for its own browsers. It knows the target and brings its library's sources, but not the
//! library built; that takes a minute or two, once. With the sources that are kept Cargo builds it for other systems, too.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::compiler::{TARGET, has_target};
use super::kept;
use crate::shell;

/// Counts the ways in which the folder was ever made: a kept one of another way isn't found.
pub(super) const EDITION: u32 = 3;

/// The program `rustc` of the kept folder.
pub(super) fn compiler() -> Result<PathBuf> {
    let name = format!("wasm-compiler-{EDITION}-{}", std::env::consts::ARCH);
    let folder = kept::folder(&name, |kept| has_target(&kept.join("rustc"), TARGET), make)?;
    Ok(folder.join("rustc"))
}

fn make(folder: &Path) -> Result<()> {
    println!(
        "making a compiler for browsers of Debian's rustc-web, once, about 140 MB to download (`rustup target add {TARGET}` spares this)"
    );
    let apt = Apt::update(&folder.join("apt"))?;
    apt.download(&apt.packages()?)?;
    unpack(&folder.join("apt"), folder)?;
    let host = host(folder)?;
    write_program(folder, &host)?;
    link_linker(folder, &host)?;
    build_std(folder)?;
    build_startup(folder)?;
    for done in ["apt", "std", "usr/share"] {
        fs::remove_dir_all(folder.join(done))?;
    }
    keep_library(&folder.join("usr/src"))?;
    ensure!(
        has_target(&folder.join("rustc"), TARGET),
        "Debian's rustc-web does not compile for {TARGET}, or is older than Rust {}",
        env!("CARGO_PKG_RUST_VERSION")
    );
    Ok(())
}

/// apt with lists of its own: it needs no rights, and finds today's versions where nobody ever ran `apt-get update`.
struct Apt {
    folder: PathBuf,
}

impl Apt {
    fn update(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join("lists/partial"))?;
        fs::create_dir_all(folder.join("cache/archives/partial"))?;
        let apt = Self {
            folder: folder.to_path_buf(),
        };
        // A source of somebody else's that fails is not our business: what matters is found below, or not.
        let _some_failed = shell::run(apt.command("apt-get").args(["-q", "update"]));
        Ok(apt)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("LC_ALL", "C");
        for (option, value) in [("Dir::State::lists", "lists"), ("Dir::Cache", "cache")] {
            let value = self.folder.join(value);
            command.args(["-o", &format!("{option}={}", value.display())]);
        }
        command.args(["-o", "APT::Sandbox::User=root"]);
        command
    }

    /// The compiler, its sources, its linker, and what this machine lacks of that which they need.
    fn packages(&self) -> Result<Vec<String>> {
        let mut names: Vec<String> = ["rustc-web", "rust-web-src"].map(str::to_owned).into();
        let mut depends = self.command("apt-cache");
        depends.args(["depends", "--recurse", "--important", "rustc-web"]);
        for name in shell::output(&mut depends)?.lines() {
            if name.starts_with("libstd-rust-web-") {
                names.push(name.to_owned());
            } else if let Some(version) = name.strip_prefix("libllvm") {
                names.push(name.to_owned());
                names.push(format!("lld-{version}"));
            }
        }
        let mut simulate = self.command("apt-get");
        simulate.args(["install", "--simulate", "--no-install-recommends"]);
        let plan = shell::output(simulate.args(&names))?;
        names.extend(plan.lines().filter_map(installs).map(str::to_owned));
        names.sort();
        names.dedup();
        Ok(names)
    }

    fn download(&self, packages: &[String]) -> Result<()> {
        shell::run(
            self.command("apt-get")
                .args(["-q", "download"])
                .args(packages),
        )
    }
}

/// The package that a line of apt's plan would install: `Inst NAME (…)`; one that is there (`Inst NAME [old] …`) may stay.
fn installs(line: &str) -> Option<&str> {
    let (name, version) = line.strip_prefix("Inst ")?.split_once(' ')?;
    version.starts_with('(').then_some(name)
}

fn unpack(packages: &Path, folder: &Path) -> Result<()> {
    for entry in fs::read_dir(packages)? {
        let package = entry?.path();
        if package.extension() == Some(OsStr::new("deb")) {
            let mut extract = Command::new("dpkg-deb");
            shell::output(extract.arg("--extract").args([&package, folder]))?;
        }
    }
    Ok(())
}

/// The machine in rustc's words, by its library's folder: `x86_64-unknown-linux-gnu`.
fn host(folder: &Path) -> Result<String> {
    fs::read_dir(folder.join("usr/lib/rustlib"))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| name.contains("-linux-"))
        .context("Debian's rustc-web has no library for this machine")
}

/// A rustc that finds its own libraries wherever the folder stands.
fn write_program(folder: &Path, host: &str) -> Result<()> {
    let libraries = host.replace("-unknown-", "-");
    let program = folder.join("rustc");
    let script = format!(
        "#!/bin/sh\nhere=${{0%/*}}\nLD_LIBRARY_PATH=$here/usr/lib/{libraries}\nexport LD_LIBRARY_PATH\nexec \"$here/usr/bin/rustc\" \"$@\"\n"
    );
    fs::write(&program, script)?;
    Ok(fs::set_permissions(
        &program,
        fs::Permissions::from_mode(0o755),
    )?)
}

/// rustc looks for its linker beside its library, under the name that Rust's own has.
fn link_linker(folder: &Path, host: &str) -> Result<()> {
    let llvm = fs::read_dir(folder.join("usr/lib"))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| name.starts_with("llvm-"))
        .context("Debian's linker is not where it used to be")?;
    let programs = folder.join("usr/lib/rustlib").join(host).join("bin");
    fs::create_dir_all(&programs)?;
    let linker = format!("../../../{llvm}/bin/lld");
    Ok(symlink(linker, programs.join("rust-lld"))?)
}

/// Builds the target's library with this very rustc, and puts it where rustc looks for one.
fn build_std(folder: &Path) -> Result<()> {
    let package = folder.join("std");
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("src/lib.rs"), "")?;
    fs::write(
        package.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    let vendored = folder.join("usr/lib/rustlib/src/rust/library/vendor");
    let mut build = Command::new("cargo");
    build
        .current_dir(&package)
        .args([
            "--config",
            "source.crates-io.replace-with = 'vendored'",
            "--config",
        ])
        .arg(format!(
            "source.vendored.directory = '{}'",
            vendored.display()
        ))
        .args(["build", "--release", "--offline", "--target", TARGET])
        .args(["-Zbuild-std=std,panic_abort", "--target-dir", "target"])
        // A browser shows no backtrace of ours, and what reads debug information is a quarter of the library.
        .arg("-Zbuild-std-features=")
        .env("RUSTC", folder.join("rustc"))
        .env("RUSTC_BOOTSTRAP", "1");
    // Without its bitcode the library takes no part in link-time optimisation.
    let bitcode = "-Cembed-bitcode=yes".to_owned();
    super::set_flags(&mut build, &[bitcode, super::renamed(folder, "rust")]);
    shell::run(&mut build)?;
    let library = folder.join("usr/lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&library)?;
    for file in kept::files(&package.join("target").join(TARGET))? {
        let name = file.file_name().unwrap_or_default();
        let ours = name.to_string_lossy().starts_with("libempty");
        if file.extension() == Some(OsStr::new("rlib")) && !ours {
            fs::copy(&file, library.join(name))?;
        }
    }
    Ok(())
}

/// What a program for Windows begins and ends with: rustc looks for it beside the library, and Cargo builds only that.
fn build_startup(folder: &Path) -> Result<()> {
    let rustlib = folder.join("usr/lib/rustlib");
    let sources = rustlib.join("src/rust/library/rtstartup");
    let library = rustlib.join(WINDOWS).join("lib");
    fs::create_dir_all(&library)?;
    for part in ["rsbegin", "rsend"] {
        let mut build = Command::new(folder.join("rustc"));
        build.args(["--target", WINDOWS, "--emit=obj", "-o"]);
        build.arg(library.join(part).with_extension("o"));
        build.arg(sources.join(part).with_extension("rs"));
        shell::run(build.env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}

const WINDOWS: &str = "x86_64-pc-windows-gnu";

/// Of the compiler's own sources, which are most of them, nothing is needed.
fn keep_library(sources: &Path) -> Result<()> {
    for release in fs::read_dir(sources)? {
        for part in fs::read_dir(release?.path())? {
            let part = part?;
            if part.file_type()?.is_dir() && part.file_name() != "library" {
                fs::remove_dir_all(part.path())?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_plan_adds_is_downloaded() {
        assert_eq!(
            installs("Inst libz3-4 (4.8 Debian:12 [amd64])"),
            Some("libz3-4")
        );
    }

    #[test]
    fn what_the_plan_only_renews_stays() {
        assert_eq!(installs("Inst libc6 [2.35] (2.36 Debian:12 [amd64])"), None);
    }

    #[test]
    fn other_lines_of_the_plan_are_no_packages() {
        assert_eq!(installs("Conf rustc-web (1.96.0)"), None);
    }
}
