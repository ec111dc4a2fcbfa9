//! What an organisation, a group or an account is permitted: refused by the server, whatever a page believes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use conclave_audit::{Code, Decision, Outcome};
use livekit_protocol as proto;
use proto::request_response::Reason;
use proto::signal_response::Message as Said;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::access::make_co_host;
use crate::caller::{Answer, Caller, Made, verifier};
use crate::channel::Channel;
use crate::encryption::{Encryption, announce, enter};
use crate::server_in_a_box::Server;
use crate::tickets::{Socket, first_message};

// Shows: REQ-AC-02.
#[tokio::test]
async fn where_policy_wants_it_the_key_passes_by_the_passcode_alone() {
    let (server, owner, meeting) = live_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    let mut guests = Channel::open(&server, &meeting, &guest, None).await;
    for channel in [&mut hosts, &mut guests] {
        assert_eq!(channel.welcome().await["meeting"]["needs_passcode"], false);
        let join = json!({"type": "mls_join"}).to_string();
        channel.say(Message::text(join)).await;
    }
    let letter = |to: &Caller, kind: u8| {
        let bytes = STANDARD.encode([kind]);
        let letter = json!({"type": "mls_letter", "to": to.participant, "bytes": bytes});
        Message::text(letter.to_string())
    };
    let heard = async |channel: &mut Channel| loop {
        let message = channel.next().await;
        if message["type"] == "mls_letter" {
            return STANDARD.decode(message["bytes"].as_str().unwrap()).unwrap();
        }
    };
    guests.say(letter(&host, 1)).await;
    assert_eq!(heard(&mut hosts).await, [1]);

    set(&owner, "organisation", off("key_without_passcode")).await;

    let told = guests.event("meeting_changed").await;
    assert_eq!(told["event"]["meeting"]["needs_passcode"], true);
    // A page that asks, or a host's page that gives, without it asks and gives nobody.
    for kind in [1, 5] {
        guests.say(letter(&host, kind)).await;
    }
    assert_eq!(heard(&mut hosts).await, [5]);
    for kind in [2, 8] {
        hosts.say(letter(&guest, kind)).await;
    }
    assert_eq!(heard(&mut guests).await, [8]);
    server.stop().await;
}

// Shows: REQ-AC-02.
#[tokio::test]
async fn where_the_passcode_is_needed_nobody_comes_in_by_code_for_whom_no_host_vouches() {
    let (server, owner, meeting) = live_meeting().await;
    let switches = json!({
        "key_without_passcode": {"value": false, "locked": false},
        "enter_by_link": {"value": false, "locked": false},
    });
    let host = owner.come(&meeting, "Amy").await;
    let co_host = Caller::nobody(&server).come(&meeting, "Di").await;
    make_co_host(&meeting, &host, &co_host).await;
    let guest = Caller::nobody(&server).come(&meeting, "Eve").await;
    set(&owner, "organisation", switches).await;
    let nobody = Caller::nobody(&server);
    let bo = nobody.knock(&meeting, "Bo").await;
    let cy = nobody.knock(&meeting, "Cy").await;
    let by_link = nobody.come(&meeting, "Fay").await;
    let lobby = format!("/meetings/{}/lobby", meeting.id);
    let act = |whom: &Caller, act: &str| format!("{lobby}/{}/{act}", whom.participant);
    let all = json!({"participants": [bo.participant, cy.participant]});
    let admit_all = format!("{lobby}/admit-all");

    for admitting in [&host, &co_host] {
        for waiting in [&bo, &cy] {
            let refused = admitting.post(&act(waiting, "admit")).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
            assert_eq!(refused.code(), "passcode_needed");
        }
        let refused = admitting
            .send(Method::POST, &admit_all, Some(all.clone()))
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.code(), "passcode_needed");
    }
    let last = server.entries().await.pop().unwrap();
    assert_eq!(last.event.name(), "meeting.admit_all");
    assert_eq!(last.reason.unwrap().as_str(), "passcode_needed");
    // Who has the link has shown it.
    assert_eq!(
        host.post(&act(&by_link, "admit")).await.status,
        StatusCode::OK
    );
    // Nobody vouches for themselves, nor does a guest for somebody.
    assert_eq!(bo.post(&act(&bo, "vouch")).await.code(), "not_admitted");
    assert_eq!(guest.post(&act(&bo, "vouch")).await.code(), "not_allowed");

    assert_eq!(
        co_host.post(&act(&bo, "vouch")).await.status,
        StatusCode::OK
    );

    let admitted = host.send(Method::POST, &admit_all, Some(all)).await;
    assert_eq!(admitted.body["participants"], json!([bo.participant]));
    // Whom it kept out is on record beside whom it let in.
    let mut entries = server.entries().await;
    let last = entries.split_off(entries.len() - 3);
    let told: Vec<_> = last
        .iter()
        .map(|entry| (entry.event.name(), entry.reason.as_ref().map(Code::as_str)))
        .collect();
    assert_eq!(
        told,
        [
            ("meeting.admit_all", None),
            ("meeting.admit", None),
            ("meeting.admit", Some("passcode_needed")),
        ]
    );
    let refused = host.post(&act(&cy, "admit")).await;
    assert_eq!(refused.code(), "passcode_needed");
    assert_eq!(
        host.post(&act(&bo, "vouch")).await.status,
        StatusCode::CONFLICT
    );
    // Where it is not needed any more, a host's word is enough.
    let switches = json!({"enter_by_link": {"value": false, "locked": false}});
    set(&owner, "organisation", switches).await;
    assert_eq!(host.post(&act(&cy, "admit")).await.status, StatusCode::OK);
    server.stop().await;
}

// Shows: REQ-AC-02.
#[tokio::test]
async fn who_is_asked_for_the_passcode_in_the_lobby_speaks_of_it_with_hosts_alone() {
    let (server, owner, meeting) = live_meeting().await;
    set(&owner, "organisation", off("key_without_passcode")).await;
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).come(&meeting, "Di").await;
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    hosts.welcome().await;
    let mut guests = Channel::open(&server, &meeting, &guest, None).await;
    guests.welcome().await;
    let bo = Caller::nobody(&server).knock(&meeting, "Bo").await;
    let knock = hosts.event("lobby").await;
    assert_eq!(knock["event"]["entry"]["needs_passcode"], true);
    let mut waits = Channel::open(&server, &meeting, &bo, None).await;
    let told = waits.welcome().await;
    assert_eq!(told["passcode"]["hosts"], json!([host.participant]));
    assert_eq!(told["meeting"], Value::Null);
    let letter = |to: &Caller, kind: u8| {
        let bytes = STANDARD.encode([kind]);
        let letter = json!({"type": "mls_letter", "to": to.participant, "bytes": bytes});
        Message::text(letter.to_string())
    };
    let heard = async |channel: &mut Channel| loop {
        let message = channel.next().await;
        if message["type"] == "mls_letter" {
            return STANDARD.decode(message["bytes"].as_str().unwrap()).unwrap();
        }
    };

    for (to, kind) in [(&guest, 5), (&host, 1), (&host, 3), (&host, 8), (&host, 5)] {
        waits.say(letter(to, kind)).await;
    }
    assert_eq!(heard(&mut hosts).await, [5]);
    guests.say(letter(&bo, 6)).await;
    for kind in [2, 8, 6] {
        hosts.say(letter(&bo, kind)).await;
    }
    assert_eq!(heard(&mut waits).await, [6]);

    let vouch = format!("/meetings/{}/lobby/{}/vouch", meeting.id, bo.participant);
    assert_eq!(host.post(&vouch).await.status, StatusCode::OK);
    let told = waits.event("passcode").await;
    assert_eq!(told["event"]["wanted"], Value::Null);
    let known = hosts.event("lobby").await;
    assert_eq!(known["event"]["entry"]["needs_passcode"], false);
    // There is nothing left to speak of.
    waits.say(letter(&host, 7)).await;
    let admit = format!("/meetings/{}/lobby/{}/admit", meeting.id, bo.participant);
    assert_eq!(host.post(&admit).await.status, StatusCode::OK);
    assert_eq!(waits.welcome().await["passcode"], Value::Null);
    server.stop().await;
}

// Shows: REQ-AC-02.
#[tokio::test]
async fn a_host_changes_the_passcode_for_who_comes_and_puts_nobody_out() {
    let (server, owner, meeting) = live_meeting().await;
    set(&owner, "organisation", off("key_without_passcode")).await;
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).come(&meeting, "Di").await;
    let mut guests = Channel::open(&server, &meeting, &guest, None).await;
    assert_eq!(guests.welcome().await["meeting"]["passcode_number"], 0);
    let bo = Caller::nobody(&server).knock(&meeting, "Bo").await;
    let mut waits = Channel::open(&server, &meeting, &bo, None).await;
    assert_eq!(waits.welcome().await["passcode"]["passcode_number"], 0);
    let change = format!("/meetings/{}/passcode", meeting.id);
    for (caller, code) in [(&bo, "not_admitted"), (&guest, "not_allowed")] {
        assert_eq!(caller.post(&change).await.code(), code);
    }

    assert_eq!(host.post(&change).await.status, StatusCode::OK);

    // Who is in stays, and their pages, like the page of who waits, know which passcode holds.
    let told = guests.event("meeting_changed").await;
    assert_eq!(told["event"]["meeting"]["passcode_number"], 1);
    let told = waits.event("passcode").await;
    assert_eq!(told["event"]["wanted"]["passcode_number"], 1);
    let ticket = format!("/meetings/{}/ticket", meeting.id);
    assert_eq!(guest.post(&ticket).await.status, StatusCode::CREATED);
    // So does the page that invites; and the link is the same.
    let list = owner.get("/meetings").await;
    assert_eq!(list.body["meetings"][0]["passcode_number"], 1);
    let late = Caller::nobody(&server).come(&meeting, "Eve").await;
    assert_eq!(late.post(&ticket).await.status, StatusCode::CREATED);
    server.stop().await;
}

// Shows: REQ-AC-22.
#[tokio::test]
async fn who_may_not_host_makes_no_meeting() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    set(&owner, "organisation", off("host_meetings")).await;

    let body = json!({"title": "T", "invitation_verifier": verifier(b"proof")});
    let refused = owner.send(Method::POST, "/meetings", Some(body)).await;

    assert_eq!(refused.code(), "switched_off");
    let last = server.entries().await.pop().unwrap();
    assert_eq!(
        (last.event.name(), last.outcome),
        ("meeting.create", Outcome::Refused)
    );
    assert_eq!(last.reason.unwrap().as_str(), "switched_off");
    let session = owner.get("/session").await;
    assert_eq!(session.body["permitted"]["host_meetings"], false);
    server.stop().await;
}

#[tokio::test]
async fn without_guests_only_the_organisations_own_come_in() {
    let (server, owner, meeting) = live_meeting().await;
    let nobody = Caller::nobody(&server);
    set(&owner, "organisation", off("guests")).await;

    for proof in [Some(&meeting.proof), None] {
        let body = json!({"display_name": "Bo", "invitation_proof": proof});
        let refused = join(&nobody, &meeting, body.clone()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.code(), "no_guests");
        assert_eq!(join(&owner, &meeting, body).await.code(), "");
    }
    server.stop().await;
}

#[tokio::test]
async fn where_the_link_does_not_let_in_it_leads_to_the_lobby() {
    let (server, owner, meeting) = live_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    assert_eq!(hosts.next().await["meeting"]["link_admits"], true);

    set(&owner, "organisation", off("enter_by_link")).await;

    let changed = hosts.event("meeting_changed").await;
    assert_eq!(changed["event"]["meeting"]["link_admits"], false);
    let body = json!({"display_name": "Bo", "invitation_proof": meeting.proof});
    let joined = join(&Caller::nobody(&server), &meeting, body).await;
    assert_eq!(joined.body["admission"], "waiting");
    server.stop().await;
}

// Shows: REQ-AC-22.
#[tokio::test]
async fn a_screen_or_a_camera_that_is_switched_off_stops_in_the_meeting_that_goes_on() {
    for (setting, source) in [
        ("screen_sharing", proto::TrackSource::ScreenShare),
        ("camera", proto::TrackSource::Camera),
    ] {
        let (server, owner, meeting) = live_meeting().await;
        let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
        let mut socket = enter(&server, &meeting, &guest).await;
        assert!(shows(&mut socket, source).await);

        set(&owner, "organisation", off(setting)).await;

        let stopped = async {
            while !matches!(first_message(&mut socket).await, Said::TrackUnpublished(_)) {}
        };
        tokio::time::timeout(ONE_SECOND, stopped).await.unwrap();
        assert!(!shows(&mut socket, source).await, "{setting}");
        // Nor for who comes now, and not as another kind of picture.
        let late = Caller::nobody(&server).come(&meeting, "Cy").await;
        let mut lates = enter(&server, &meeting, &late).await;
        assert!(!shows(&mut lates, source).await);
        assert!(!shows(&mut lates, proto::TrackSource::Microphone).await);
        set(&owner, "organisation", json!({})).await;
        assert!(shows(&mut lates, source).await);
        server.stop().await;
    }
}

// Shows: REQ-AC-22.
#[tokio::test]
async fn who_may_write_no_messages_is_told_so_by_the_room_and_a_group_can_except_its_own() {
    let (server, owner, meeting) = live_meeting().await;
    let ward = json!({"name": "Ward 3"});
    let made = owner.send(Method::POST, "/groups", Some(ward)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let group = made.text("id");
    let account = owner.account().await;
    let member = format!("/groups/{group}/members/{account}");
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let mut sockets = [
        enter(&server, &meeting, &host).await,
        enter(&server, &meeting, &guest).await,
    ];
    set(&owner, "organisation", off("messages")).await;
    for (socket, caller) in sockets.iter_mut().zip([&host, &guest]) {
        until_may_write(socket, caller, false).await;
    }

    let on = json!({"messages": {"value": true}});
    set(&owner, &format!("groups/{group}"), on).await;
    let added = owner.send(Method::PUT, &member, None).await;
    assert_eq!(added.status, StatusCode::NO_CONTENT, "{}", added.body);
    until_may_write(&mut sockets[0], &host, true).await;

    let removed = owner.send(Method::DELETE, &member, None).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.body);
    until_may_write(&mut sockets[0], &host, false).await;
    server.stop().await;
}

#[tokio::test]
async fn who_may_make_no_co_hosts_makes_none_and_those_that_are_stay() {
    let (server, owner, meeting) = live_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let nobody = Caller::nobody(&server);
    let (first, second) = (
        nobody.come(&meeting, "Bo").await,
        nobody.come(&meeting, "Cy").await,
    );
    make_co_host(&meeting, &host, &first).await;
    set(&owner, "organisation", off("co_hosts")).await;

    let path = format!(
        "/meetings/{}/participants/{}/make-co-host",
        meeting.id, second.participant
    );
    assert_eq!(host.post(&path).await.code(), "switched_off");
    let lock = format!("/meetings/{}/lock", meeting.id);
    assert_eq!(first.post(&lock).await.status, StatusCode::OK);
    server.stop().await;
}

// Shows: REQ-LO-02, ABUSE-06.
#[tokio::test]
async fn an_account_is_signed_out_after_the_time_that_policy_gives_it() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let minutes = |value: u16| json!({"idle_minutes": {"value": value}});
    let account = format!("accounts/{}", owner.account().await);
    set(&owner, "organisation", minutes(60)).await;
    set(&owner, &account, minutes(5)).await;

    server.wait(std::time::Duration::from_secs(270));
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    server.wait(std::time::Duration::from_secs(301));
    assert_eq!(owner.get("/session").await.code(), "not_signed_in");
    server.stop().await;
}

#[tokio::test]
async fn a_meeting_keeps_the_data_mode_that_it_was_made_in() {
    let server = Server::start_with(|config| {
        config.policy.data_mode = conclave_protocol::meeting::DataMode::Retain;
    })
    .await;
    let owner = Caller::owner(&server).await;
    let archive = json!({"data_mode": {"value": "archive"}});
    set(&owner, "organisation", archive).await;
    let meeting = owner.make_meeting().await;
    set(&owner, "organisation", json!({})).await;
    let host = owner.come(&meeting, "Amy").await;

    let mut channel = Channel::open(&server, &meeting, &host, None).await;

    // No more than the installation permits.
    assert_eq!(channel.next().await["meeting"]["data_mode"], "retain");
    server.stop().await;
}

// Shows: REQ-AC-21, REQ-AC-23, REQ-AD-14.
#[tokio::test]
async fn what_the_installation_permits_nobody_nobody_permits() {
    let server = Server::start_with(|config| config.policy.screen_sharing = false).await;
    let owner = Caller::owner(&server).await;
    let account = owner.account().await;
    let on = json!({"screen_sharing": {"value": true, "locked": true}});
    for layer in ["organisation".to_owned(), format!("accounts/{account}")] {
        let changed = set(&owner, &layer, on.clone()).await;
        assert_eq!(changed["permitted"]["screen_sharing"], false);
        assert_eq!(changed["floor"]["screen_sharing"], false);
    }

    let path = format!("/policies/explain?account={account}");
    let explained = owner.get(&path).await;

    let all = explained.body["explanations"].as_array().unwrap();
    let sharing = all.iter().find(|one| one["setting"] == "screen_sharing");
    let sharing = sharing.unwrap();
    assert_eq!(sharing["value"], false);
    assert_eq!(sharing["held_by"]["layer"], "floor");
    assert_eq!(sharing["decided_by"]["layer"], "account");
    assert_eq!(sharing["words"].as_array().unwrap().len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn of_two_changes_of_what_one_read_the_second_is_refused() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let read = owner.get("/policies/organisation").await;
    let revision = read.body["revision"].as_u64().unwrap();
    let body = json!({"settings": off("guests")});
    let preview = owner
        .send(Method::POST, "/policies/preview", Some(body))
        .await;
    assert_eq!(preview.body["accounts"], 1);
    assert_eq!(preview.body["changes"][0]["guests"], true);
    assert_eq!(preview.body["changes"][0]["accounts"], 1);

    let first = put(&owner, "organisation", revision, off("guests")).await;
    let second = put(&owner, "organisation", revision, off("camera")).await;

    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert_eq!(second.code(), "changed_meanwhile");
    let wrong = json!({"guests": {"value": 5}});
    assert_eq!(
        put(&owner, "organisation", revision + 1, wrong)
            .await
            .code(),
        "malformed_request"
    );
    server.stop().await;
}

// Shows: REQ-MODE-01.
#[tokio::test]
async fn the_profile_holds_its_settings_until_two_have_left_it() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let entered = owner.post("/policies/profile").await;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.body);
    assert_eq!(entered.body["permitted"]["enter_by_link"], false);
    assert_eq!(entered.body["profile"]["drift"], json!([]));

    let revision = entered.body["revision"].as_u64().unwrap();
    let refused = put(&owner, "organisation", revision, json!({})).await;
    assert_eq!(refused.code(), "held_by_profile");
    let mut more = entered.body["settings"].clone();
    more["camera"] = json!({"value": false});
    let other = put(&owner, "organisation", revision, more).await;
    assert_eq!(other.status, StatusCode::OK, "{}", other.body);

    // The owner's own account is held as well.
    let account = format!("accounts/{}", owner.account().await);
    let loose = json!({"enter_by_link": {"value": true}});
    let held = set(&owner, &account, loose).await;
    assert_eq!(held["permitted"]["enter_by_link"], false);

    let asked = owner.post("/policies/profile/leave").await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
    let confirm = "/policies/profile/leave/confirm";
    assert_eq!(owner.post(confirm).await.code(), "needs_another");
    // As if another owner had asked.
    let sql = "UPDATE organisation SET profile_leave_by = x'00000000000070008000000000000000'";
    server.tamper(sql).await;
    server.wait(std::time::Duration::from_secs(24 * 60 * 60));
    let owner = Caller::sign_in(&server).await;
    assert_eq!(owner.post(confirm).await.code(), "confirmation_expired");
    owner.post("/policies/profile/leave").await;
    server.tamper(sql).await;
    let left = owner.post(confirm).await;
    assert_eq!(left.status, StatusCode::OK, "{}", left.body);
    assert_eq!(left.body["profile"]["since"], Value::Null);
    set(&owner, "organisation", json!({})).await;
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn a_change_is_on_record_with_the_revision_that_it_made_or_that_held_it() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let changed = set(&owner, "organisation", off("camera")).await;
    let entered = owner.post("/policies/profile").await.body;
    let revision = |policy: &Value| policy["revision"].as_u64().unwrap();
    let refused = put(&owner, "organisation", revision(&entered), json!({})).await;
    assert_eq!(refused.code(), "held_by_profile");

    let entries = server.entries().await.into_iter();
    let rulings = entries.filter_map(|entry| {
        let ruling = entry.policy?;
        let version = u64::from(ruling.version);
        Some((entry.event.name(), ruling.decision, version))
    });

    assert_eq!(
        rulings.collect::<Vec<_>>(),
        [
            ("policy.change", Decision::Allow, revision(&changed)),
            ("policy.profile_enter", Decision::Allow, revision(&entered)),
            ("policy.change", Decision::Deny, revision(&entered)),
        ]
    );
    server.stop().await;
}

const ONE_SECOND: std::time::Duration = std::time::Duration::from_secs(1);

/// With its host in it.
async fn live_meeting() -> (Server, Caller, Made) {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    owner.come(&meeting, "Amy").await;
    (server, owner, meeting)
}

fn off(setting: &str) -> Value {
    json!({setting: {"value": false, "locked": false}})
}

pub(crate) async fn set(admin: &Caller, layer: &str, settings: Value) -> Value {
    let read = admin.get(&format!("/policies/{layer}")).await;
    let revision = read.body["revision"].as_u64().unwrap();
    let changed = put(admin, layer, revision, settings).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    changed.body
}

pub(crate) async fn put(admin: &Caller, layer: &str, revision: u64, settings: Value) -> Answer {
    let path = format!("/policies/{layer}");
    let body = json!({"revision": revision, "settings": settings});
    admin.send(Method::PUT, &path, Some(body)).await
}

async fn join(caller: &Caller, meeting: &Made, body: Value) -> Answer {
    let path = format!("/meetings/{}/join", meeting.code);
    caller.send(Method::POST, &path, Some(body)).await
}

/// Whether the router takes a picture that calls itself this.
pub(crate) async fn shows(socket: &mut Socket, source: proto::TrackSource) -> bool {
    let mut request = proto::AddTrackRequest {
        cid: format!("{}", rand::random::<u64>()),
        ..Default::default()
    };
    request.set_type(proto::TrackType::Video);
    request.set_source(source);
    request.set_encryption(Encryption::Gcm);
    match announce(socket, request).await {
        Said::TrackPublished(_) => true,
        Said::RequestResponse(refused) => {
            assert_eq!(refused.reason(), Reason::NotAllowed);
            false
        }
        _ => panic!("not an answer"),
    }
}

/// Within a second.
async fn until_may_write(socket: &mut Socket, caller: &Caller, expected: bool) {
    let told = async {
        loop {
            let Said::Update(update) = first_message(socket).await else {
                continue;
            };
            let own = update.participants.into_iter();
            let mut own = own.filter(|info| info.identity == caller.participant);
            let permission = own.find_map(|info| info.permission);
            if permission.is_some_and(|permission| permission.can_publish_data == expected) {
                return;
            }
        }
    };
    tokio::time::timeout(ONE_SECOND, told).await.unwrap();
}
