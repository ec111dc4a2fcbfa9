//! Which tests passed in this very run, as their steps printed it.
//!
//! What did not run, because it is left out here or its step was skipped, is not among them.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

use crate::lanes;

/// Tests that passed.
#[derive(Default)]
pub(crate) struct Passed {
    /// Of Rust, each as its modules and its name.
    rust: Vec<Vec<String>>,
    /// Of JavaScript, by what they say.
    told: BTreeSet<String>,
}

impl Passed {
    /// What these steps of this run printed.
    pub(crate) fn read(steps: impl IntoIterator<Item = &'static str>) -> Result<Self> {
        let mut passed = Self::default();
        for step in steps {
            let log = lanes::log(step);
            let text =
                std::fs::read(&log).with_context(|| format!("could not read {}", log.display()))?;
            passed.take(&String::from_utf8_lossy(&text));
        }
        Ok(passed)
    }

    /// `test` as requirements name it: `core/policy/src/lockout.rs: a_few_typos_cost_nothing`.
    pub(crate) fn has(&self, test: &str) -> bool {
        let Some((path, name)) = test.split_once(": ") else {
            return false;
        };
        match path.ends_with(".rs") {
            true => self.rust.iter().any(|passed| is(passed, path, name)),
            false => self.told.contains(name),
        }
    }

    fn take(&mut self, output: &str) {
        let output = without_colours(output);
        for line in output.lines().map(str::trim) {
            if let Some(name) = of_rust(line) {
                self.rust.push(name);
            } else if let Some(name) = of_vitest(line).or_else(|| of_node(line)) {
                self.told.insert(name.to_owned());
            }
        }
    }
}

/// Whether a test that passed is the one of this name in this file.
fn is(passed: &[String], path: &str, name: &str) -> bool {
    let Some((last, modules)) = passed.split_last() else {
        return false;
    };
    let path = Path::new(path);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    // Such a file is no module of its crate.
    let is_root = stem == "lib" || stem == "main" || folder == "tests";
    last == name && (is_root || modules.iter().any(|module| *module == stem))
}

/// `test room::tests::nobody_is_there ... ok`. The store's suite is a module for each test, with one for each database.
fn of_rust(line: &str) -> Option<Vec<String>> {
    let name = line.strip_prefix("test ")?.strip_suffix(" ... ok")?;
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    let mut parts: Vec<String> = name.split("::").map(str::to_owned).collect();
    let database = parts.last().map(String::as_str);
    if matches!(database, Some("on_sqlite" | "on_postgres")) {
        parts.pop();
    }
    Some(parts)
}

/// Vitest writes in colours also into a file where CI is named.
fn without_colours(output: &str) -> String {
    let mut parts = output.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut plain, part| {
        let end = part.find(|letter: char| letter.is_ascii_alphabetic());
        plain += end.and_then(|end| part.get(end + 1..)).unwrap_or_default();
        plain
    })
}

/// `✓ src/call/seat.test.ts > a seat > is kept 12ms`.
fn of_vitest(line: &str) -> Option<&str> {
    let (_, name) = line.strip_prefix("✓ ")?.rsplit_once(" > ")?;
    Some(without_time(name))
}

/// `✔ a call is answered (12.3ms)`, or `ok 1 - a call is answered`.
fn of_node(line: &str) -> Option<&str> {
    if let Some(told) = line.strip_prefix("✔ ") {
        return Some(told.rsplit_once(" (").map_or(told, |(name, _)| name));
    }
    let (number, name) = line.strip_prefix("ok ")?.split_once(" - ")?;
    let is_skipped = name.contains("# SKIP") || name.contains("# TODO");
    (number.parse::<u32>().is_ok() && !is_skipped).then_some(name)
}

fn without_time(name: &str) -> &str {
    let time = |word: &str| {
        word.strip_suffix("ms")
            .is_some_and(|n| n.parse::<u64>().is_ok())
    };
    match name.rsplit_once(' ') {
        Some((told, word)) if time(word) => told.trim_end(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(output: &str) -> Passed {
        let mut passed = Passed::default();
        passed.take(output);
        passed
    }

    #[test]
    fn a_test_counts_when_it_ran_and_passed_and_by_its_own_file() {
        let passed = passed(
            "test lockout::tests::one ... ok\n\
             test lockout::tests::two ... FAILED\n\
             test lockout::tests::three ... ignored\n\
             test evidence::four::on_sqlite ... ok\n\
             test five - should panic ... ok\n",
        );

        assert!(passed.has("core/policy/src/lockout.rs: one"));
        for other in [
            "core/policy/src/lockout.rs: two",
            "core/policy/src/lockout.rs: three",
            "core/policy/src/lockout.rs: never",
            "core/policy/src/session.rs: one",
            "one",
        ] {
            assert!(!passed.has(other), "{other}");
        }
        assert!(passed.has("io/store/tests/it/evidence.rs: four"));
        assert!(passed.has("core/remote/tests/stories.rs: five"));
    }

    #[test]
    fn what_is_told_in_colours_counts() {
        let passed = passed(
            " \u{1b}[32m✓\u{1b}[39m \u{1b}[30m\u{1b}[45m desktop \u{1b}[49m\u{1b}[39m \
             stories/a.story.ts\u{1b}[2m > \u{1b}[22mroot enrols it\u{1b}[33m 11370\u{1b}[2mms\u{1b}[22m\u{1b}[39m\n",
        );

        assert!(passed.has("web/stories/a.story.ts: root enrols it"));
    }

    #[test]
    fn what_javascript_says_counts_in_each_form_that_it_is_told() {
        let passed = passed(
            "\u{20}✓ src/a.test.ts > a seat > is kept 12ms\n\
             \u{20}✓ src/a.test.ts (3 tests) 20ms\n\
             \u{20}× src/a.test.ts > is lost 12ms\n\
             ✔ a call is answered (12.3ms)\n\
             ok 2 - a call is ended\n\
             ok 3 - a call is held # SKIP\n\
             not ok 4 - a call is heard\n",
        );

        for name in ["is kept", "a call is answered", "a call is ended"] {
            assert!(passed.has(&format!("web/src/a.test.ts: {name}")), "{name}");
        }
        for name in ["is lost", "a call is heard", "a call is held", "(3 tests)"] {
            assert!(!passed.has(&format!("web/src/a.test.ts: {name}")), "{name}");
        }
    }
}
