//! An organisation's agent, and the releases that take its place.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use crate::office::{BUILT, Office, SERVER};

const LATER: &str = "99.0.0";

fn releasing<'a>(key: &'a str, version: &'a str, out: &'a str) -> [&'a str; 8] {
    [
        "release",
        BUILT,
        "--version",
        version,
        "--key",
        key,
        "--out",
        out,
    ]
}

fn updating<'a>(from: &'a str, note: &'a str) -> [&'a str; 5] {
    ["update", "--from", from, "--signature", note]
}

/// With an agent that is updated by whoever has the key.
fn office() -> Office {
    let office = Office::new();
    let public = office.key("own");
    let pinning = ["pin", "--server", SERVER, "--release-key", &public];
    office.does(BUILT, &[&pinning[..], &["--out", "agent"]].concat());
    office
}

// Shows: ABUSE-53.
#[test]
fn a_later_release_takes_the_place_of_an_agent_which_stays_the_organisations() {
    let office = office();
    symlink(BUILT, office.path("later")).unwrap();
    office.does(BUILT, &releasing("own", LATER, "later.note"));
    let before = fs::metadata(office.path("agent")).unwrap();

    let said = office.does("agent", &["update", "--from", "later"]);

    assert!(said.contains(LATER), "{said}");
    let after = fs::metadata(office.path("agent")).unwrap();
    assert_ne!(after.ino(), before.ino());
    assert_eq!(after.len(), before.len());
    assert_eq!(after.permissions().mode() & 0o777, 0o755);
    let evil = ["help", "--server", "https://evil.example"];
    assert_eq!(office.run("agent", &evil).code, Some(3));
    let is_left = |name: &String| name.starts_with('.');
    assert!(!office.names().iter().any(is_left));
}

// Shows: ABUSE-53.
#[test]
fn what_is_not_a_later_release_of_the_publishers_changes_nothing() {
    let office = office();
    office.key("other");
    for (key, version, out) in [
        ("other", LATER, "forged"),
        ("own", LATER, "later"),
        ("own", env!("CARGO_PKG_VERSION"), "same"),
        ("own", "0.0.1", "earlier"),
    ] {
        office.does(BUILT, &releasing(key, version, out));
    }
    let policy = office.policy("own", "1");
    fs::write(office.path("torn"), b"\x7fELF").unwrap();
    let before = fs::metadata(office.path("agent")).unwrap().modified();
    let before = before.unwrap();

    for (from, note, why) in [
        (BUILT, "forged", "is nothing that hospital.example signed"),
        (BUILT, "torn", "is nothing that hospital.example signed"),
        (BUILT, policy.as_str(), "signed is something else"),
        (BUILT, "missing", "missing can't be read"),
        (BUILT, "same", "does not follow"),
        (BUILT, "earlier", "does not follow"),
        ("torn", "later", "is not the program that was signed"),
        ("agent", "later", "is not the program that was signed"),
    ] {
        office.refuses("agent", &updating(from, note), why);
    }
    office.refuses(BUILT, &updating(BUILT, "later"), "knows nobody who signs");
    let mut archive = releasing("own", LATER, "archive");
    archive[1] = "policy.zip";
    fs::write(office.path("policy.zip"), b"PK\x03\x04").unwrap();
    office.refuses(BUILT, &archive, "is no program");

    let after = fs::metadata(office.path("agent")).unwrap().modified();
    assert_eq!(after.unwrap(), before);
}
