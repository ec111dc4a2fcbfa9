//! Emergency access: who breaks the glass, what it opens and for how long, who sees it, who looks at it afterwards.

use std::time::Duration;

use conclave_audit::{Actor, Entry, Outcome};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, EMAIL, Made, verifier};
use crate::channel::Channel;
use crate::letterbox::Letterbox;
use crate::passkeys::{add, use_it};
use crate::policy::set;
use crate::server_in_a_box::Server;

const BO: &str = "bo.hadley@riverside.example";
const WORDS: &str = "Zacharias Quimby fell.\nNobody answers.";

// Shows: REQ-EM-02, ABUSE-67.
#[tokio::test]
async fn the_glass_is_broken_by_its_group_for_an_hour_in_sight_of_everybody_and_reviewed() {
    let mut letters = Letterbox::open().await;
    let server = Server::start_with(|config| letters.configure(config)).await;
    let owner = Caller::owner(&server).await;
    let body = json!({"email": BO, "role": "member"});
    owner.send(Method::POST, "/invitations", Some(body)).await;
    let token = letters.next().await.secret("invited");
    let bo = owner.accept(&token).await;
    let (meeting, host) = live_meeting_of_the_invited(&owner).await;
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    hosts.next().await;

    // Who is not in the group, says nothing, or proved long ago who they are.
    assert_eq!(invoke(&bo, "drill").await.code(), "switched_off");
    is_refused(&server, "emergency.invoke", "switched_off").await;
    put_in_the_group(&owner, &bo).await;
    for body in [
        json!({"reason": "drill"}),
        json!({"words": WORDS}),
        json!({"reason": "drill", "words": "  "}),
    ] {
        let refused = bo.send(Method::POST, "/emergency", Some(body)).await;
        assert_eq!(refused.code(), "malformed_request");
    }
    server.wait(Duration::from_secs(600));
    assert_eq!(invoke(&bo, "drill").await.code(), "step_up_required");
    is_refused(&server, "emergency.invoke", "step_up_required").await;
    let bo = Caller::sign_in_as(&server, BO).await;
    let path = format!("/meetings/{}/join", meeting.code);
    let body = Some(json!({"display_name": "Bo"}));
    let joined = bo.send(Method::POST, &path, body).await;
    assert_eq!(joined.code(), "meeting_not_found");
    assert_eq!(seen(&bo).await.code(), "emergency_not_open");
    assert_eq!(enter(&bo, &meeting).await.code(), "emergency_not_open");
    is_refused(&server, "emergency.use", "no_emergency").await;

    let taken = invoke(&bo, "patient_in_danger").await;

    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body);
    assert_eq!(invoke(&bo, "drill").await.code(), "emergency_open");
    let letter = letters.next().await;
    assert!(letter.to.contains(EMAIL), "{}", letter.to);
    assert!(letter.text.contains("/admin/emergency"), "{}", letter.text);
    for word in ["Bo", "Hadley", "Quimby"] {
        assert!(!letter.text.contains(word), "{}", letter.text);
    }
    let live = seen(&bo).await;
    assert_eq!(live.body["meetings"][0]["id"], meeting.id, "{}", live.body);
    assert!(!live.body.to_string().contains("Morning visit"));

    // Into the meeting past lock, list and lobby: as a participant, whom everybody sees for what they are.
    let entered = enter(&bo, &meeting).await;
    assert_eq!(entered.status, StatusCode::CREATED, "{}", entered.body);
    assert_eq!(entered.body["role"], "participant");
    let inside = Caller {
        credential: Some(entered.text("credential")),
        participant: entered.text("participant"),
        ..bo.clone()
    };
    let mut bos = Channel::open(&server, &meeting, &inside, None).await;
    let welcome = bos.next().await;
    assert_eq!(welcome["you"]["by_emergency"], true, "{welcome}");
    assert_eq!(welcome["meeting"]["code"], Value::Null);
    let told = hosts.event("roster").await;
    let told = &told["event"]["entry"];
    assert_eq!(told["by_emergency"], true, "{told}");
    assert_eq!(told["display_name"], "Bo Hadley");
    let people = format!("/admin/meetings/{}/participants", meeting.id);
    let people = owner.get(&people).await.body;
    assert_eq!(people["people"][1]["by_emergency"], true, "{people}");
    let live = owner.get("/admin/meetings").await.body;
    assert_eq!(live["open_emergencies"], 1);

    // And nothing else.
    let unlock = format!("/meetings/{}/unlock", meeting.id);
    assert_eq!(inside.post(&unlock).await.code(), "not_allowed");
    let end = format!("/meetings/{}/end", meeting.id);
    assert_eq!(bo.post(&end).await.code(), "meeting_not_found");
    let words = format!("/emergency/uses/{}/words", taken.text("id"));
    for path in [
        "/policies/organisation",
        "/people",
        "/programs",
        "/admin/meetings",
        "/emergency/uses",
        "/audit/entries",
        "/audit/log/checkpoint",
        &words,
    ] {
        assert_eq!(bo.get(path).await.code(), "not_allowed", "{path}");
    }
    assert_eq!(take_the_log(&bo).await.code(), "not_allowed");
    is_refused(&server, "audit.export", "role").await;
    let other = owner.make_meeting().await;
    assert_eq!(enter(&bo, &other).await.code(), "meeting_not_found");
    owner.come(&other, "Amy").await;
    server
        .tamper(
            "INSERT INTO organisation (id, name, created_at)
             VALUES (x'0199000000007000800000000000000a', 'Lakeside', 9000000000000000);
             UPDATE meeting SET organisation = x'0199000000007000800000000000000a'
             WHERE id = (SELECT id FROM meeting ORDER BY created_at DESC, id DESC LIMIT 1)",
        )
        .await;
    assert_eq!(enter(&bo, &other).await.code(), "meeting_not_found");
    is_refused(&server, "emergency.use", "not_found").await;

    // Whoever is put out stays out.
    let expel = format!(
        "/meetings/{}/participants/{}/expel",
        meeting.id, inside.participant
    );
    assert_eq!(host.post(&expel).await.status, StatusCode::OK);
    assert_eq!(bos.bye().await, "expelled");
    assert_eq!(enter(&bo, &meeting).await.code(), "put_out");
    is_refused(&server, "emergency.use", "put_out").await;

    // After an hour it opens nothing, and whoever is in by it is out.
    let (second, host) = live_meeting_of_the_invited(&owner).await;
    let mut hosts = Channel::open(&server, &second, &host, None).await;
    hosts.next().await;
    let entered = enter(&bo, &second).await;
    let inside = Caller {
        credential: Some(entered.text("credential")),
        ..bo
    };
    let mut bos = Channel::open(&server, &second, &inside, None).await;
    bos.next().await;
    server.wait(Duration::from_secs(60 * 60));
    let bo = Caller::sign_in_as(&server, BO).await;
    assert_eq!(seen(&bo).await.code(), "emergency_not_open");
    assert_eq!(enter(&bo, &second).await.code(), "emergency_not_open");
    assert_eq!(bo.post("/emergency/end").await.code(), "emergency_not_open");
    assert_eq!(bos.event("admission").await["event"]["admission"], "left");
    assert_eq!(bos.bye().await, "not_authenticated");
    let entries = server.entries().await;
    let ended = find(&entries, "emergency.end", Outcome::Done);
    assert_eq!(ended.reason.as_ref().unwrap().as_str(), "time");

    // Somebody else reviews it, and late is said to be late.
    server.wait(Duration::from_secs(71 * 60 * 60));
    let owner = Caller::sign_in(&server).await;
    let uses = owner.get("/emergency/uses").await.body;
    assert_eq!(
        (&uses["overdue"], &uses["uses"][0]["overdue"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(uses["uses"][0]["display_name"], "Bo Hadley");
    assert_eq!(uses["uses"][0]["entered"], 2);
    assert_eq!(uses["uses"][0]["ended_by"], "time");
    assert_eq!(uses["drill"], json!({"last": null, "overdue": true}));
    server
        .tamper("UPDATE account SET role = 'auditor' WHERE role = 'member'")
        .await;
    let bo = Caller::sign_in_as(&server, BO).await;
    assert_eq!(review(&bo, &taken).await.code(), "second_factor_required");
    is_refused(&server, "emergency.review", "second_factor_required").await;
    server
        .tamper("UPDATE web_session SET assurance = 'totp' WHERE assurance = 'password'")
        .await;
    assert_eq!(review(&bo, &taken).await.code(), "own_emergency");
    is_refused(&server, "emergency.review", "own_emergency").await;
    let read = owner.get(&words).await;
    assert_eq!(read.body, json!({"words": WORDS, "note": null}));
    assert_eq!(review(&owner, &taken).await.status, StatusCode::NO_CONTENT);
    assert_eq!(review(&owner, &taken).await.code(), "emergency_reviewed");
    let uses = owner.get("/emergency/uses").await.body;
    assert_eq!(uses["overdue"], 0);
    assert_eq!(uses["uses"][0]["review"]["outcome"], "needs_follow_up");
    assert_eq!(owner.get(&words).await.body["note"], NOTE);
    let entries = server.entries().await;
    for name in ["emergency.invoke", "emergency.review"] {
        let entry = find(&entries, name, Outcome::Done);
        assert!(entry.sealed.is_some(), "{name}");
    }
    let readings = entries
        .iter()
        .filter(|e| e.event.name() == "emergency.read");
    assert_eq!(readings.filter(|e| e.outcome == Outcome::Done).count(), 2);
    nothing_is_in_clear(&server, &["Quimby", "quimby"]);
    server.stop().await;
}

// Shows: ABUSE-67.
#[tokio::test]
async fn whoever_has_a_passkey_breaks_the_glass_with_it_and_gives_it_back() {
    let server = Server::start().await;
    let mut owner = Caller::owner(&server).await;
    set(&owner, "organisation", on()).await;
    let mut device = add(&mut owner).await;
    let mut by_code = Caller::sign_in(&server).await;
    let (meeting, _host) = live_meeting_of_the_invited(&owner).await;

    let refused = invoke(&by_code, "drill").await;

    assert_eq!(refused.code(), "stronger_proof_required");
    is_refused(&server, "emergency.invoke", "weak_proof").await;
    use_it(&mut by_code, &mut device).await;
    assert_eq!(invoke(&by_code, "drill").await.status, StatusCode::CREATED);
    let standing = by_code.get("/emergency").await.body;
    assert_eq!(standing["open"]["reason"], "drill");
    let entered = enter(&by_code, &meeting).await;
    assert_eq!(entered.status, StatusCode::CREATED, "{}", entered.body);
    // Out of the group, it opens nothing, whatever is left of the hour.
    set(&by_code, "organisation", json!({})).await;
    assert_eq!(seen(&by_code).await.code(), "emergency_not_open");
    set(&by_code, "organisation", on()).await;
    let ended = by_code.post("/emergency/end").await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    assert_eq!(seen(&by_code).await.code(), "emergency_not_open");
    let gone = Caller {
        credential: Some(entered.text("credential")),
        ..by_code.clone()
    };
    let ticket = format!("/meetings/{}/ticket", meeting.id);
    assert_eq!(gone.post(&ticket).await.code(), "not_admitted");
    assert_eq!(invoke(&by_code, "drill").await.status, StatusCode::CREATED);
    server.stop().await;
}

// Shows: REQ-AC-27.
#[tokio::test]
async fn it_leads_into_no_support_session() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    set(&owner, "organisation", on()).await;
    let (_, session) = crate::support::open(&owner).await;
    owner.come(&session, "Amy").await;
    let taken = invoke(&owner, "drill").await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body);

    assert_eq!(seen(&owner).await.body["meetings"], json!([]));
    assert_eq!(enter(&owner, &session).await.code(), "meeting_not_found");
    server.stop().await;
}

// Shows: REQ-AC-03, REQ-EM-02, ABUSE-67.
#[tokio::test]
async fn a_sealed_code_and_an_address_open_emergency_access_once_and_nothing_else() {
    let mut letters = Letterbox::open().await;
    let server = Server::start_with(|config| letters.configure(config)).await;
    let owner = Caller::owner(&server).await;
    let body = json!({"email": BO, "role": "member"});
    owner.send(Method::POST, "/invitations", Some(body)).await;
    let token = letters.next().await.secret("invited");
    let bo = owner.accept(&token).await;
    put_in_the_group(&owner, &bo).await;
    let (meeting, _host) = live_meeting_of_the_invited(&owner).await;
    assert_eq!(
        owner.get("/emergency/codes").await.body,
        json!({"set": null})
    );
    let codes = make_codes(&owner).await;
    assert_eq!(codes.len(), 5);
    assert_eq!(bo.post("/emergency/codes").await.code(), "not_allowed");

    // Neither a wrong code, nor a right one with the address of somebody who may not, or of nobody.
    let first = codes[0].as_str();
    for (email, code) in [
        (BO, "0000-0000-0000-0000"),
        (EMAIL, first),
        ("nobody@riverside.example", first),
    ] {
        let refused = by_code(&server, email, code).await.err();
        assert_eq!(refused.as_deref(), CODE_WRONG, "{email}");
    }
    let entries = server.entries().await;
    let reasons = entries
        .iter()
        .filter(|entry| entry.event.name() == "auth.fail")
        .map(|entry| entry.reason.as_ref().unwrap().as_str());
    let wrong = "wrong_emergency_code";
    assert!(reasons.eq([wrong, "switched_off", wrong]));

    let as_typed = first.to_uppercase().replace('-', " ");
    let sealed = by_code(&server, BO, &as_typed).await.unwrap();

    let letter = letters.next().await;
    assert!(letter.to.contains(EMAIL), "{}", letter.to);
    assert!(letter.text.contains("/admin/emergency"), "{}", letter.text);
    assert!(!letter.text.contains("Hadley"), "{}", letter.text);
    let again = by_code(&server, BO, first).await.err();
    assert_eq!(again.as_deref(), CODE_WRONG);
    let me = sealed.get("/session").await.body;
    assert_eq!(me["emergency_only"], true, "{me}");
    assert_eq!(me["second_factor_due"], false);
    assert_eq!(bo.get("/session").await.body["emergency_only"], Value::Null);
    for path in [
        "/meetings",
        "/account/vault",
        "/account/sign-in",
        "/account/sessions",
        "/people",
        "/emergency/codes",
    ] {
        assert_eq!(sealed.get(path).await.code(), "emergency_only", "{path}");
        is_refused(&server, "access.refused", "emergency_only").await;
    }
    for path in ["/account/totp", "/account/recovery-codes"] {
        assert_eq!(sealed.post(path).await.code(), "emergency_only", "{path}");
    }
    let taken = invoke(&sealed, "system_failure").await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body);
    letters.next().await;
    let live = seen(&sealed).await;
    assert_eq!(live.body["meetings"][0]["id"], meeting.id, "{}", live.body);
    let entered = enter(&sealed, &meeting).await;
    assert_eq!(entered.status, StatusCode::CREATED, "{}", entered.body);
    let entries = sealed.get("/audit/entries").await;
    assert_eq!(entries.code(), "emergency_only");
    is_refused(&server, "access.refused", "emergency_only").await;
    assert_eq!(take_the_log(&sealed).await.code(), "emergency_only");
    is_refused(&server, "access.refused", "emergency_only").await;
    let ended = sealed.post("/emergency/end").await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);

    // Whatever its holder does, it ends.
    let mut last = String::new();
    for _ in 0..7 {
        server.wait(Duration::from_secs(10 * 60));
        last = sealed.post("/emergency/end").await.code();
    }
    assert_eq!(last, "not_signed_in");
    let owner = Caller::sign_in(&server).await;
    let set = owner.get("/emergency/codes").await.body["set"].clone();
    assert_eq!(set["made_by_name"], "Amy Weatherwax", "{set}");
    assert_eq!(set["codes"][0]["number"], 1);
    assert_eq!(set["codes"][0]["used"]["by_name"], "Bo Hadley");
    assert_eq!(set["codes"][1], json!({"number": 2, "used": null}));
    let entries = server.entries().await;
    find(&entries, "emergency.make_codes", Outcome::Done);
    find(&entries, "emergency.sign_in", Outcome::Done);
    for code in &codes {
        let plain = code.replace('-', "");
        nothing_is_in_clear(&server, &[code.as_str(), plain.as_str()]);
    }

    // Another set makes those void that are left, and who guesses is slowed down as with passwords.
    let later = make_codes(&owner).await;
    for _ in 0..5 {
        let void = by_code(&server, BO, &codes[1]).await.err();
        assert_eq!(void.as_deref(), CODE_WRONG);
    }
    let locked_out = by_code(&server, BO, &later[0]).await.err();
    assert_eq!(locked_out.as_deref(), Some("too_many_attempts"));
    is_refused(&server, "auth.lockout", "throttled").await;
    // Who guesses at one locks nobody out of the other.
    Caller::sign_in_as(&server, BO).await;
    server.wait(Duration::from_secs(15 * 60));
    let mut guessed = String::new();
    for _ in 0..7 {
        let body = Some(json!({"email": BO, "password": "not this one, however often"}));
        let guesser = Caller::nobody(&server);
        guessed = guesser.send(Method::POST, "/session", body).await.code();
    }
    assert_eq!(guessed, "too_many_attempts");
    assert!(by_code(&server, BO, &later[0]).await.is_ok());
    server.stop().await;
}

// Shows: REQ-EM-02.
#[tokio::test]
async fn sealed_codes_are_made_by_owners_who_proved_lately_who_they_are() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;

    server.wait(Duration::from_secs(10 * 60));
    let refused = owner.post("/emergency/codes").await;

    assert_eq!(refused.code(), "step_up_required");
    is_refused(&server, "emergency.make_codes", "step_up_required").await;
    assert_eq!(
        owner.get("/emergency/codes").await.body,
        json!({"set": null})
    );
    server.stop().await;
}

// Shows: REQ-EM-02.
#[tokio::test]
async fn a_drill_proves_the_path_and_says_what_is_missing() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let drills = async || owner.get("/emergency/uses").await.body["drill"].clone();

    let (passed, said) = drill(&server).await;
    assert!(
        !passed && said.contains("FAILED     policy lets somebody"),
        "{said}"
    );
    assert_eq!(drills().await["last"]["failed_at"], "holder");
    set(&owner, "organisation", on()).await;
    let (passed, said) = drill(&server).await;
    assert!(
        !passed && said.contains("FAILED     somebody else"),
        "{said}"
    );
    owner.invited("cy@riverside.example", "auditor").await;
    let before = server.entries().await.len();
    let (passed, said) = drill(&server).await;

    assert!(passed && said.contains("The drill passed"), "{said}");
    let drills = drills().await;
    assert_eq!(drills["overdue"], false);
    assert_eq!(drills["last"]["passed"], true);
    let entries = server.entries().await.split_off(before);
    let names: Vec<_> = entries
        .iter()
        .map(|entry| {
            assert!(entry.actor == Actor::Operator && entry.org.is_some());
            (entry.event.name(), entry.outcome)
        })
        .collect();
    use Outcome::{Done, Refused};
    assert_eq!(
        names,
        [
            ("meeting.create", Done),
            ("meeting.start", Done),
            ("meeting.join", Done),
            ("meeting.lock", Done),
            ("emergency.invoke", Done),
            ("emergency.use", Done),
            ("meeting.join", Done),
            ("emergency.end", Done),
            ("emergency.use", Refused),
            ("emergency.read", Done),
            ("emergency.review", Done),
            ("meeting.end", Done),
            ("emergency.drill", Done),
        ]
    );
    let uses = owner.get("/emergency/uses").await.body;
    assert_eq!(uses["uses"][0]["reason"], "drill");
    assert_eq!(uses["uses"][0]["account"], Value::Null);
    assert_eq!(
        owner.get("/admin/meetings").await.body["meetings"],
        json!([])
    );
    server.wait(Duration::from_secs(31 * 24 * 60 * 60));
    let owner = Caller::sign_in(&server).await;
    let uses = owner.get("/emergency/uses").await.body;
    assert_eq!(uses["drill"]["overdue"], true);
    server.stop().await;
}

const CODE_WRONG: Option<&str> = Some("emergency_code_wrong");
const NOTE: &str = "Mr Quimby was found in time.";

fn on() -> Value {
    json!({"emergency_access": {"value": true}})
}

async fn put_in_the_group(owner: &Caller, whom: &Caller) {
    let name = Some(json!({"name": "Emergency"}));
    let group = owner.send(Method::POST, "/groups", name).await.text("id");
    set(owner, &format!("groups/{group}"), on()).await;
    let member = format!("/groups/{group}/members/{}", whom.account().await);
    let added = owner.send(Method::PUT, &member, None).await;
    assert_eq!(added.status, StatusCode::NO_CONTENT, "{}", added.body);
}

/// Locked, for those on its list, and to all others as if it weren't there.
async fn live_meeting_of_the_invited(owner: &Caller) -> (Made, Caller) {
    let body = json!({
        "title": "Morning visit",
        "invitation_verifier": verifier(b"proof"),
        "entry": "invited",
        "uninvited": "refuse",
    });
    let made = owner.send(Method::POST, "/meetings", Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let meeting = Made {
        id: made.text("id"),
        code: made.text("code"),
        proof: String::new(),
    };
    let host = owner.knock(&meeting, "Amy").await;
    let lock = format!("/meetings/{}/lock", meeting.id);
    assert_eq!(host.post(&lock).await.status, StatusCode::OK);
    (meeting, host)
}

async fn make_codes(owner: &Caller) -> Vec<String> {
    let made = owner.post("/emergency/codes").await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let codes = made.body["codes"].as_array().unwrap().iter();
    codes
        .map(|code| code.as_str().unwrap().to_owned())
        .collect()
}

/// In a browser that nobody knows.
async fn by_code(server: &Server, email: &str, code: &str) -> Result<Caller, String> {
    let mut caller = Caller::nobody(server);
    let body = Some(json!({"email": email, "code": code}));
    let answer = caller.send(Method::POST, "/session/emergency", body).await;
    if !answer.status.is_success() {
        return Err(answer.code());
    }
    caller.keep_cookies(&answer);
    Ok(caller)
}

async fn invoke(caller: &Caller, reason: &str) -> Answer {
    let body = json!({"reason": reason, "words": WORDS});
    caller.send(Method::POST, "/emergency", Some(body)).await
}

async fn seen(caller: &Caller) -> Answer {
    caller.get("/emergency/meetings").await
}

async fn enter(caller: &Caller, meeting: &Made) -> Answer {
    let path = format!("/emergency/meetings/{}/enter", meeting.id);
    caller.post(&path).await
}

async fn take_the_log(caller: &Caller) -> Answer {
    let everything = Some(json!({}));
    caller.send(Method::POST, "/audit/export", everything).await
}

async fn review(caller: &Caller, taken: &Answer) -> Answer {
    let path = format!("/emergency/uses/{}/review", taken.text("id"));
    let body = json!({"outcome": "needs_follow_up", "note": NOTE});
    caller.send(Method::POST, &path, Some(body)).await
}

async fn is_refused(server: &Server, name: &str, reason: &str) {
    let last = server.entries().await.pop().unwrap();
    assert_eq!((last.event.name(), last.outcome), (name, Outcome::Refused));
    assert_eq!(last.reason.unwrap().as_str(), reason);
}

fn find<'a>(entries: &'a [Entry], name: &str, outcome: Outcome) -> &'a Entry {
    let mut found = entries.iter();
    found
        .find(|entry| entry.event.name() == name && entry.outcome == outcome)
        .unwrap()
}

/// In the database, its log or anything else of the data directory.
fn nothing_is_in_clear(server: &Server, words: &[&str]) {
    let files = std::fs::read_dir(server.data_dir()).unwrap();
    for file in files.map(|file| file.unwrap().path()) {
        let Ok(bytes) = std::fs::read(&file) else {
            continue;
        };
        for word in words {
            let found = bytes.windows(word.len()).any(|w| w == word.as_bytes());
            assert!(!found, "{}", file.display());
        }
    }
}

/// The operator's command, beside a server that runs.
pub(crate) async fn drill(server: &Server) -> (bool, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_conclave"));
    command
        .args(["emergency-drill", "--data-dir"])
        .arg(server.data_dir());
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.unwrap().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}
