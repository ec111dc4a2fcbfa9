//! `docs/requirements.md`: which requirement is shown by which tests.
//!
//! A test says in a comment above it what it shows: `Shows: REQ-AC-09, ABUSE-20.` The list of requirements says how far
//! each is met, and the two must agree: what is met names a test, what is not built names none.

mod list;
mod shown;

use std::fmt::Write;

use anyhow::{Context, Result, bail};

use crate::shell;
use list::{LIST, Line, Requirement};
use shown::Shown;

const PAGE: &str = "docs/requirements.md";

pub(crate) fn generate() -> Result<()> {
    std::fs::write(shell::root().join(PAGE), page()?).context("could not write the requirements")
}

pub(crate) fn check() -> Result<()> {
    let kept = std::fs::read_to_string(shell::root().join(PAGE)).unwrap_or_default();
    if kept != page()? {
        bail!("{PAGE} is stale: run `cargo xtask generate` and commit what changed");
    }
    Ok(())
}

/// Each requirement with each test that says that it shows it, whether it ran or not.
pub(crate) fn shown() -> Result<Vec<(String, String)>> {
    let shown = Shown::read(&shell::root())?;
    let pairs = shown.all();
    let pairs = pairs.map(|(id, test)| (id.to_owned(), test.to_owned()));
    Ok(pairs.collect())
}

fn page() -> Result<String> {
    let (lines, shown) = (list::read(LIST)?, Shown::read(&shell::root())?);
    let wrong = disagreements(&lines, &shown);
    if !wrong.is_empty() {
        bail!("requirements and tests disagree:\n{}", wrong.join("\n"));
    }
    let mut page = INTRODUCTION.to_owned();
    for line in &lines {
        match line {
            Line::Heading(heading) => write!(page, "\n## {heading}\n\n{COLUMNS}")?,
            Line::Requirement(Requirement {
                id,
                sentence,
                state,
                ..
            }) => {
                let tests = shown.of(id).join("<br>");
                writeln!(page, "| {id} | {sentence} | {state} | {tests} |")?;
            }
        }
    }
    Ok(page)
}

fn disagreements(lines: &[Line<'_>], shown: &Shown) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut known = Vec::new();
    for line in lines {
        let Line::Requirement(requirement) = line else {
            continue;
        };
        let id = requirement.id;
        known.push(id);
        match (requirement.is_begun, shown.of(id).is_empty()) {
            (true, true) => wrong.push(format!("{id}: no test shows it")),
            (false, false) => wrong.push(format!("{id}: not built, yet shown by a test")),
            (true, false) | (false, true) => {}
        }
    }
    wrong.extend(shown.unknown(&known));
    wrong
}

const COLUMNS: &str = "| id | | state | shown by |\n|---|---|---|---|\n";

const INTRODUCTION: &str = "\
# Requirements

What the product promises, how far it is built, and the tests that show it. The ids are those of the design's requirements
(`REQ-`) and of its abuse cases (`ABUSE-`). This page is made by `cargo xtask generate` from the list in
`xtask/src/requirements/list.txt` and from the word *Shows:* above the tests; CI fails where they disagree, so a requirement
that is called met names at least one test that runs there.

Tests in `apps/conclave/tests`, and some in `testkit/tests`, start the server in their own process: the very `Server` that
`conclave serve` starts, which they reach over sockets as anybody does. The other tests in `testkit/tests`, and those in
`web/stories`, run the program itself.

*met*: its acceptance holds. *partly*: what is built holds, and the table says what lacks. *open*: not built.
";
