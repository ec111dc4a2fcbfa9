//! Who waits in the lobby knows their place in line, and a host lets all in at once whom they see.

use conclave_audit::{Event, Outcome};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::channel::{Channel, open_meeting};

#[tokio::test]
async fn all_who_are_seen_are_let_in_and_who_knocks_meanwhile_moves_up() {
    let (server, meeting, host) = open_meeting().await;
    let nobody = Caller::nobody(&server);
    let mut line = Vec::new();
    for place in 1..=3 {
        let guest = nobody.knock(&meeting, "Bo").await;
        let mut channel = Channel::open(&server, &meeting, &guest, None).await;
        assert_eq!(channel.next().await["place"], place);
        line.push((guest, channel));
    }
    let seen: Vec<_> = line[..2]
        .iter()
        .map(|(guest, _)| guest.participant.clone())
        .collect();
    let path = format!("/meetings/{}/lobby/admit-all", meeting.id);
    let all = async |caller: &Caller, seen: Value| {
        let body = json!({ "participants": seen });
        caller.send(Method::POST, &path, Some(body)).await
    };
    let before = server.entries().await.len();

    let done = all(&host, json!(seen)).await;

    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(done.body["participants"], json!(seen));
    let [(first, firsts), (second, seconds), (_, thirds)] = line.as_mut_slice() else {
        panic!("three wait");
    };
    for channel in [firsts, seconds] {
        let told = channel.event("admission").await;
        assert_eq!(told["event"]["admission"], "admitted");
        assert_eq!(channel.next().await["place"], Value::Null);
    }
    assert_eq!(thirds.event("place").await["event"]["place"], 1);
    let entries = server.entries().await.split_off(before);
    let admitted: Vec<_> = entries
        .iter()
        .filter(|entry| entry.outcome == Outcome::Done)
        .filter_map(|entry| match &entry.event {
            Event::MeetingAdmit { participant, .. } => Some(participant.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(admitted, [&*first.participant, &*second.participant]);

    let nobodys = all(&host, json!(seen)).await;
    assert_eq!(nobodys.code(), "participant_not_waiting");
    assert_eq!(all(first, json!(seen)).await.code(), "not_allowed");
    let too_many: Vec<_> = (0..201).map(|_| &first.participant).collect();
    assert_eq!(
        all(&host, json!(too_many)).await.code(),
        "malformed_request"
    );
    server.stop().await;
}
