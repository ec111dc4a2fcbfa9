//! Audit logs before verifiers that nobody here wrote: they accept what is honest, and refuse what is forged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{sdks, shell};

/// Debian's, so that its own packages fit.
pub(crate) const GO: &str = "/usr/bin/go";

/// Debian's packages of Go, as a GOPATH has them.
pub(crate) const GO_PACKAGES: &str = "/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog";
const GO_PATH: &str = "/usr/share/gocode";

const FOLDER: &str = "core/audit/tests/foreign";

/// Pymerkle reads neither tiles nor signatures: what is forged in these alone is beyond it.
const NOT_SEEN_BY_PYMERKLE: [&str; 3] = [
    "a-bit-of-a-tile",
    "a-bit-of-the-highest-tile",
    "another-key",
];

/// Honest logs and forged ones, which our own verifier refuses as they are written.
pub(crate) fn verify() -> Result<()> {
    let logs = shell::target().join("logs-for-others");
    let writer = shell::target().join("debug/logs-for-others");
    shell::run(Command::new(writer).arg(&logs))?;
    let cases = cases(&logs)?;
    held_against("golang.org/x/mod/sumdb", go(&cases)?, &cases, &[])?;
    held_against("pymerkle", python(&cases)?, &cases, &NOT_SEEN_BY_PYMERKLE)
}

fn cases(logs: &Path) -> Result<Vec<PathBuf>> {
    let folders = std::fs::read_dir(logs)?.map(|folder| Ok(folder?.path()));
    let mut folders = folders.collect::<Result<Vec<_>>>()?;
    folders.sort();
    Ok(folders)
}

fn go(cases: &[PathBuf]) -> Result<String> {
    let key = cases.last().context("there are logs")?.join("vkey");
    let mut go = shell::command(FOLDER, &[GO, "run", "main.go"]);
    go.arg(key).args(cases);
    go.env("GO111MODULE", "off").env("GOPATH", GO_PATH);
    // Where it is kept between runs, whoever runs it.
    go.env("GOCACHE", shell::target().join("go"));
    shell::output(&mut go)
}

fn python(cases: &[PathBuf]) -> Result<String> {
    let requirements = format!("{FOLDER}/requirements.txt");
    let python = sdks::environment("python-audit", &requirements)?;
    let mut python = Command::new(python);
    python.arg(shell::root().join(FOLDER).join("verify.py"));
    shell::output(python.args(cases))
}

/// Each case has its verdict: `NAME accepted`, or `NAME refused: WHY`.
fn held_against(who: &str, said: String, cases: &[PathBuf], unseen: &[&str]) -> Result<()> {
    let verdicts: BTreeMap<&str, &str> = said
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect();
    let mut forged = 0;
    for case in cases {
        let name = case.file_name().and_then(|name| name.to_str());
        let name = name.context("a case has a name")?;
        let verdict = verdicts.get(name).copied().unwrap_or("silent");
        let honest = name.starts_with("honest");
        let expected = if honest || unseen.iter().any(|unseen| name.ends_with(unseen)) {
            "accepted"
        } else {
            "refused"
        };
        if !verdict.starts_with(expected) {
            bail!("{who} on {name}: {verdict}");
        }
        forged += usize::from(verdict.starts_with("refused"));
    }
    let accepted = cases.len() - forged;
    println!("{who} accepts {accepted} logs and refuses {forged} forged ones");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_log_that_is_accepted_or_passed_over_is_an_error() {
        let cases = [
            PathBuf::from("/x/honest-1"),
            PathBuf::from("/x/forged-2-a-size"),
        ];
        let held = |said: &str| held_against("somebody", said.to_owned(), &cases, &[]).is_ok();

        assert!(held(
            "honest-1 accepted\nforged-2-a-size refused: its root is another\n"
        ));
        assert!(!held("honest-1 accepted\nforged-2-a-size accepted\n"));
        assert!(!held("honest-1 refused: no\nforged-2-a-size refused: no\n"));
        assert!(!held("honest-1 accepted\n"));
    }
}
