//! Resumes: a participant whose signalling broke goes on, with the ticket that they were given for it.

use std::num::NonZeroU32;
use std::time::Duration;

use conclave_audit::Outcome;
use livekit_protocol as proto;
use reqwest::StatusCode;
use tokio_tungstenite::tungstenite;

use crate::caller::Caller;
use crate::channel::Channel;
use crate::server_in_a_box::Server;
use crate::tickets::{
    connect, first_message, live_meeting, refreshed, ticket, validate, wait_until_connected,
};

#[tokio::test]
async fn a_resume_ticket_is_good_while_its_holder_is_there_and_two_minutes_after() {
    let (server, meeting, host) = live_meeting().await;
    let first = ticket(&meeting, &host).await;
    let resume = resume_ticket(&server, &first).await;
    assert_eq!(validate(&server, &resume).await, StatusCode::OK);

    let channel = Channel::open(&server, &meeting, &host, None)
        .await
        .welcomed()
        .await;
    server.wait(Duration::from_secs(5 * 60));
    assert_eq!(validate(&server, &first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(validate(&server, &resume).await, StatusCode::OK);
    channel.hang_up().await;
    wait_until_gone(&server, &host).await;
    server.wait(Duration::from_secs(119));
    assert_eq!(validate(&server, &resume).await, StatusCode::OK);
    server.wait(Duration::from_secs(1));

    assert_eq!(validate(&server, &resume).await, StatusCode::UNAUTHORIZED);
    server.stop().await;
}

#[tokio::test]
async fn a_resume_ticket_does_not_outlive_its_holders_place() {
    let (server, meeting, host) = live_meeting().await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let first = ticket(&meeting, &guest).await;
    let resume = resume_ticket(&server, &first).await;
    drop(host);

    guest.post(&format!("/meetings/{}/leave", meeting.id)).await;

    assert_eq!(validate(&server, &resume).await, StatusCode::UNAUTHORIZED);
    server.stop().await;
}

#[tokio::test]
async fn a_resume_goes_on_while_nothing_can_be_written() {
    let (server, meeting, host) = live_meeting().await;
    let first = ticket(&meeting, &host).await;
    let mut socket = connect(&server, &first).await;
    let resume = refreshed(&mut socket).await;
    let blockade = server.block_writes().await;

    let url = format!(
        "{}/rtc?protocol=17&reconnect=1&access_token={resume}",
        server.socket_url()
    );
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();

    let answer = first_message(&mut socket).await;
    assert!(matches!(
        answer,
        proto::signal_response::Message::Reconnect(_)
    ));
    drop(blockade);
    server.stop().await;
}

#[tokio::test]
async fn one_machine_reconnects_no_faster_than_it_may_ask_for_changes() {
    let server =
        Server::start_with(|config| config.limits.changes_per_second = NonZeroU32::MIN).await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let first = ticket(&meeting, &host).await;
    let mut socket = connect(&server, &first).await;
    let resume = refreshed(&mut socket).await;
    let url = format!(
        "{}/rtc?protocol=17&reconnect=1&access_token={resume}",
        server.socket_url()
    );

    let mut refused = None;
    for _ in 0..200 {
        if let Err(tungstenite::Error::Http(response)) =
            tokio_tungstenite::connect_async(&url).await
        {
            refused = Some(response.status());
            break;
        }
    }

    assert_eq!(refused, Some(StatusCode::TOO_MANY_REQUESTS));
    let resumes = server.entries().await;
    let resumes = resumes
        .iter()
        .filter(|entry| entry.event.name() == "meeting.resume");
    assert!(resumes.count() < 20);
    server.stop().await;
}

#[tokio::test]
async fn a_resume_that_the_room_does_not_take_is_recorded_as_failed() {
    let (server, meeting, host) = live_meeting().await;
    let first = ticket(&meeting, &host).await;
    let mut socket = connect(&server, &first).await;
    let resume = refreshed(&mut socket).await;
    let before = server.entries().await.len();

    let url = format!(
        "{}/rtc?protocol=17&reconnect=1&sid=PA_nobody&access_token={resume}",
        server.socket_url()
    );
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    first_message(&mut socket).await;

    let entries = server.entries().await.split_off(before);
    let outcomes: Vec<_> = entries
        .iter()
        .filter(|entry| entry.event.name() == "meeting.resume")
        .map(|entry| entry.outcome)
        .collect();
    assert_eq!(outcomes, [Outcome::Done, Outcome::Failed]);
    server.stop().await;
}

/// What `refresh_token` carries, soon after `join`.
async fn resume_ticket(server: &Server, ticket: &str) -> String {
    let url = format!(
        "{}/rtc?protocol=17&access_token={ticket}",
        server.socket_url()
    );
    let (mut socket, _) = tokio_tungstenite::connect_async(&url).await.unwrap();
    refreshed(&mut socket).await
}

/// The server notices a closed socket a moment later.
async fn wait_until_gone(server: &Server, caller: &Caller) {
    wait_until_connected(server, caller, false).await;
}
