//! Sessions that are kept: sealed by what the agent seals with, kept by a server that can't read them, seen by who may.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave::Config;
use conclave_audit::Outcome;
use conclave_e2ee::Seed;
use conclave_e2ee::recording::{Binding, Opener, RecordingKeys, Sealer, Wholeness};
use livekit_protocol::TrackSource;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::caller::{Answer, Caller, Made, verifier};
use crate::encryption::enter;
use crate::evidence::{row, until};
use crate::policy::{set, shows};
use crate::server_in_a_box::Server;
use crate::support::open;

const MARKER: &[u8] = b"hypertension-marker-in-the-clear";
const TWO_HOURS: Duration = Duration::from_secs(2 * 60 * 60);
const A_MONTH: Duration = Duration::from_secs(31 * 24 * 60 * 60);

// Shows: REQ-AU-04, REQ-AU-06, REQ-CR-11, REQ-MODE-04, REQ-IN-08.
#[tokio::test]
async fn a_kept_session_is_seen_again_by_its_key_alone_and_the_server_has_nothing_of_it() {
    let (server, owner) = archive().await;
    let keys = keys();
    make_key(&owner, keys.public()).await;
    let helped = helped(&server, &owner).await;
    let begun = helped.begin().await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
    let mut sealer = sealer(&begun);

    let header = helped.bring(&begun, 0, sealer.header()).await;
    assert_eq!(header.body["next"], 1, "{}", header.body);
    let first = sealer.seal(MARKER).unwrap();
    helped.bring(&begun, 1, &first).await;
    // What is kept may come again, other bytes may not, and what is too early waits.
    let again = helped.bring(&begun, 1, &first).await;
    assert_eq!(again.body["next"], 2);
    let other = helped.bring(&begun, 1, b"other").await;
    assert_eq!(other.code(), "recording_differs");
    let early = helped.bring(&begun, 7, b"early").await;
    assert_eq!(early.body["next"], 2);
    let finished = sealer.finish(MARKER).unwrap();
    let missing = helped.end(&begun, &finished.manifest).await;
    assert_eq!(missing.code(), "recording_not_whole");
    helped.bring(&begun, 2, &finished.last_chunk).await;
    let ended = helped.end(&begun, &finished.manifest).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    let said = finished.afterword.seal(MARKER).unwrap();
    let judged = helped.judge(&begun, &said).await;
    assert_eq!(judged.status, StatusCode::NO_CONTENT, "{}", judged.body);

    let list = owner.get("/support/recordings").await.body;
    assert_eq!(list["recordings"][0]["state"], "whole", "{list}");
    assert_eq!(list["recordings"][0]["feedback"], "kept", "{list}");
    assert!(list["recordings"][0]["keep_until"].is_string());
    let (play, pieces) = played(&owner, &begun).await;
    let manifest = URL_SAFE_NO_PAD.decode(play.text("manifest")).unwrap();
    let (header, chunks) = pieces.split_first().unwrap();
    let open = || Opener::begin(&keys, binding(&begun), header, Some(&manifest)).unwrap();
    let mut opener = open();
    for chunk in chunks {
        assert_eq!(opener.open(chunk).unwrap(), MARKER);
    }
    assert_eq!(opener.end(), Ok(Wholeness::Whole));
    let said = URL_SAFE_NO_PAD.decode(play.text("feedback")).unwrap();
    assert_eq!(opener.afterword(&said).unwrap(), MARKER);
    let mut flipped = chunks[0].clone();
    flipped[9] ^= 1;
    assert!(open().open(&flipped).is_err());
    holds_no_marker(&server);
    server.stop().await;
}

// Shows: REQ-RS-07, REQ-AU-04.
#[tokio::test]
async fn feedback_on_a_recorded_session_is_taken_sealed_alone_with_its_last_recording_and_once() {
    let (server, owner) = archive().await;
    make_key(&owner, keys().public()).await;
    let helped = helped(&server, &owner).await;
    let first = helped.begin().await;
    let last = helped.begin().await;

    let clear = json!({"solved": true, "rating": 4});
    let path = format!("/meetings/{}/support/feedback", helped.meeting.id);
    let refused = helped.customer.send(Method::POST, &path, Some(clear)).await;
    assert_eq!(refused.code(), "feedback_sealed");
    let entry = server.entries().await.pop().unwrap();
    assert_eq!(entry.event.name(), "access.refused");
    let elsewhere = helped.judge(&first, b"sealed").await;
    assert_eq!(elsewhere.code(), "feedback_given");
    let taken = helped.judge(&last, b"sealed").await;
    assert_eq!(taken.status, StatusCode::NO_CONTENT, "{}", taken.body);
    let again = helped.judge(&last, b"other").await;
    assert_eq!(again.code(), "feedback_given");

    let list = owner.get("/support/recordings?limit=1").await.body;
    assert_eq!(list["recordings"][0]["feedback"], "kept", "{list}");
    let earlier = format!("/support/recordings?before={}", last.text("recording"));
    let list = owner.get(&earlier).await.body;
    let listed = &list["recordings"][0];
    assert_eq!(listed["id"], first.body["recording"], "{list}");
    assert_eq!(listed["feedback"], "elsewhere");
    assert!(list["next"].is_null());
    let mut entries = server.entries().await;
    entries.retain(|entry| entry.event.name() == "recording.feedback");
    assert!(entries.pop().unwrap().sealed.is_some());
    server.stop().await;
}

// Shows: REQ-IN-08.
#[tokio::test]
async fn what_a_disk_changed_of_a_recording_is_found_by_itself_and_on_record_once() {
    let (server, owner) = archive().await;
    make_key(&owner, keys().public()).await;
    let helped = helped(&server, &owner).await;
    let begun = helped.begin().await;
    let mut sealer = sealer(&begun);
    helped.bring(&begun, 0, sealer.header()).await;
    let first = sealer.seal(MARKER).unwrap();
    helped.bring(&begun, 1, &first).await;
    let finished = sealer.finish(MARKER).unwrap();
    helped.bring(&begun, 2, &finished.last_chunk).await;
    helped.end(&begun, &finished.manifest).await;
    // Nobody has signed for the tests of this build.
    assert_eq!(row(&owner, "164.312.c.2").await, "stale");
    server
        .tamper("UPDATE recording_piece SET content = zeroblob(length(content)) WHERE number = 1")
        .await;

    let often = |config: &mut Config| config.evidence.every = Duration::from_secs(1);
    let server = server.restart_with(often).await;
    wait_for(&server, "recording.damaged").await;

    let owner = Caller::sign_in(&server).await;
    let red = until(&owner, "authenticate.stored", "not_met").await;
    let failed = red["grounds"].as_array().unwrap().iter();
    let failed: Vec<_> = failed.filter(|one| one["standing"] == "fails").collect();
    assert_eq!(failed.len(), 1, "{red}");
    assert_eq!(failed[0]["name"], "recordings");
    assert_eq!(row(&owner, "164.312.c.2").await, "not_met");
    let list = owner.get("/support/recordings").await.body;
    assert_eq!(list["recordings"][0]["state"], "damaged", "{list}");
    assert_eq!(list["damaged"], 1);
    let server = server.restart().await;
    let mut entries = server.entries().await;
    entries.retain(|entry| entry.event.name() == "recording.damaged");
    assert_eq!(entries.len(), 1);
    server.stop().await;
}

// Shows: REQ-AU-05, REQ-RS-09.
#[tokio::test]
async fn recordings_are_searched_by_what_narrows_them_and_each_look_is_on_record() {
    let (server, owner) = archive().await;
    make_key(&owner, keys().public()).await;
    let begun = helped(&server, &owner).await.begin().await;
    let technician = owner.account().await;
    let nobody = Uuid::from_u128(7);
    let found = async |narrowed: &str| {
        let path = format!("/support/recordings?{narrowed}");
        let list = owner.get(&path).await.body;
        let recordings = list["recordings"].as_array().unwrap().iter();
        let ids = recordings.map(|recording| recording["id"].clone());
        ids.collect::<Vec<_>>()
    };

    for narrowed in [
        "state=open",
        &format!("technician={technician}&from=2000-01-01T00:00:00Z"),
    ] {
        assert_eq!(found(narrowed).await, [begun.body["recording"].clone()]);
    }
    for narrowed in [
        "state=whole",
        "to=2000-01-01T00:00:00Z",
        &format!("technician={nobody}"),
        &format!("group={nobody}"),
        &format!("device={nobody}"),
    ] {
        assert!(found(narrowed).await.is_empty(), "{narrowed}");
    }

    let mut entries = server.entries().await;
    entries.retain(|entry| entry.event.name() == "recording.search");
    assert_eq!(entries.len(), 7);
    for wrong in ["state=half", "technician=Amy", "where=here"] {
        let refused = owner.get(&format!("/support/recordings?{wrong}")).await;
        assert_eq!(refused.code(), "malformed_request", "{wrong}");
    }
    server.stop().await;
}

// Shows: REQ-MODE-03.
#[tokio::test]
async fn where_nothing_is_kept_no_recording_begins_and_the_refusal_is_on_record() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    make_key(&owner, keys().public()).await;
    let helped = helped(&server, &owner).await;

    assert_eq!(helped.begin().await.code(), "switched_off");

    let entry = server.entries().await.pop().unwrap();
    assert_eq!(entry.event.name(), "access.refused");
    assert!(entry.outcome == Outcome::Refused);
    let list = owner.get("/support/recordings").await.body;
    assert_eq!(list["recordings"], json!([]));
    server.stop().await;
}

// Shows: REQ-AU-04.
#[tokio::test]
async fn without_a_key_no_session_is_held_that_would_have_to_be_kept() {
    let (server, owner) = archive().await;

    let body = json!({"invitation_verifier": verifier(b"proof")});
    let opened = owner.send(Method::POST, "/support/sessions", Some(body));

    assert_eq!(opened.await.code(), "recording_key_missing");
    make_key(&owner, keys().public()).await;
    let helped = helped(&server, &owner).await;
    let terms = format!("/meetings/{}/support/terms", helped.meeting.id);
    let terms = helped.customer.get(&terms).await.body;
    assert_eq!(terms["must_record"], true, "{terms}");
    let fingerprint = keys().fingerprint();
    let fingerprint: String = fingerprint.iter().map(|it| format!("{it:02x}")).collect();
    assert_eq!(terms["recording_key"], fingerprint, "shown before a yes");
    server.stop().await;
}

// Shows: REQ-AU-04, REQ-MODE-04.
#[tokio::test]
async fn whoever_loses_the_key_meanwhile_is_asked_about_no_recording_and_none_begins() {
    let (server, owner) = archive().await;
    make_key(&owner, keys().public()).await;
    let helped = helped(&server, &owner).await;
    let terms = format!("/meetings/{}/support/terms", helped.meeting.id);
    let before = helped.customer.get(&terms).await.body;
    let recording = json!("recording");
    let records = |terms: &Value| {
        let permitted = terms["permitted"].as_array();
        permitted.is_some_and(|permitted| permitted.contains(&recording))
    };
    assert!(records(&before), "{before}");

    server.tamper("DELETE FROM recording_key").await;

    let after = helped.customer.get(&terms).await.body;
    assert!(!records(&after), "{after}");
    assert!(after["recording_key"].is_null(), "{after}");
    assert_eq!(helped.begin().await.code(), "recording_key_missing");
    let entry = server.entries().await.pop().unwrap();
    assert_eq!(entry.event.name(), "access.refused");
    server.stop().await;
}

// Shows: REQ-AU-04.
#[tokio::test]
async fn a_session_that_must_be_kept_is_shown_from_no_browser_whatever_policy_says_by_now() {
    let (server, owner) = archive().await;
    make_key(&owner, keys().public()).await;
    let opened_before = helped(&server, &owner).await;
    set(&owner, "organisation", json!({})).await;
    let theirs = json!({"data_mode": {"value": "archive"}});
    let account = format!("accounts/{}", owner.account().await);
    set(&owner, &account, theirs).await;
    let of_one_who_keeps = helped(&server, &owner).await;

    for helped in [opened_before, of_one_who_keeps] {
        let mut socket = enter(&server, &helped.meeting, &helped.customer).await;

        assert!(!shows(&mut socket, TrackSource::ScreenShare).await);
    }
    server.stop().await;
}

// Shows: REQ-AU-04.
#[tokio::test]
async fn what_was_never_finished_is_incomplete_and_all_of_it_goes_when_its_time_is_over() {
    let (server, owner) = archive().await;
    make_key(&owner, keys().public()).await;
    let days = json!({"days": 30});
    let said = owner.send(Method::PUT, "/support/recordings/retention", Some(days));
    assert_eq!(said.await.status, StatusCode::NO_CONTENT);
    let helped = helped(&server, &owner).await;
    let begun = helped.begin().await;
    helped.bring(&begun, 0, sealer(&begun).header()).await;
    let end = format!("/meetings/{}/end", helped.meeting.id);
    assert_eq!(owner.post(&end).await.status, StatusCode::OK);

    server.wait(TWO_HOURS);
    let late = helped.bring(&begun, 1, b"late").await;
    assert_eq!(late.code(), "not_admitted");
    let server = server.restart().await;
    wait_for(&server, "recording.incomplete").await;
    wait_for(&server, "recording.feedback_missing").await;
    let owner = Caller::sign_in(&server).await;
    let list = owner.get("/support/recordings").await.body;
    assert_eq!(list["recordings"][0]["state"], "incomplete", "{list}");
    assert_eq!(list["recordings"][0]["feedback"], "missing");
    assert_eq!(list["incomplete"], 1);
    assert_eq!(list["without_feedback"], 1);

    server.wait(A_MONTH);
    let server = server.restart().await;
    wait_for(&server, "recording.deleted").await;
    let owner = Caller::sign_in(&server).await;
    let list = owner.get("/support/recordings").await.body;
    assert_eq!(list["recordings"][0]["state"], "deleted", "{list}");
    assert_eq!(list["bytes"], 0);
    let plays = format!("/support/recordings/{}/plays", begun.text("recording"));
    let why = json!({"reason": "A complaint."});
    let play = owner.send(Method::POST, &plays, Some(why)).await;
    assert_eq!(play.code(), "recording_deleted");
    server.stop().await;
}

// Shows: REQ-AU-04.
#[tokio::test]
async fn what_lacks_of_a_recording_is_acknowledged_once_with_why_and_stays_marked() {
    let (server, owner) = archive().await;
    make_key(&owner, keys().public()).await;
    let helped = helped(&server, &owner).await;
    let begun = helped.begin().await;
    let end = format!("/meetings/{}/end", helped.meeting.id);
    assert_eq!(owner.post(&end).await.status, StatusCode::OK);
    server.wait(TWO_HOURS);
    let server = server.restart().await;
    wait_for(&server, "recording.incomplete").await;
    wait_for(&server, "recording.feedback_missing").await;
    let owner = Caller::sign_in(&server).await;
    let recording = begun.text("recording");
    let path = format!("/support/recordings/{recording}/acknowledgement");
    let acknowledges = async |trouble: &str, reason: &str| {
        let body = json!({"trouble": trouble, "reason": reason});
        owner.send(Method::POST, &path, Some(body)).await
    };
    let whole = acknowledges("damaged", "The ward lost power.").await;
    assert_eq!(whole.code(), "recording_not_found");

    for reason in ["The ward lost power.", "Said again."] {
        let done = acknowledges("incomplete", reason).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    }

    let list = owner.get("/support/recordings").await.body;
    assert_eq!(list["incomplete"], 0, "{list}");
    assert_eq!(list["without_feedback"], 1);
    let listed = &list["recordings"][0];
    assert_eq!(listed["state"], "incomplete");
    assert_eq!(
        listed["troubles"],
        json!(["incomplete", "without_feedback"])
    );
    let heard = listed["acknowledged"].as_array().unwrap();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0]["reason"], "The ward lost power.");
    assert_eq!(heard[0]["by_name"], "Amy Weatherwax");
    let mut entries = server.entries().await;
    entries.retain(|entry| entry.event.name() == "recording.acknowledged");
    assert!(entries.len() == 1 && entries[0].sealed.is_some());
    server.stop().await;
}

// Shows: REQ-AU-04.
#[tokio::test]
async fn pieces_are_given_to_who_said_why_and_to_nobody_else() {
    let (server, owner) = archive().await;
    make_key(&owner, keys().public()).await;
    let mut auditor = owner.invited("di@riverside.example", "auditor").await;
    auditor.set_up_program(&server).await;
    let helped = helped(&server, &owner).await;
    let begun = helped.begin().await;
    helped.bring(&begun, 0, sealer(&begun).header()).await;

    let (play, _) = played(&auditor, &begun).await;

    let (recording, play) = (begun.text("recording"), play.text("id"));
    let piece = format!("/support/recordings/{recording}/plays/{play}/0");
    assert_eq!(auditor.get(&piece).await.status, StatusCode::OK);
    assert_eq!(owner.get(&piece).await.code(), "recording_not_found");
    let mut entries = server.entries().await;
    entries.retain(|entry| entry.event.name() == "recording.played");
    assert!(entries.pop().unwrap().sealed.is_some());
    server.stop().await;
}

/// One that keeps every session.
async fn archive() -> (Server, Caller) {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let archive = json!({"data_mode": {"value": "archive"}});
    set(&owner, "organisation", archive).await;
    (server, owner)
}

/// Whom a session helps, and where their agent brings its recordings.
struct Helped {
    meeting: Made,
    customer: Caller,
    path: String,
}

async fn helped(server: &Server, owner: &Caller) -> Helped {
    let (_, meeting) = open(owner).await;
    owner.come(&meeting, "Amy").await;
    let customer = Caller::nobody(server).come(&meeting, "Bo").await;
    let path = format!("/meetings/{}/support/recordings", meeting.id);
    Helped {
        meeting,
        customer,
        path,
    }
}

impl Helped {
    async fn begin(&self) -> Answer {
        self.customer.post(&self.path).await
    }

    async fn bring(&self, begun: &Answer, number: u32, piece: &[u8]) -> Answer {
        let path = format!("{}/{}/{number}", self.path, begun.text("recording"));
        bring(&self.customer, &path, piece).await
    }

    async fn judge(&self, begun: &Answer, sealed: &[u8]) -> Answer {
        let path = format!("{}/{}/feedback", self.path, begun.text("recording"));
        let body = json!({"sealed": URL_SAFE_NO_PAD.encode(sealed)});
        self.customer.send(Method::POST, &path, Some(body)).await
    }

    async fn end(&self, begun: &Answer, manifest: &[u8]) -> Answer {
        let path = format!("{}/{}/end", self.path, begun.text("recording"));
        let body = json!({"manifest": URL_SAFE_NO_PAD.encode(manifest)});
        self.customer.send(Method::POST, &path, Some(body)).await
    }
}

fn keys() -> RecordingKeys {
    RecordingKeys::generate(Seed([5; 32].into()))
}

async fn make_key(owner: &Caller, public: &[u8]) {
    let body = json!({"public": URL_SAFE_NO_PAD.encode(public), "custodians": ["Amy", "Bo"]});
    let made = owner
        .send(Method::POST, "/support/recordings/keys", Some(body))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.text("fingerprint").len(), 64);
}

/// As the agent, with what the server told it.
fn sealer(begun: &Answer) -> Sealer {
    let public = URL_SAFE_NO_PAD.decode(begun.text("public")).unwrap();
    Sealer::begin(&public, binding(begun), Seed([7; 32].into())).unwrap()
}

fn binding(begun: &Answer) -> Binding {
    let bytes = |member| begun.text(member).parse::<Uuid>().unwrap().into_bytes();
    Binding {
        organisation: bytes("organisation"),
        session: bytes("session"),
        recording: bytes("recording"),
    }
}

/// What somebody who says why is given, and all pieces.
async fn played(who: &Caller, begun: &Answer) -> (Answer, Vec<Vec<u8>>) {
    let plays = format!("/support/recordings/{}/plays", begun.text("recording"));
    let why = json!({"reason": "A complaint of the person who was helped."});
    let play = who.send(Method::POST, &plays, Some(why)).await;
    assert_eq!(play.status, StatusCode::CREATED, "{}", play.body);
    let mut pieces = Vec::new();
    for number in 0..=play.body["chunks"].as_u64().unwrap() {
        let path = format!("{plays}/{}/{number}", play.text("id"));
        let answer = who.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        pieces.push(answer.bytes().await.unwrap().to_vec());
    }
    (play, pieces)
}

/// Neither the database nor anything else of the server's directory.
fn holds_no_marker(server: &Server) {
    let mut folders = vec![server.data_dir()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap_or_default();
            let mut windows = bytes.windows(MARKER.len());
            assert!(!windows.any(|window| window == MARKER), "{path:?}");
        }
    }
    assert!(files > 0);
}

/// As soon as it is on record.
async fn wait_for(server: &Server, name: &str) {
    let recorded = async {
        while !server
            .entries()
            .await
            .iter()
            .any(|it| it.event.name() == name)
        {
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, recorded).await.unwrap();
}

/// A sealed piece, as an agent sends it.
pub(crate) async fn bring(agent: &Caller, path: &str, piece: &[u8]) -> Answer {
    let request = agent.request(Method::PUT, path);
    let request = request.header("content-type", "application/octet-stream");
    Answer::read(request.body(piece.to_vec()).send().await.unwrap()).await
}

/// Another each time; nothing is ever sealed to it.
pub(crate) fn recording_key() -> Value {
    let public: Vec<u8> = (0..1_216).map(|_| rand::random()).collect();
    json!({"public": URL_SAFE_NO_PAD.encode(public), "custodians": ["Amy"]})
}

/// What the server looks at of a manifest of one chunk.
pub(crate) fn manifest_of(header: &[u8], chunk: &[u8]) -> String {
    let begun = Sha256::digest([b"conclave recording chain 1".as_slice(), header].concat());
    let chain = Sha256::digest([begun.as_slice(), &Sha256::digest(chunk)].concat());
    let count = 1_u32.to_be_bytes();
    URL_SAFE_NO_PAD.encode([[1].as_slice(), &count, &chain, &[0; 16]].concat())
}
