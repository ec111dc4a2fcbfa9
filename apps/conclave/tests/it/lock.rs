//! A host locks the meeting: nobody new comes in by any way, and who is in does not notice.

use std::time::Duration;

use conclave_audit::Outcome;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, Made};
use crate::channel::{Channel, open_meeting, open_meeting_at};
use crate::server_in_a_box::Server;
use crate::tickets::{ticket, validate};

// Shows: REQ-AC-09.
#[tokio::test]
async fn nobody_new_comes_into_a_locked_meeting_by_any_way() {
    let (server, meeting, host) = open_meeting().await;
    let nobody = Caller::nobody(&server);
    let waiting = nobody.knock(&meeting, "Cy").await;
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    assert_eq!(hosts.next().await["meeting"]["locked"], false);

    let done = host.post(&format!("/meetings/{}/lock", meeting.id)).await;

    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    let changed = hosts.event("meeting_changed").await;
    assert_eq!(changed["event"]["meeting"]["locked"], true);
    assert_eq!(changed["revision"], done.body["revision"]);
    let (by_link, by_code) = (
        join(&nobody, &meeting, Some(&meeting.proof)).await,
        join(&nobody, &meeting, None).await,
    );
    assert_eq!(by_link.code(), "meeting_locked");
    assert_eq!(
        (by_link.status, by_link.body),
        (by_code.status, by_code.body)
    );
    let last = server.entries().await.pop().unwrap();
    assert_eq!(
        (last.event.name(), last.outcome),
        ("meeting.join_refused", Outcome::Refused)
    );
    assert_eq!(last.reason.unwrap().as_str(), "meeting_locked");
    let other = host.make_meeting().await;
    let wrong = join(&nobody, &meeting, Some(&other.proof)).await;
    assert_eq!(wrong.code(), "meeting_not_found");
    let admit = format!(
        "/meetings/{}/lobby/{}/admit",
        meeting.id, waiting.participant
    );
    assert_eq!(host.post(&admit).await.code(), "meeting_locked");
    let server = server.restart().await;
    let nobody = Caller::nobody(&server);
    let refused = join(&nobody, &meeting, Some(&meeting.proof)).await;
    assert_eq!(refused.code(), "meeting_locked");
    let host = at(&server, &host);

    let unlock = format!("/meetings/{}/unlock", meeting.id);
    assert_eq!(host.post(&unlock).await.status, StatusCode::OK);

    assert_eq!(host.post(&admit).await.status, StatusCode::OK);
    let joined = join(&nobody, &meeting, Some(&meeting.proof)).await;
    assert_eq!(joined.body["admission"], "admitted");
    server.stop().await;
}

// Shows: REQ-AC-09.
#[tokio::test]
async fn who_is_in_a_locked_meeting_stays_and_comes_back_in_time() {
    let (server, meeting, host) = open_meeting().await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let guests = Channel::open(&server, &meeting, &guest, None).await;
    let lock = format!("/meetings/{}/lock", meeting.id);
    assert_eq!(host.post(&lock).await.status, StatusCode::OK);
    guests.hang_up().await;
    let server = server.restart().await;
    let (guest, host) = (at(&server, &guest), at(&server, &host));

    // Half of the time: what this takes by itself counts, too.
    server.wait(Duration::from_secs(60));
    let early = ticket(&meeting, &guest).await;
    assert_eq!(validate(&server, &early).await, StatusCode::OK);
    let ask = format!("/meetings/{}/ticket", meeting.id);
    server.wait(Duration::from_secs(61));

    assert_eq!(guest.post(&ask).await.code(), "meeting_locked");
    let shut_out = Channel::open(&server, &meeting, &guest, None).await;
    assert_eq!(shut_out.said_goodbye().await, "meeting_locked");
    assert_ne!(validate(&server, &early).await, StatusCode::OK);
    // Who can lift the lock is never shut out by it.
    assert_eq!(host.post(&ask).await.status, StatusCode::CREATED);
    let hosts = Channel::open(&server, &meeting, &host, None).await;
    hosts.welcomed().await;
    let unlock = format!("/meetings/{}/unlock", meeting.id);
    assert_eq!(host.post(&unlock).await.status, StatusCode::OK);
    let back = Channel::open(&server, &meeting, &guest, None).await;
    back.welcomed().await;
    server.stop().await;
}

// Shows: REQ-AC-09, ABUSE-20.
#[tokio::test]
async fn of_those_who_come_as_it_is_locked_exactly_those_are_in_who_were_told_so() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let coming: Vec<_> = (0..COMING)
        .map(|_| {
            let (nobody, meeting) = (nobody.clone(), meeting.clone());
            tokio::spawn(async move { join(&nobody, &meeting, Some(&meeting.proof)).await })
        })
        .collect();

    let lock = format!("/meetings/{}/lock", meeting.id);
    assert_eq!(host.post(&lock).await.status, StatusCode::OK);

    let mut inside = vec![host.participant.clone()];
    for joined in coming {
        let answer = joined.await.unwrap();
        match answer.status {
            StatusCode::CREATED => inside.push(answer.text("participant")),
            _ => assert_eq!(answer.code(), "meeting_locked", "{}", answer.body),
        }
    }
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    let welcome = hosts.next().await;
    let roster = welcome["roster"].as_array().unwrap();
    let mut seen: Vec<_> = roster.iter().map(of_participant).collect();
    seen.sort_unstable();
    inside.sort_unstable();
    assert_eq!(seen, inside);
    server.stop().await;
}

const COMING: usize = 200;

fn of_participant(entry: &Value) -> String {
    entry["participant"].as_str().unwrap().to_owned()
}

/// The same somebody, where the server is after a restart.
fn at(server: &Server, caller: &Caller) -> Caller {
    Caller {
        url: server.url(),
        ..caller.clone()
    }
}

async fn join(caller: &Caller, meeting: &Made, proof: Option<&str>) -> Answer {
    let body = json!({"display_name": "Somebody", "invitation_proof": proof});
    let path = format!("/meetings/{}/join", meeting.code);
    caller.send(Method::POST, &path, Some(body)).await
}
