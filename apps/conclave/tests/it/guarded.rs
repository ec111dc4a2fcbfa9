//! Many machines try one meeting's door: its host is told, and strangers wait.

use std::net::Ipv4Addr;
use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, Made, verifier};
use crate::channel::{Channel, open_meeting_at};
use crate::server_in_a_box::Server;

/// Machines that try once each.
const SOURCES: u32 = 500;

// Shows: REQ-AC-04, ABUSE-02.
#[tokio::test]
async fn five_hundred_machines_that_guess_make_strangers_wait_and_lock_nobody_out() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let colleague = host.invited("bea@riverside.example", "member").await;
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    assert_eq!(hosts.next().await["meeting"]["guarded_until"], Value::Null);
    let inside = by_link(&server, &meeting).await;
    assert_eq!(inside.body["admission"], "admitted");
    let other = host.make_meeting().await;

    for number in 0..SOURCES {
        let guess = join(&from(&server, number), &meeting, Some(&other.proof)).await;
        assert_eq!(guess.code(), "meeting_not_found");
    }

    let told = hosts.event("meeting_changed").await;
    assert!(
        told["event"]["meeting"]["guarded_until"].is_string(),
        "{told}"
    );
    let entries = server.entries().await;
    let guards = entries
        .iter()
        .filter(|entry| entry.event.name() == "meeting.guard");
    assert_eq!(guards.count(), 1, "once an episode");
    assert_eq!(
        by_link(&server, &meeting).await.body["admission"],
        "waiting"
    );
    let known = join(&colleague, &meeting, Some(&meeting.proof)).await;
    assert_eq!(known.body["admission"], "admitted", "{}", known.body);
    assert_eq!(
        by_link(&server, &other).await.body["admission"],
        "host_absent"
    );

    let unguard = format!("/meetings/{}/unguard", meeting.id);
    assert_eq!(host.post(&unguard).await.status, StatusCode::OK);

    let told = hosts.event("meeting_changed").await;
    assert_eq!(told["event"]["meeting"]["guarded_until"], Value::Null);
    assert_eq!(
        by_link(&server, &meeting).await.body["admission"],
        "admitted"
    );
    for number in 0..20 {
        join(&from(&server, number), &meeting, Some(&other.proof)).await;
    }
    assert_eq!(
        by_link(&server, &meeting).await.body["admission"],
        "waiting"
    );
    server.wait(Duration::from_secs(31 * 60));
    assert_eq!(
        by_link(&server, &meeting).await.body["admission"],
        "admitted"
    );
    // Who is on no list, and shows nothing, has tried no invitation.
    let proof: [u8; 32] = rand::random();
    let listed = json!({
        "title": "Board", "invitation_verifier": verifier(&proof), "entry": "invited", "uninvited": "refuse",
    });
    let listed = host.send(Method::POST, "/meetings", Some(listed)).await;
    let listed = Made {
        id: listed.text("id"),
        code: listed.text("code"),
        proof: String::new(),
    };
    let before = server.entries().await.len();
    for number in 0..24 {
        let turned_away = join(&from(&server, number), &listed, None).await;
        assert_eq!(turned_away.code(), "meeting_not_found");
    }
    let entries = server.entries().await.split_off(before);
    assert!(
        entries
            .iter()
            .all(|entry| entry.event.name() == "meeting.join_refused")
    );
    server.stop().await;
}

// Shows: REQ-AC-04.
#[tokio::test]
async fn how_many_guesses_a_door_bears_is_the_operators() {
    let server = Server::start_with(|config| config.lockout.door = 3).await;
    let owner = Caller::owner(&server).await;
    let (meeting, other) = (owner.make_meeting().await, owner.make_meeting().await);
    owner.come(&meeting, "Amy").await;

    let mut admissions = Vec::new();
    for number in 0..3 {
        join(&from(&server, number), &meeting, Some(&other.proof)).await;
        let came = by_link(&server, &meeting).await;
        admissions.push(came.text("admission"));
    }

    assert_eq!(admissions, ["admitted", "admitted", "waiting"]);
    server.stop().await;
}

async fn by_link(server: &Server, meeting: &Made) -> Answer {
    join(&Caller::nobody(server), meeting, Some(&meeting.proof)).await
}

/// A machine of its own.
pub(crate) fn from(server: &Server, number: u32) -> Caller {
    let address = Ipv4Addr::from_bits(Ipv4Addr::new(127, 1, 0, 1).to_bits() + number);
    let client = Client::builder().local_address(std::net::IpAddr::from(address));
    Caller {
        client: client.build().unwrap(),
        ..Caller::nobody(server)
    }
}

async fn join(caller: &Caller, meeting: &Made, proof: Option<&str>) -> Answer {
    let body = json!({"display_name": "Somebody", "invitation_proof": proof});
    let path = format!("/meetings/{}/join", meeting.code);
    let without_seat = Caller {
        credential: None,
        ..caller.clone()
    };
    without_seat.send(Method::POST, &path, Some(body)).await
}
