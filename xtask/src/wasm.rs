//! The parts of the browser application that are Rust: compiled, given their JavaScript, tried in Node.

pub(crate) mod compiler;
mod debian;
mod kept;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{shell, web};

/// A package, and where the browser application imports its module from; not in the repository.
struct Module {
    package: &'static str,
    bound: &'static str,
}

const MODULES: [Module; 3] = [
    Module {
        package: "conclave-wasm",
        bound: "web/src/e2ee/wasm",
    },
    Module {
        package: "conclave-wasm-audit",
        bound: "web/src/audit/wasm",
    },
    Module {
        package: "conclave-wasm-remote",
        bound: "web/src/remote/wasm",
    },
];

/// Of the root `Cargo.toml`.
const PROFILE: &str = "wasm";

const TESTS: [&str; 8] = [
    "io/wasm/tests/frames.test.mjs",
    "io/wasm/tests/member.test.mjs",
    "io/wasm/tests/vault.test.mjs",
    "io/wasm/tests/passcode.test.mjs",
    "io/wasm/tests/lies.test.mjs",
    "io/wasm/tests/interop.test.mjs",
    "io/wasm-audit/tests/audit.test.mjs",
    "io/wasm-remote/tests/remote.test.mjs",
];
/// What they need: an MLS of others.
const TEST_PACKAGES: &str = "io/wasm/tests";

/// Builds the modules and writes their JavaScript, where anything changed since.
pub(crate) fn build() -> Result<()> {
    let modules = compile()?;
    for module in &MODULES {
        module.bind(&modules)?;
    }
    Ok(())
}

impl Module {
    fn file(&self) -> String {
        self.package.replace('-', "_")
    }

    fn bind(&self, compiled: &Path) -> Result<()> {
        let module = compiled.join(self.file()).with_extension("wasm");
        let bound = shell::root().join(self.bound);
        let bound = bound.join(format!("{}_bg.wasm", self.file()));
        if web::modified(&bound).is_some_and(|bound| Some(bound) >= web::modified(&module)) {
            return Ok(());
        }
        let mut bind = shell::command(".", &["cargo", "run", "--quiet", "--locked"]);
        // Beside the workspace's build, which would have it wait.
        let target = shell::target().join("bindgen");
        bind.args(["--package", "conclave-bindgen", "--profile", "tool"])
            .arg("--target-dir")
            .arg(target)
            .arg("--")
            .arg(&module)
            .arg(self.bound);
        shell::run(&mut bind)
    }
}

/// Seals, opens and verifies through them in Node, meets a foreign MLS, and holds a module's size against its bound.
pub(crate) fn test() -> Result<()> {
    build()?;
    web::packages(TEST_PACKAGES)?;
    let line = ["node", "--test", "--test-reporter=spec"];
    shell::run(shell::command(".", &line).args(TESTS))
}

/// The folder of the modules. In a target folder of its own: another compiler would have Cargo build the rest anew each time.
/// Of each edition of the compiler's library: Cargo tells compilers apart by their version alone.
fn compile() -> Result<PathBuf> {
    let target = shell::target().join(format!("wasm-{}", debian::EDITION));
    let mut build = shell::command(".", &["cargo", "build", "--quiet", "--locked"]);
    for module in &MODULES {
        build.args(["--package", module.package]);
    }
    build
        .args(["--profile", PROFILE])
        .args(["--target", compiler::TARGET, "--target-dir"])
        .arg(&target);
    if let Some(compiler) = compiler::compiler()? {
        build.env("RUSTC", compiler);
    }
    set_flags(&mut build, &without_our_paths());
    shell::run(&mut build)?;
    Ok(target.join(compiler::TARGET).join(PROFILE))
}

/// The module says in which file it panicked, and is the same whoever built it.
fn without_our_paths() -> Vec<String> {
    let mut flags = vec![renamed(&shell::root(), "conclave")];
    let cargo = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    flags.extend(cargo.map(|cargo| renamed(&cargo, "cargo")));
    flags
}

fn renamed(folder: &Path, name: &str) -> String {
    format!("--remap-path-prefix={}={name}", folder.display())
}

/// Ours alone: flags for this machine's processor or linker would not suit the target.
pub(crate) fn set_flags(cargo: &mut Command, flags: &[String]) {
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
}
