//! The server's time, whatever is done to the machine's clock.

use std::process::Command;
use std::time::Duration;

use conclave::Clock;

use crate::caller::Caller;
use crate::server_in_a_box::Server;
use crate::unattended::{Computer, permitted};

/// Longer than a session lasts that nobody uses.
const IDLE: Duration = Duration::from_secs(16 * 60);

// Shows: ABUSE-66.
#[tokio::test]
async fn what_ran_out_stays_run_out_after_a_start_with_an_earlier_clock() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    assert!(owner.get("/session").await.status.is_success());
    server.wait(IDLE);
    let later = server.now();
    let directory = server.stop_and_leave().await;

    let server = Server::start_again(directory, Clock::default()).await;

    assert!(server.now() >= later);
    let owner = at(&server, owner);
    assert_eq!(owner.get("/session").await.code(), "not_signed_in");
    let set = server.entries().await;
    let set = set
        .iter()
        .filter(|entry| entry.event.name() == "system.clock");
    assert_eq!(set.count(), 1);
    server.stop().await;
}

// Shows: ABUSE-66.
#[tokio::test]
async fn a_clock_that_is_set_back_ends_no_session_later() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let before = server.now();

    server.set_clock_by(-3_600);

    assert!(server.now() >= before);
    assert!(owner.get("/session").await.status.is_success());
    server.wait(IDLE);
    assert_eq!(owner.get("/session").await.code(), "not_signed_in");
    server.stop().await;
}

// Shows: ABUSE-66.
#[tokio::test]
async fn a_store_that_is_far_ahead_is_not_served_until_the_operator_takes_the_time_back() {
    let (server, owner) = permitted().await;
    Computer::enrolled_for(&server, &owner, Some(1)).await;
    server.wait(Duration::from_secs(2 * 24 * 60 * 60));
    let ahead = Caller::sign_in(&server).await;
    let data = server.data_dir();
    let directory = server.stop_and_leave().await;

    let (directory, refused) = Server::refuses(directory, Clock::default()).await;
    assert!(refused.starts_with("the machine's clock is "), "{refused}");
    assert!(refused.contains("take-back-time") && !refused.contains('\n'));
    let take_back = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conclave"));
        command.args(["take-back-time", "--data-dir"]).arg(&data);
        command.output().unwrap()
    };
    let taken = take_back();
    assert!(taken.status.success());
    let again = take_back();
    assert_eq!(again.status.code(), Some(2));

    let server = Server::start_again(directory, Clock::default()).await;
    for caller in [owner, ahead] {
        let caller = at(&server, caller);
        assert_eq!(caller.get("/session").await.code(), "not_signed_in");
    }
    let entries = server.entries().await;
    for name in ["system.take_back_time", "support.device_ended"] {
        let taken = entries.iter().filter(|entry| entry.event.name() == name);
        assert_eq!(taken.count(), 1, "{name}");
    }
    server.stop().await;
}

/// The same browser, at the server that goes on.
fn at(server: &Server, caller: Caller) -> Caller {
    let url = Caller::nobody(server).url;
    Caller { url, ..caller }
}
