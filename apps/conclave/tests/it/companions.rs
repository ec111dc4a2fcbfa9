//! A presenter's computer in their meeting: who brings one, who may use it, what it may, and how it goes.

use std::time::Duration;

use conclave_audit::{Entry, Outcome};
use livekit_protocol::TrackSource;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, Made};
use crate::channel::Channel;
use crate::policy::{set, shows};
use crate::server_in_a_box::Server;
use crate::tickets::{connect, first_message, ticket, validate};

const TEN_MINUTES: Duration = Duration::from_secs(10 * 60);
/// Longer than a place is kept.
const LOST_FOR: Duration = Duration::from_secs(3 * 60);

// Shows: REQ-AC-14.
#[tokio::test]
async fn whoever_presents_brings_one_computer_by_a_code_that_is_good_once() {
    let (server, _, meeting, host) = meeting().await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let path = format!("/meetings/{}/sharing/lock", meeting.id);
    assert_eq!(host.post(&path).await.status, StatusCode::OK);

    assert_eq!(offer(&guest, &meeting).await.code(), "not_allowed");
    is_refused(&server, "companion.offered", "role").await;
    let (first, second) = (code(&host, &meeting).await, code(&host, &meeting).await);
    // The one before is good no more.
    assert_eq!(bring(&server, &first).await.code(), "companion_not_found");
    let shown = show(&server, "/companions/look-up", &second).await;
    assert_eq!(shown.text("organisation"), "Riverside");
    assert_eq!(shown.text("owner_name"), "Amy");
    let brought = bring(&server, &second).await;

    assert_eq!(brought.status, StatusCode::CREATED, "{}", brought.body);
    assert_eq!(brought.text("role"), "companion");
    let entry = is_on_record(&server, "companion.brought").await;
    assert_eq!(detail(&entry, "owner"), host.participant.as_str());
    assert_eq!(bring(&server, &second).await.code(), "companion_not_found");
    is_refused(&server, "access.refused", "spent").await;
    // One at a time.
    let third = code(&host, &meeting).await;
    assert_eq!(bring(&server, &third).await.code(), "companion_not_found");
    is_refused(&server, "companion.brought", "conflict").await;
    // One that is lost holds its place no longer than anybody.
    server.wait(LOST_FOR);
    let fourth = code(&host, &meeting).await;
    let again = bring(&server, &fourth).await;
    assert_eq!(again.status, StatusCode::CREATED, "{}", again.body);
    server.stop().await;
}

// Shows: REQ-AC-14.
#[tokio::test]
async fn a_code_is_good_for_ten_minutes_and_not_into_a_meeting_that_is_locked() {
    let (server, _, meeting, host) = meeting().await;
    let late = code(&host, &meeting).await;
    server.wait(TEN_MINUTES);
    assert_eq!(bring(&server, &late).await.code(), "companion_not_found");
    is_refused(&server, "access.refused", "expired").await;

    let shut_out = code(&host, &meeting).await;
    let path = format!("/meetings/{}/lock", meeting.id);
    assert_eq!(host.post(&path).await.status, StatusCode::OK);
    assert_eq!(bring(&server, &shut_out).await.code(), "meeting_locked");
    server.stop().await;
}

// Shows: REQ-AC-14, REQ-AC-19.
#[tokio::test]
async fn nobody_brings_a_computer_into_a_support_session_past_its_terms() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let (_, session) = crate::support::open(&owner).await;
    let technician = owner.come(&session, "Amy").await;
    let customer = Caller::nobody(&server).come(&session, "Bo").await;

    for who in [&technician, &customer] {
        assert_eq!(offer(who, &session).await.code(), "switched_off");
        is_refused(&server, "companion.offered", "switched_off").await;
    }
    server.stop().await;
}

// Shows: REQ-AC-14, REQ-AC-16.
#[tokio::test]
async fn its_owner_alone_lends_it_and_everybody_sees_to_whom() {
    let (server, _, meeting, host) = meeting().await;
    let nobody = Caller::nobody(&server);
    let (bo, cy) = (
        nobody.come(&meeting, "Bo").await,
        nobody.come(&meeting, "Cy").await,
    );
    let computer = brought(&server, &host, &meeting).await;
    let mut seen = Channel::open(&server, &meeting, &cy, None).await;
    let there = seen.welcome().await;
    let entry = entry_of(&there["roster"], &computer);
    assert_eq!(entry["companion"]["owner"], host.participant.as_str());
    assert_eq!(entry["signed_in"], false);

    let stolen = give(&bo, &meeting, &computer, Some(&bo)).await;
    assert_eq!(stolen.code(), "companion_not_found");
    let to_itself = give(&host, &meeting, &computer, Some(&computer)).await;
    assert_eq!(to_itself.code(), "not_allowed");
    let to_herself = give(&host, &meeting, &computer, Some(&host)).await;
    assert_eq!(to_herself.code(), "not_allowed");
    let given = give(&host, &meeting, &computer, Some(&bo)).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.body);

    let told = lent(&mut seen).await;
    assert_eq!(told["controller"], bo.participant.as_str());
    assert_eq!(told["turn"], 1);
    let entry = is_on_record(&server, "companion.control_given").await;
    assert_eq!(detail(&entry, "to"), bo.participant.as_str());
    let back = give(&host, &meeting, &computer, None).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.body);
    assert_eq!(lent(&mut seen).await["controller"], Value::Null);
    is_on_record(&server, "companion.control_taken_back").await;
    server.stop().await;
}

// Shows: REQ-AC-14.
#[tokio::test]
async fn what_the_agent_lets_be_known_is_on_record_and_ends_the_turn_that_is_over_alone() {
    let (server, _, meeting, host) = meeting().await;
    let nobody = Caller::nobody(&server);
    let (bo, cy) = (
        nobody.come(&meeting, "Bo").await,
        nobody.come(&meeting, "Cy").await,
    );
    let computer = brought(&server, &host, &meeting).await;
    give(&host, &meeting, &computer, Some(&bo)).await;
    give(&host, &meeting, &computer, Some(&cy)).await;
    let mut channel = Channel::open(&server, &meeting, &host, None).await;
    channel.welcome().await;
    let over = json!([
        {"fact": "control_ended", "injected": 7, "dropped": 1},
        {"fact": "ended", "reason": "stopped"}
    ]);

    let of_bo = report(&computer, &meeting, 1, over.clone()).await;
    assert_eq!(of_bo.status, StatusCode::NO_CONTENT, "{}", of_bo.body);
    let of_cy = report(&computer, &meeting, 2, over).await;
    assert_eq!(of_cy.status, StatusCode::NO_CONTENT, "{}", of_cy.body);

    // Cy's turn was not over with Bo's.
    let told = lent(&mut channel).await;
    assert_eq!(told["controller"], Value::Null);
    assert_eq!(told["turn"], 3);
    let entry = is_on_record(&server, "companion.turn_over").await;
    assert_eq!(detail(&entry, "reason"), "stopped");
    assert_eq!(detail(&entry, "turn"), 2);
    // Nobody else reports of it.
    let lies = json!([{"fact": "control_began"}]);
    assert_eq!(report(&bo, &meeting, 3, lies).await.code(), "not_allowed");
    server.stop().await;
}

// Shows: REQ-AC-14, REQ-AU-01.
#[tokio::test]
async fn each_fact_of_a_turn_has_an_entry_of_its_own() {
    let (server, _, meeting, host) = meeting().await;
    let bo = Caller::nobody(&server).come(&meeting, "Bo").await;
    let computer = brought(&server, &host, &meeting).await;
    give(&host, &meeting, &computer, Some(&bo)).await;
    let before = server.entries().await.len();
    let facts = json!([
        {"fact": "refused", "capability": "control"},
        {"fact": "unanswered", "capability": "control"},
        {"fact": "permitted", "capability": "control"},
        {"fact": "control_began"},
        {"fact": "control_ended", "injected": 7, "dropped": 1},
        {"fact": "input_without_control"},
        {"fact": "ended", "reason": "stopped"}
    ]);

    let reported = report(&computer, &meeting, 1, facts).await;

    assert_eq!(reported.status, StatusCode::NO_CONTENT, "{}", reported.body);
    let entries = server.entries().await.split_off(before);
    let names: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
    assert_eq!(
        names,
        [
            "companion.refused",
            "companion.refused",
            "companion.permitted",
            "companion.control_began",
            "companion.control_ended",
            "companion.input_without_control",
            "companion.turn_over"
        ]
    );
    for entry in &entries {
        assert_eq!(detail(entry, "turn"), 1);
        let object = entry.event.object().unwrap();
        assert_eq!(object.id.to_string(), computer.participant);
    }
    assert_eq!(detail(&entries[0], "capability"), "control");
    assert_eq!(detail(&entries[4], "injected"), 7);
    assert_eq!(detail(&entries[4], "dropped"), 1);
    server.stop().await;
}

// Shows: REQ-AC-14.
#[tokio::test]
async fn a_computer_may_nothing_that_a_person_may() {
    let (server, _, meeting, host) = meeting().await;
    let computer = brought(&server, &host, &meeting).await;
    let about = |act: &str| {
        let (id, whom) = (&meeting.id, &computer.participant);
        format!("/meetings/{id}/participants/{whom}/{act}")
    };

    for act in ["make-co-host", "hand-over"] {
        assert_eq!(host.post(&about(act)).await.code(), "not_allowed", "{act}");
    }
    for path in ["lock", "mute-all", "end", "companion"] {
        let path = format!("/meetings/{}/{path}", meeting.id);
        assert_eq!(computer.post(&path).await.code(), "not_allowed", "{path}");
    }
    let mut socket = connect(&server, &ticket(&meeting, &computer).await).await;
    first_message(&mut socket).await;
    assert!(!shows(&mut socket, TrackSource::ScreenShare).await);
    assert!(!shows(&mut socket, TrackSource::Camera).await);
    // It is put out as anybody is.
    let expelled = host.post(&about("expel")).await;
    assert_eq!(expelled.status, StatusCode::OK, "{}", expelled.body);
    server.stop().await;
}

// Shows: REQ-AC-16.
#[tokio::test]
async fn it_goes_with_its_owner() {
    let (server, _, meeting, host) = meeting().await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let computer = brought(&server, &guest, &meeting).await;
    let unused = ticket(&meeting, &computer).await;
    let mut channel = Channel::open(&server, &meeting, &computer, None).await;
    channel.welcome().await;

    let left = guest.post(&format!("/meetings/{}/leave", meeting.id)).await;

    assert_eq!(left.status, StatusCode::OK, "{}", left.body);
    assert_eq!(channel.bye().await, "not_authenticated");
    assert_ne!(validate(&server, &unused).await, StatusCode::OK);
    let path = format!("/meetings/{}/ticket", meeting.id);
    assert_eq!(computer.post(&path).await.code(), "not_admitted");
    // The host's meeting goes on.
    assert_eq!(host.post(&path).await.status, StatusCode::CREATED);
    server.stop().await;
}

// Shows: REQ-AC-14.
#[tokio::test]
async fn where_policy_switches_it_off_nothing_is_brought_or_lent_and_all_can_be_taken_back() {
    let (server, owner, meeting, host) = meeting().await;
    let bo = Caller::nobody(&server).come(&meeting, "Bo").await;
    let (computer, early) = (
        brought(&server, &host, &meeting).await,
        code(&bo, &meeting).await,
    );
    let terms = format!("/meetings/{}/companion/terms", meeting.id);
    let permitted = computer.get(&terms).await.body["permitted"].clone();
    assert_eq!(permitted, json!(["view", "control"]));
    // Whose words don't pass uses nothing.
    let mute = json!({"messages": {"value": false, "locked": true}});
    set(&owner, "organisation", mute).await;
    let silent = give(&host, &meeting, &computer, Some(&bo)).await;
    assert_eq!(silent.code(), "switched_off");
    set(&owner, "organisation", json!({})).await;
    let given = give(&host, &meeting, &computer, Some(&bo)).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.body);

    let off = json!({"meeting_control": {"value": false, "locked": true}});
    set(&owner, "organisation", off).await;

    assert_eq!(computer.get(&terms).await.body["permitted"], json!([]));
    assert_eq!(offer(&host, &meeting).await.code(), "switched_off");
    assert_eq!(bring(&server, &early).await.code(), "switched_off");
    let again = give(&host, &meeting, &computer, Some(&bo)).await;
    assert_eq!(again.code(), "switched_off");
    is_refused(&server, "companion.control_given", "switched_off").await;
    let back = give(&host, &meeting, &computer, None).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.body);
    server.stop().await;
}

async fn meeting() -> (Server, Caller, Made, Caller) {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    (server, owner, meeting, host)
}

async fn offer(who: &Caller, meeting: &Made) -> Answer {
    who.post(&format!("/meetings/{}/companion", meeting.id))
        .await
}

async fn code(who: &Caller, meeting: &Made) -> String {
    let offered = offer(who, meeting).await;
    assert_eq!(offered.status, StatusCode::CREATED, "{}", offered.body);
    offered.text("code")
}

async fn show(server: &Server, path: &str, code: &str) -> Answer {
    let body = json!({"code": code});
    let nobody = Caller::nobody(server);
    nobody.send(Method::POST, path, Some(body)).await
}

async fn bring(server: &Server, code: &str) -> Answer {
    show(server, "/companions", code).await
}

/// The computer of somebody who presents, in their meeting.
async fn brought(server: &Server, owner: &Caller, meeting: &Made) -> Caller {
    let brought = bring(server, &code(owner, meeting).await).await;
    assert_eq!(brought.status, StatusCode::CREATED, "{}", brought.body);
    Caller {
        credential: Some(brought.text("credential")),
        participant: brought.text("participant"),
        ..Caller::nobody(server)
    }
}

async fn give(who: &Caller, meeting: &Made, computer: &Caller, to: Option<&Caller>) -> Answer {
    let path = format!(
        "/meetings/{}/companion/{}/control",
        meeting.id, computer.participant
    );
    let body = json!({"to": to.map(|to| &to.participant)});
    who.send(Method::POST, &path, Some(body)).await
}

async fn report(who: &Caller, meeting: &Made, turn: u32, facts: Value) -> Answer {
    let path = format!("/meetings/{}/companion/facts", meeting.id);
    let body = json!({"turn": turn, "facts": facts});
    who.send(Method::POST, &path, Some(body)).await
}

/// What is told next of who may use a computer.
async fn lent(channel: &mut Channel) -> Value {
    loop {
        let told = channel.event("roster").await;
        let companion = &told["event"]["entry"]["companion"];
        if !companion.is_null() {
            return companion.clone();
        }
    }
}

fn entry_of(roster: &Value, whom: &Caller) -> Value {
    let mut roster = roster.as_array().unwrap().iter();
    let entry = roster.find(|entry| entry["participant"] == whom.participant.as_str());
    entry.unwrap().clone()
}

/// The last of this name, which was done.
async fn is_on_record(server: &Server, name: &str) -> Entry {
    let entry = last(server, name).await;
    assert!(entry.outcome == Outcome::Done, "{name}");
    entry
}

async fn is_refused(server: &Server, name: &str, reason: &str) {
    let entry = last(server, name).await;
    assert!(entry.outcome == Outcome::Refused, "{name}");
    assert_eq!(entry.reason.unwrap().as_str(), reason);
}

async fn last(server: &Server, name: &str) -> Entry {
    let mut entries = server.entries().await;
    entries.retain(|entry| entry.event.name() == name);
    entries.pop().unwrap()
}

fn detail(entry: &Entry, member: &str) -> Value {
    let event = serde_json::to_value(&entry.event).unwrap();
    event["detail"][member].clone()
}
