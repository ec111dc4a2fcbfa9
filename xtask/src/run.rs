//! `cargo xtask run`: from a clean clone to a server that people can meet on.

use anyhow::Result;

use crate::{machine, shell, web};

/// `arguments` go to `conclave serve --dev`; the data lives in the target folder.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    machine::for_building()?;
    web::build()?;
    shell::run(&mut shell::command(
        ".",
        &["cargo", "build", "--locked", "--package", "conclave"],
    ))?;
    let data = shell::target().join("dev-data");
    let mut serve = std::process::Command::new(shell::target().join("debug/conclave"));
    serve
        .current_dir(shell::root())
        .args(["serve", "--dev", "--data-dir"])
        .arg(data)
        .args(arguments);
    shell::run(&mut serve)
}
