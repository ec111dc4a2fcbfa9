//! Files that are derived from the code, kept in the repository, and never edited by hand.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{built, requirements, shell, web};

/// A file, and the server's own command that prints it.
const PRINTED: &[(&str, &[&str])] = &[
    ("docs/openapi.json", &["openapi"]),
    ("docs/configuration.toml", &["config"]),
];

/// Writes them again.
pub(crate) fn generate() -> Result<()> {
    built::everything()?;
    for (file, arguments) in PRINTED {
        std::fs::write(shell::root().join(file), print(arguments)?)
            .with_context(|| format!("could not write {file}"))?;
    }
    requirements::generate()?;
    web::packages("web")?;
    web::script("generate")
}

/// Names the first that is not what the code says.
pub(crate) fn check() -> Result<()> {
    built::everything()?;
    for (file, arguments) in PRINTED {
        let kept = std::fs::read_to_string(shell::root().join(file)).unwrap_or_default();
        if kept != print(arguments)? {
            bail!("{file} is stale: run `cargo xtask generate` and commit what changed");
        }
    }
    requirements::check()?;
    println!("{} derived files are fresh", PRINTED.len() + 1);
    Ok(())
}

fn print(arguments: &[&str]) -> Result<String> {
    let program: PathBuf = shell::target().join("debug/conclave");
    shell::output(std::process::Command::new(program).args(arguments))
}
