//! The command that a customer's IT runs first.

use std::process::{Command, Output};

use crate::desktop::Desktop;

const AGENT: &str = env!("CARGO_BIN_EXE_conclave-agent");

#[test]
fn a_desktop_that_lacks_nothing_is_described() {
    let desktop = Desktop::new();

    let (code, said, complaints) = check(&desktop, &[]);

    assert_eq!((code, complaints.as_str()), (Some(0), ""), "{said}");
    for words in [
        "640x480",
        "keyboard   us",
        "monitor ",
        "extension  MIT-SHM 1.2",
        "yes        desktop: a picture of 640x480",
        "yes        window: ",
        "yes        input: ",
        "yes        layout: ",
        "yes        override: ",
        "yes        stop keys: Ctrl+Alt+Shift+F12",
        "yes        clipboard: ",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn the_description_is_there_for_programs() {
    let desktop = Desktop::new();

    let (code, said, _) = check(&desktop, &["--json"]);

    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(report["size"]["width"], 640);
    let abilities = report["abilities"].as_array().unwrap();
    assert_eq!(abilities.len(), 7);
    assert!(abilities.iter().all(|ability| ability["works"] == true));
}

#[test]
fn each_thing_that_is_lacking_is_one_line() {
    for (extension, name) in [
        ("XTEST", "input: this desktop lacks XTEST"),
        ("MIT-SHM", "desktop: this desktop lacks MIT-SHM"),
        ("Composite", "window: this desktop lacks Composite"),
        ("RANDR", "monitors: this desktop lacks RANDR"),
    ] {
        let desktop = Desktop::with(&["-extension", extension]);

        let (code, said, complaints) = check(&desktop, &[]);

        assert_eq!(code, Some(2), "{extension}");
        assert!(
            said.contains(&format!("extension  {extension} none")),
            "{said}"
        );
        let is_ours = |line: &str| line.starts_with("conclave-agent: ");
        assert!(complaints.lines().all(is_ours), "{complaints}");
        assert!(
            complaints.contains(&format!("conclave-agent: {name}\n")),
            "{complaints}"
        );
    }
}

#[test]
fn where_there_is_no_desktop_one_line_says_so() {
    for display in [None, Some(":987654"), Some("nonsense")] {
        let mut command = agent();
        command.arg("check").env_remove("DISPLAY");
        command.envs(display.map(|display| ("DISPLAY", display)));

        let (code, said, complaint) = texts(command.output().unwrap());

        assert_eq!((code, said.as_str()), (Some(2), ""));
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
        assert!(
            complaint.starts_with("conclave-agent: no desktop can be reached: "),
            "{complaint}"
        );
    }
}

#[test]
fn a_wayland_session_is_no_desktop_of_this_kind() {
    let desktop = Desktop::new();
    let mut command = desktop.program(AGENT);
    command.arg("check").env("WAYLAND_DISPLAY", "wayland-0");

    let (code, _, complaint) = texts(command.output().unwrap());

    assert_eq!(code, Some(2));
    assert!(
        complaint.starts_with("conclave-agent: session: this is a Wayland session"),
        "{complaint}"
    );
}

#[test]
fn in_a_wayland_session_nobody_is_helped_and_what_does_instead_is_told() {
    let link = "https://meet.example/help#123-456-789";
    for (command, instead) in [("help", "in a browser"), ("present", "the meeting's page")] {
        for (name, value) in [
            ("WAYLAND_DISPLAY", "wayland-0"),
            ("XDG_SESSION_TYPE", "wayland"),
        ] {
            let mut agent = agent();
            agent.args([command, link]).env(name, value);

            let (code, _, complaint) = texts(agent.output().unwrap());

            assert_eq!(code, Some(2), "{command} with {name}");
            assert!(complaint.contains(instead), "{complaint}");
            assert_eq!(complaint.lines().count(), 1, "{complaint}");
        }
    }
}

#[test]
fn help_and_version_are_printed_and_other_arguments_are_refused_in_one_line() {
    for (arguments, words) in [("--help", "check"), ("--version", "conclave-agent 0.1.0")] {
        let (code, said, _) = texts(agent().arg(arguments).output().unwrap());
        assert_eq!(code, Some(0));
        assert!(said.contains(words), "{said}");
    }
    for arguments in [&["serve"][..], &["check", "--port"], &[]] {
        let (code, _, complaint) = texts(agent().args(arguments).output().unwrap());
        assert_eq!(code, Some(2), "{arguments:?}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
}

fn check(desktop: &Desktop, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = agent();
    command.env("DISPLAY", desktop.name().unwrap());
    command.arg("check").args(arguments);
    texts(command.output().unwrap())
}

fn agent() -> Command {
    let mut command = Command::new(AGENT);
    command
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("XDG_SESSION_TYPE");
    command
}

fn texts(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}
