//! No event without a test in which it happens.

use std::path::{Path, PathBuf};

// Shows: REQ-AU-01.
#[test]
fn each_event_of_the_catalogue_is_waited_for_by_a_test() {
    let tests = sources();
    assert!(tests.len() > 100);
    let events = events();
    assert!(events.len() > 150);
    let missing: Vec<_> = events
        .iter()
        .filter(|event| !tests.iter().any(|test| names(test, event)))
        .map(|event| &event.name)
        .collect();

    assert!(missing.is_empty(), "no test says a word of {missing:?}");
}

#[test]
fn an_event_is_named_by_its_whole_name_alone() {
    let event = Named {
        variant: "E2eeGroup".to_owned(),
        name: "e2ee.group".to_owned(),
    };

    assert!(names(r#"is_on_record(&server, "e2ee.group")"#, &event));
    assert!(names("Event::E2eeGroup { .. } => true", &event));
    assert!(!names(r#"name.starts_with("e2ee.")"#, &event));
    assert!(!names(r#"(&server, "e2ee.group_end")"#, &event));
    assert!(!names("Event::E2eeGroupEnd { .. } => true", &event));
}

struct Named {
    variant: String,
    name: String,
}

/// Whether a test speaks of an event: by its name on record, or by its variant.
fn names(test: &str, event: &Named) -> bool {
    if test.contains(&format!("\"{}\"", event.name)) {
        return true;
    }
    let variant = format!("Event::{}", event.variant);
    let mut found = test.match_indices(&variant);
    found.any(|(at, _)| {
        let after = test.get(at + variant.len()..).unwrap_or_default();
        !after.starts_with(char::is_alphanumeric)
    })
}

/// As `Event::name` has them, which is one match of all.
fn events() -> Vec<Named> {
    let path = root().join("core/audit/src/event/name.rs");
    let source = std::fs::read_to_string(path).unwrap();
    source.split("Self::").skip(1).map(arm).collect()
}

fn arm(arm: &str) -> Named {
    let (variant, rest) = arm.split_at(arm.find([' ', '{']).unwrap());
    let name = rest.split('"').nth(1).unwrap();
    Named {
        variant: variant.to_owned(),
        name: name.to_owned(),
    }
}

/// Of all tests in which something happens; but this one, which only reads.
fn sources() -> Vec<String> {
    let mut files = Vec::new();
    for folder in [
        "apps/conclave/tests",
        "apps/agent/tests",
        "io/store/tests",
        "testkit/tests",
    ] {
        rust_in(&root().join(folder), &mut files);
    }
    files.retain(|file| !file.ends_with("catalogue.rs"));
    let read = |file: &PathBuf| std::fs::read_to_string(file).unwrap();
    files.iter().map(read).collect()
}

fn rust_in(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_in(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
