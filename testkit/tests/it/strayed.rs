//! What somebody sends to a computer that nobody lets them use reaches no computer, and is on record.

use std::time::Duration;

use conclave_audit::{Actor, Entry, Outcome};
use conclave_client::{DataMessage, Event};
use tokio::time::{sleep, timeout};

use crate::displaced::{Served, Visitor, until};

// Shows: REQ-AC-14, REQ-AU-01.
#[tokio::test]
async fn what_is_sent_to_a_computer_that_nobody_lent_is_dropped_and_on_record() {
    let server = Served::with_places(5).await;
    let owner = Visitor::owner(&server).await;
    let meeting = owner.meet().await;
    let amy = owner.come(&meeting, "Amy").await;
    let bo = Visitor::of(&server).come(&meeting, "Bo").await;
    let computer = amy.bring(&meeting).await;
    let mut there = computer.enter(&server, &meeting).await;
    until(&mut there, |event| {
        matches!(event, Event::Joined(_)).then_some(())
    })
    .await;
    let mut guest = bo.enter(&server, &meeting).await;
    until(&mut guest, |event| {
        matches!(event, Event::DataOpen { reliable: true }).then_some(())
    })
    .await;

    let message = DataMessage {
        reliable: true,
        topic: Some("conclave.remote".to_owned()),
        to: vec![computer.participant.clone()],
        payload: b"Enter".to_vec(),
        ..DataMessage::default()
    };
    let sent = guest.with(move |endpoint, now| endpoint.send_data(now, &message));
    sent.await.unwrap().unwrap();

    let entry = comes(&server).await;
    assert!(entry.outcome == Outcome::Done && entry.org.is_some());
    let object = entry.event.object().unwrap();
    assert_eq!(object.id.to_string(), bo.participant);
    let Actor::Participant { id, .. } = entry.actor else {
        panic!("whose was it?");
    };
    assert_eq!(id.to_string(), bo.participant);
    server.running.stop().await;
}

/// As soon as it is on record.
async fn comes(server: &Served) -> Entry {
    let recorded = async {
        loop {
            let recorded = server.running.store().recorded_after(0, 10_000).await;
            let recorded = recorded.unwrap().into_iter();
            let mut entries =
                recorded.map(|recorded| Entry::from_canonical(&recorded.bytes).unwrap());
            if let Some(entry) = entries.find(|entry| entry.event.name() == DROPPED) {
                return entry;
            }
            // Clients and the router have tasks of their own.
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, recorded).await.unwrap()
}

const DROPPED: &str = "companion.input_dropped";
const PATIENCE: Duration = Duration::from_secs(30);
