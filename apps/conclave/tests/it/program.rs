//! The program itself: its exit codes, and the one line it says when it can't start.

use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};

const CONCLAVE: &str = env!("CARGO_BIN_EXE_conclave");

#[tokio::test]
async fn what_can_not_be_served_is_said_in_one_line() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    make_newer_database(&path.join("newer")).await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let taken_udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let taken_port = taken_udp.local_addr().unwrap().port().to_string();
    std::fs::write(path.join("unknown.toml"), "lisen = \"127.0.0.1:1\"\n").unwrap();
    std::fs::write(path.join("file"), "").unwrap();
    for (arguments, words) in [
        (&["--listen", "0.0.0.0:0"][..], "needs [tls]"),
        (&["--dev", "--listen", "0.0.0.0:0"], "loopback only"),
        (&["--listen", &taken], "can't be listened on"),
        (&["--dev", "--media-port", &taken_port], "media port"),
        (
            &["--config", "unknown.toml"],
            "line 1: unknown field `lisen`",
        ),
        (&["--config", "missing.toml"], "could not read"),
        (&["--data-dir", "file"], "data directory"),
        // A directory that nobody writes to, whoever runs this; and one that can't be made in it.
        (&["--data-dir", "/proc"], "data directory"),
        (&["--data-dir", "/proc/conclave"], "data directory"),
        (
            &["--data-dir", "newer"],
            "the database has schema version 9999",
        ),
    ] {
        let output = serve(path, arguments);

        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        let lines: Vec<_> = said
            .lines()
            .filter(|line| line.starts_with("conclave: "))
            .collect();
        assert_eq!(
            (lines.len(), said.lines().count()),
            (1, 1),
            "{arguments:?}: {said}"
        );
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(
            said.matches("os error").count() < 2,
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn arguments_that_are_not_understood_end_with_two() {
    for arguments in [&["serve", "--port", "1"][..], &["swerve"], &[]] {
        let output = Command::new(CONCLAVE).args(arguments).output().unwrap();

        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
    }
}

#[test]
fn help_version_defaults_and_description_are_printed() {
    for (arguments, words) in [
        (&["--help"][..], "serve"),
        (&["--version"], "conclave 0."),
        (&["config"], "[limits]"),
        (&["openapi"], "\"openapi\""),
    ] {
        let output = Command::new(CONCLAVE).args(arguments).output().unwrap();

        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn a_request_to_stop_ends_with_zero() {
    let directory = tempfile::tempdir().unwrap();
    for signal in ["-TERM", "-INT"] {
        let mut program = command(directory.path(), &["--dev"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut stdout = BufReader::new(program.stdout.take().unwrap());
        stdout.read_line(&mut said).unwrap();
        assert!(said.contains("/setup#"), "{said}");

        let id = program.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();

        assert!(sent.success());
        let mut errors = String::new();
        program
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut errors)
            .unwrap();
        assert_eq!(
            program.wait().unwrap().code(),
            Some(0),
            "{signal}: {errors}"
        );
    }
}

#[test]
fn a_request_to_stop_that_comes_during_the_start_ends_with_zero() {
    for signal in ["-TERM", "-INT"] {
        let directory = tempfile::tempdir().unwrap();
        let mut program = command(directory.path(), &["--dev", "--data-dir", "data"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let id = program.id().to_string();
        let begun = Instant::now();
        while !directory.path().join("data").exists() {
            assert!(program.try_wait().unwrap().is_none(), "it did not start");
            assert!(begun.elapsed() < Duration::from_secs(30), "it is stuck");
            std::thread::yield_now();
        }

        let sent = Command::new("kill").args([signal, &id]).status().unwrap();

        assert!(sent.success());
        assert_eq!(program.wait().unwrap().code(), Some(0), "{signal}");
    }
}

// Shows: REQ-IN-03.
#[tokio::test]
async fn what_was_changed_is_found_with_nothing_of_the_machine_s_or_the_database_s() {
    let directory = tempfile::tempdir().unwrap();
    let mut program = command(directory.path(), &["--dev", "--data-dir", "data"])
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut stdout = BufReader::new(program.stdout.take().unwrap());
    stdout.read_line(&mut said).unwrap();
    assert!(said.contains("/setup#"), "{said}");
    let id = program.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(sent.success());
    assert_eq!(program.wait().unwrap().code(), Some(0));
    let data = directory.path().join("data");
    let verify = || {
        let mut command = Command::new(CONCLAVE);
        command.env_clear().args(["audit", "verify", "--data-dir"]);
        command.arg(&data).output().unwrap().status
    };
    assert!(verify().success());

    // Whoever has the file needs none of its triggers and constraints.
    let options = SqliteConnectOptions::new().filename(data.join("conclave.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let change = "PRAGMA ignore_check_constraints = TRUE;
         PRAGMA foreign_keys = FALSE;
         DROP TRIGGER audit_outbox_keeps_its_words;
         UPDATE audit_outbox
         SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"done\"', '\"none\"') AS BLOB)
         WHERE position = (SELECT MIN(position) FROM audit_entry)";
    connection.execute(change).await.unwrap();
    connection.close().await.unwrap();

    assert!(!verify().success());
}

/// What a server says that does not start. One that does is told to go after a while.
fn serve(directory: &Path, arguments: &[&str]) -> Output {
    let program = command(directory, arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = program.id().to_string();
    let (ended, waiting) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        if waiting.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
            Command::new("kill").args(["-KILL", &id]).status().unwrap();
        }
    });
    let output = program.wait_with_output().unwrap();
    drop(ended);
    output
}

/// A database that a later version has opened.
async fn make_newer_database(directory: &Path) {
    let options = conclave_store::Options::sqlite(directory);
    conclave_store::Store::open(options)
        .await
        .unwrap()
        .close()
        .await;
    let options = SqliteConnectOptions::new().filename(directory.join("conclave.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let later = "UPDATE _sqlx_migrations SET version = 9999
                 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
    connection.execute(later).await.unwrap();
    connection.close().await.unwrap();
}

const PATIENCE: Duration = Duration::from_secs(60);

/// A server in this directory, on ports of its own unless the arguments say others.
fn command(directory: &Path, arguments: &[&str]) -> Command {
    let any_port = directory.join("any-port.toml");
    let text = "listen = \"127.0.0.1:0\"\n[admin]\nlisten = \"127.0.0.1:0\"\n[media]\nport = 0\n";
    std::fs::write(any_port, text).unwrap();
    let mut command = Command::new(CONCLAVE);
    command.current_dir(directory).arg("serve");
    if !arguments.contains(&"--config") {
        command.args(["--config", "any-port.toml"]);
    }
    command.args(arguments);
    command
}
