//! An organisation's own agent, and the policy that its server can't widen.

use std::fs;

use crate::office::{BUILT, Office, SERVER, signing};

fn pinning<'a>(policy: &'a str, key: &'a str, out: &'a str) -> Vec<&'a str> {
    let server = ["pin", "--server", SERVER, "--out", out];
    let policy = ["--policy", policy, "--policy-key", key];
    [&server[..], &policy[..]].concat()
}

fn installing(policy: &str) -> [&str; 5] {
    ["policy", "install", policy, "--directory", "kept"]
}

// Shows: ABUSE-52.
#[test]
fn a_policy_is_stamped_and_followed_by_later_ones_and_by_no_earlier_one() {
    let office = Office::new();
    let public = office.key("own");
    let [two, three, four] = ["2", "3", "4"].map(|version| office.policy("own", version));
    office.does(BUILT, &pinning(&three, &public, "agent"));

    office.refuses("agent", &installing(&two), "does not follow 3");
    let said = office.does("agent", &installing(&four));
    assert!(said.contains("version 4 of hospital.example"), "{said}");

    office.refuses("agent", &installing(&three), "does not follow 4");
    let again = pinning(&two, &public, "again");
    office.refuses("agent", &again, "does not follow 3");
    assert!(!office.path("again").exists());
    office.refuses(BUILT, &installing(&four), "knows nobody who signs");
}

// Shows: ABUSE-52.
#[test]
fn what_the_organisation_did_not_sign_for_its_server_is_neither_stamped_nor_installed() {
    let office = Office::new();
    let (public, _) = (office.key("own"), office.key("other"));
    let good = office.policy("own", "3");
    office.does(BUILT, &pinning(&good, &public, "agent"));
    let whole = fs::read_to_string(office.path(&good)).unwrap();
    let changed = whole.replace("\"chat\"", "\"chat\", \"control\"");
    fs::write(office.path("changed"), changed).unwrap();
    fs::write(office.path("torn"), &whole[..whole.len() - 9]).unwrap();
    fs::write(office.path("large"), " ".repeat(1 << 20)).unwrap();
    let evil = signing("own", "https://evil.example", "4", "elsewhere");
    office.does(BUILT, &evil);
    let forged = office.policy("other", "4");

    let nothing = "is nothing that hospital.example signed";
    for (policy, why) in [
        (forged.as_str(), nothing),
        ("changed", nothing),
        ("torn", nothing),
        ("large", "is larger than"),
        ("elsewhere", "is another server"),
    ] {
        office.refuses("agent", &installing(policy), why);
        office.refuses(BUILT, &pinning(policy, &public, "copy"), why);
    }

    assert!(!office.names().contains(&"copy".to_owned()));
    assert_eq!(fs::read_dir(office.path("kept")).unwrap().count(), 0);
}

#[test]
fn a_policy_is_signed_that_somebody_could_mean() {
    let office = Office::new();
    office.key("own");
    let mut past = signing("own", SERVER, "1", "out");
    past[3] = "2001-01-01";
    let mut shell = signing("own", SERVER, "1", "out");
    shell[5] = "view,shell";
    let mut unrecorded = signing("own", SERVER, "1", "out");
    unrecorded.push("--must-record");

    office.refuses(BUILT, &past, "is over");
    office.refuses(BUILT, &shell, "invalid value 'shell'");
    office.refuses(BUILT, &unrecorded, "--permit recording");
    assert!(!office.path("out").exists());
}
