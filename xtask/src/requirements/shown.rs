//! What the tests of this repository say that they show.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The tests of each id, as `path: name`, in the order of the files.
pub(crate) struct Shown(BTreeMap<String, Vec<String>>);

impl Shown {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut shown = Self(BTreeMap::new());
        for folder in FOLDERS {
            shown.folder(root, Path::new(folder))?;
        }
        Ok(shown)
    }

    pub(crate) fn of(&self, id: &str) -> &[String] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }

    /// Each id with each of its tests.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        let tests = self.0.iter();
        tests.flat_map(|(id, tests)| tests.iter().map(|test| (id.as_str(), test.as_str())))
    }

    /// Complaints about ids that no list has.
    pub(crate) fn unknown(&self, known: &[&str]) -> Vec<String> {
        let strange = self
            .0
            .iter()
            .filter(|(id, _)| !known.contains(&id.as_str()));
        strange
            .map(|(id, tests)| format!("{id}: no such requirement, in {}", tests.join(", ")))
            .collect()
    }

    fn folder(&mut self, root: &Path, folder: &Path) -> Result<()> {
        let mut paths: Vec<_> = std::fs::read_dir(root.join(folder))
            .with_context(|| format!("could not read {}", folder.display()))?
            .flatten()
            .map(|entry| folder.join(entry.file_name()))
            .collect();
        paths.sort_unstable();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if SKIPPED.contains(&name.as_ref()) {
                continue;
            }
            if root.join(&path).is_dir() {
                self.folder(root, &path)?;
            } else if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                let text = std::fs::read_to_string(root.join(&path))?;
                self.file(&path.display().to_string(), &text)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &str, text: &str) -> Result<()> {
        let mut ids: Vec<&str> = Vec::new();
        for line in text.lines().map(str::trim) {
            if let Some(said) = said(line) {
                ids.extend(said);
            } else if !ids.is_empty()
                && let Some(name) = named(line)
            {
                for id in ids.drain(..) {
                    let tests = self.0.entry(id.to_owned()).or_default();
                    tests.push(format!("{path}: {name}"));
                }
            }
        }
        match ids.first() {
            Some(id) => bail!("{path}: no test follows the comment about {id}"),
            None => Ok(()),
        }
    }
}

/// The ids of a comment that begins with the word.
fn said(line: &str) -> Option<impl Iterator<Item = &str>> {
    let comment = line.strip_prefix("///").or(line.strip_prefix("//"))?;
    let ids = comment.trim().strip_prefix("Shows: ")?;
    Some(ids.trim_end_matches('.').split(", "))
}

/// The name of the test that begins on this line.
fn named(line: &str) -> Option<&str> {
    let function = line.strip_prefix("async fn ").or(line.strip_prefix("fn "));
    let function = function.or(line.strip_prefix("pub(crate) async fn "));
    if let Some(rest) = function {
        return rest.split_once('(').map(|(name, _)| name);
    }
    let told = line.strip_prefix("test(").or(line.strip_prefix("it("));
    let told = told.or(line.strip_prefix("story("))?;
    told.strip_prefix('"')?
        .split_once('"')
        .map(|(name, _)| name)
}

const FOLDERS: [&str; 7] = ["apps", "core", "fuzz", "io", "testkit", "web", "xtask"];

const SKIPPED: [&str; 4] = ["node_modules", "dist", "target", "requirements"];

const ENDINGS: [&str; 4] = [".rs", ".ts", ".tsx", ".js"];

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<Shown> {
        let mut shown = Shown(BTreeMap::new());
        shown.file("a.rs", text)?;
        Ok(shown)
    }

    #[test]
    fn a_test_shows_what_the_comment_above_it_says() {
        let text = "/// Shows: REQ-1, REQ-2.\n#[test]\nfn one() {}\nfn other() {}\n// Shows: REQ-2.\ntest(\"two\", () => 0);";

        let shown = shown(text).unwrap();

        assert_eq!(shown.of("REQ-1"), ["a.rs: one"]);
        assert_eq!(shown.of("REQ-2"), ["a.rs: one", "a.rs: two"]);
    }

    #[test]
    fn a_comment_without_a_test_is_refused() {
        assert!(shown("// Shows: REQ-1.\n").is_err());
    }
}
