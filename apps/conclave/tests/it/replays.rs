//! What a host has sent, sent again by somebody else: the key of a request is its sender's, and gives nobody their rights.

use conclave_audit::{Actor, Outcome};
use reqwest::Method;
use serde_json::Value;
use uuid::{Builder, Uuid};

use crate::caller::{Answer, Caller};
use crate::channel::open_meeting_at;
use crate::server_in_a_box::Server;

// Shows: REQ-AC-11, ABUSE-18.
#[tokio::test]
async fn a_hosts_command_that_a_guest_sends_again_is_refused_and_changes_nothing() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let (guest, other) = (
        nobody.come(&meeting, "Bo").await,
        nobody.come(&meeting, "Cy").await,
    );
    let waits = nobody.knock(&meeting, "Di").await;
    let (other, waits) = (&other.participant, &waits.participant);

    for (act, code) in [
        ("lock".to_owned(), "not_allowed"),
        ("unlock".to_owned(), "not_allowed"),
        ("mute-all".to_owned(), "not_allowed"),
        ("sharing/lock".to_owned(), "not_allowed"),
        ("sharing/unlock".to_owned(), "not_allowed"),
        (format!("lobby/{waits}/admit"), "not_allowed"),
        (format!("participants/{other}/mute"), "not_allowed"),
        (format!("participants/{other}/make-co-host"), "not_allowed"),
        (
            format!("participants/{other}/take-back-co-host"),
            "not_allowed",
        ),
        (format!("participants/{other}/hand-over"), "not_allowed"),
        (format!("participants/{other}/expel"), "not_allowed"),
        ("end".to_owned(), "meeting_ended"),
    ] {
        let path = format!("/meetings/{}/{act}", meeting.id);
        let key = Builder::from_random_bytes(rand::random()).into_uuid();
        let done = send(&host, &path, key).await;
        assert_eq!(done.code(), "", "{act}: {}", done.body);
        let before = server.entries().await.len();

        let again = send(&guest, &path, key).await;

        assert_eq!(again.code(), code, "{act}");
        assert_eq!(again.body["revision"], Value::Null, "{act}");
        is_refused_to(&server, &guest, before).await;
    }
    server.stop().await;
}

/// One entry since: what is done has one of its own.
async fn is_refused_to(server: &Server, guest: &Caller, before: usize) {
    let entries = server.entries().await.split_off(before);
    let [entry] = entries.as_slice() else {
        panic!("{} entries", entries.len());
    };
    assert_eq!(entry.outcome, Outcome::Refused);
    let Actor::Participant { id, .. } = &entry.actor else {
        panic!("not a participant's");
    };
    assert_eq!(id.to_string(), guest.participant);
}

/// With this key.
async fn send(caller: &Caller, path: &str, key: Uuid) -> Answer {
    let request = caller.request(Method::POST, path);
    let (client, request) = request.build_split();
    let mut request = request.unwrap();
    let key = key.to_string().parse().unwrap();
    request.headers_mut().insert("idempotency-key", key);
    Answer::read(client.execute(request).await.unwrap()).await
}
