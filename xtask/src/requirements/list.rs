//! The requirements, and how far each is met: `list.txt`, a line each.

use anyhow::{Context, Result, bail};

/// A heading, or a requirement below it.
pub(crate) enum Line<'a> {
    Heading(&'a str),
    Requirement(Requirement<'a>),
}

pub(crate) struct Requirement<'a> {
    pub(crate) id: &'a str,
    pub(crate) sentence: &'a str,
    /// In the words of the page.
    pub(crate) state: &'a str,
    /// Something of it is built, so a test shows it.
    pub(crate) is_begun: bool,
}

/// # Errors
///
/// Which line is not understood.
pub(crate) fn read(text: &str) -> Result<Vec<Line<'_>>> {
    let lines = text.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| match line.strip_prefix("## ") {
            Some(heading) => Ok(Line::Heading(heading)),
            None => requirement(line).with_context(|| format!("in the list: {line}")),
        })
        .collect()
}

fn requirement(line: &str) -> Result<Line<'_>> {
    let parts: Vec<_> = line.split(" | ").collect();
    let [id, sentence, state] = parts[..] else {
        bail!("a requirement is its id, a sentence and its state");
    };
    let is_begun = state == "met" || state.starts_with("partly: ");
    if !is_begun && !state.starts_with("open: ") {
        bail!("a state is met, partly: what lacks, or open: what it waits for");
    }
    Ok(Line::Requirement(Requirement {
        id,
        sentence,
        state,
        is_begun,
    }))
}

pub(crate) const LIST: &str = include_str!("list.txt");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_requirement_is_listed_once() {
        let mut ids = BTreeSet::new();
        for line in read(LIST).unwrap() {
            if let Line::Requirement(Requirement { id, .. }) = line {
                assert!(ids.insert(id), "{id}");
            }
        }
    }

    #[test]
    fn a_state_that_is_none_is_refused() {
        assert!(read("REQ-1 | a sentence | nearly").is_err());
        assert!(read("REQ-1 | a sentence").is_err());
    }
}
