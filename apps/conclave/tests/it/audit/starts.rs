//! What a start says of the server, on record.

use conclave::{Clock, Config};
use conclave_audit::Event;

use crate::server_in_a_box::Server;

#[tokio::test]
async fn starting_and_stopping_are_on_record() {
    let server = Server::start().await;

    let server = server.restart().await;

    let names: Vec<_> = server
        .entries()
        .await
        .iter()
        .map(|entry| entry.event.name())
        .collect();
    assert_eq!(
        names,
        [
            "system.start",
            "key.made",
            "key.made",
            "key.made",
            "key.made",
            "system.setup_link",
            "system.stop",
            "system.start",
            "system.setup_link"
        ]
    );
    server.stop().await;
}

#[tokio::test]
async fn which_browser_application_is_served_is_on_record() {
    let server = Server::start().await;

    let entries = server.entries().await;

    let Some(Event::SystemStart { application, .. }) = entries.first().map(|entry| &entry.event)
    else {
        panic!("the first entry is the start");
    };
    let mark = reqwest::get(server.url() + "/mark.svg").await.unwrap();
    let digits = application.as_ref().map(|digest| digest.as_str().len());
    assert_eq!(digits, mark.status().is_success().then_some(64));
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn a_start_says_by_a_hash_how_the_server_is_configured() {
    let server = Server::start().await;
    let server = server.restart().await;
    let other = |config: &mut Config| config.limits.participants = 7;
    let server = server.restart_with(other).await;

    let entries = server.entries().await;

    let digests = entries.iter().filter_map(|entry| match &entry.event {
        Event::SystemStart { configuration, .. } => configuration.as_ref(),
        _ => None,
    });
    let digests: Vec<_> = digests.map(|digest| digest.as_str()).collect();
    let [first, again, changed] = digests.as_slice() else {
        panic!("three starts");
    };
    assert_eq!(first.len(), 64);
    assert_eq!(first, again);
    assert_ne!(again, changed);
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn each_key_that_a_start_makes_is_on_record_by_its_fingerprint() {
    let server = Server::start().await;
    let first = made_keys(&server).await;
    let names: Vec<_> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["audit_log", "ticket", "seal", "external_sender"]);
    let ticket = server.data_dir().join("ticket.key");
    let directory = server.stop_and_leave().await;
    std::fs::remove_file(ticket).unwrap();

    let server = Server::start_again(directory, Clock::default()).await;

    let made = made_keys(&server).await;
    let [(name, fingerprint)] = &made[4..] else {
        panic!("one was made again");
    };
    assert_eq!(name, "ticket");
    assert_ne!(*fingerprint, first[1].1);
    assert_eq!(fingerprint.len(), 64);
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn a_key_of_a_start_that_ended_too_soon_is_put_on_record_by_the_next_and_not_again() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("seal.key"), [7; 32]).unwrap();

    let server = Server::start_again(directory, Clock::default()).await;
    let first = made_keys(&server).await;
    let server = server.restart().await;

    let names: Vec<_> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["audit_log", "ticket", "seal", "external_sender"]);
    assert_eq!(
        first[2].1,
        "6d9bad487c991397b4e019235bdfdbf79a9aab1019aa66f28ab8a5a66a647479"
    );
    assert_eq!(made_keys(&server).await, first);
    server.stop().await;
}

/// By their names, with their fingerprints.
async fn made_keys(server: &Server) -> Vec<(String, String)> {
    let entries = server.entries().await.into_iter();
    let made = entries.filter_map(|entry| match entry.event {
        Event::KeyMade { key, fingerprint } => {
            Some((key.as_str().to_owned(), fingerprint.as_str().to_owned()))
        }
        _ => None,
    });
    made.collect()
}
