//! Nobody's address, key or candidate reaches a log line while media are set up and flow.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use conclave_client::VideoOptions;
use conclave_testkit::{Crowd, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const PROGRAM: &str = env!("CARGO_BIN_EXE_conclave-in-a-box");

/// As curious as an operator can be, and exactly about the libraries that carry media.
const CURIOUS: &str =
    "[logging]\nfilter = \"trace,str0m=trace,is=trace,str0m::rtp=trace,is::agent=trace\"\n";

// Shows: ABUSE-33.
#[tokio::test]
async fn no_log_line_of_a_call_holds_an_address_or_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let errors = Stdio::from(std::fs::File::create(&log).unwrap());
    let server = Server::start_with(Path::new(PROGRAM), CURIOUS, errors).unwrap();

    let camera = VideoOptions::small_camera();
    let mut crowd = Crowd::gather(&server, "canary room", 2, &camera)
        .await
        .unwrap();
    crowd.settle(Duration::from_secs(60)).await.unwrap();
    crowd.leave().await;
    break_a_connection(&server).await;
    timeout(PATIENCE, says(&log, "TRACE")).await.unwrap();
    drop(server);

    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("serving"), "nothing was captured: {text}");
    for canary in [
        "127.0.0.1",
        "person 0",
        "canary room",
        "ufrag",
        "pwd",
        "fingerprint",
        "candidate:",
    ] {
        let line = text.lines().find(|line| line.contains(canary));
        assert_eq!(line, None, "{canary} is logged");
    }
}

/// It is traced, by the server itself: what is not in the log was not kept out by its level.
async fn break_a_connection(server: &Server) {
    let url = server.url();
    let (_, address) = url.split_once("//").unwrap();
    let mut stranger = TcpStream::connect(address).await.unwrap();
    stranger.write_all(b"nonsense\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    stranger.read_to_end(&mut answer).await.unwrap();
}

/// The server writes a moment after it has acted.
async fn says(log: &Path, words: &str) {
    while !std::fs::read_to_string(log).unwrap().contains(words) {
        sleep(Duration::from_millis(20)).await;
    }
}

const PATIENCE: Duration = Duration::from_secs(30);
