//! Nobody's address, key or candidate reaches a log line while media are set up and flow.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use conclave_client::VideoOptions;
use conclave_testkit::{Crowd, Server};

const PROGRAM: &str = env!("CARGO_BIN_EXE_conclave-in-a-box");

/// As curious as an operator can be, and exactly about the libraries that carry media.
const CURIOUS: &str =
    "[logging]\nfilter = \"trace,str0m=trace,is=trace,str0m::rtp=trace,is::agent=trace\"\n";

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
    drop(server);

    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("serving"), "nothing was captured: {text}");
    for canary in [
        "127.0.0.1",
        "person 0",
        "canary room",
        "ufrag",
        "candidate:",
    ] {
        let line = text.lines().find(|line| line.contains(canary));
        assert_eq!(line, None, "{canary} is logged");
    }
}
