//! Every route that changes something leaves exactly its entries.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave::{Clock, Config};
use conclave_audit::{Event, Outcome};
use conclave_livekit::token::VideoGrants;
use reqwest::Method;
use serde_json::{Value, json};

use crate::audit_log::covers;
use crate::authenticator::Authenticator;
use crate::caller::{Answer, Caller, EMAIL, Made, PASSWORD, accept, set_up, verifier};
use crate::channel::Channel;
use crate::evidence::{agreement, assessment, complaint, decision, training, until};
use crate::identity_provider::IdentityProvider;
use crate::letterbox::Letterbox;
use crate::policy::set;
use crate::recordings::{bring, manifest_of, recording_key};
use crate::saved_views::saved_view;
use crate::schedule::changed;
use crate::server_in_a_box::Server;
use crate::support_queue::asking_for_help;
use crate::unattended::{Computer, credentials};
use crate::{livekit, tickets};

/// In the order of one story. A host's join opens the meeting.
const ENTRIES: &[(&str, &[&str])] = &[
    ("POST /setup", &["user.create_owner", "auth.login"]),
    ("POST /account/totp", &[]),
    ("PUT /account/totp", &["account.totp_set_up"]),
    ("POST /session", &["auth.password"]),
    ("POST /session/second-factor", &["auth.login"]),
    ("POST /session/step-up", &["auth.step_up"]),
    ("POST /account/passkeys/options", &[]),
    ("POST /account/passkeys", &["account.passkey_add"]),
    (
        "PUT /account/passkeys/{passkey}",
        &["account.passkey_rename"],
    ),
    ("POST /session/passkey/options", &[]),
    ("POST /session/passkey", &["auth.step_up"]),
    ("DELETE /account/totp", &["account.totp_remove"]),
    (
        "DELETE /account/passkeys/{passkey}",
        &["account.passkey_remove"],
    ),
    ("POST /account/recovery-codes", &["account.recovery_codes"]),
    ("PUT /account/password", &["account.password_change"]),
    (
        "DELETE /account/sessions/{session}",
        &["auth.session.revoke"],
    ),
    ("DELETE /account/sessions", &["auth.session.revoke"]),
    ("PUT /account/vault", &["account.vault_change"]),
    ("POST /account/device-requests", &["account.device_request"]),
    (
        "DELETE /account/device-requests/{request}",
        &["account.device_request_end"],
    ),
    ("POST /meetings", &["meeting.create"]),
    (
        "POST /meetings/{code}/join",
        &["meeting.start", "meeting.join"],
    ),
    (
        "POST /meetings/{id}/lobby/{participant}/admit",
        &["meeting.admit"],
    ),
    (
        "POST /meetings/{id}/lobby/admit-all",
        &["meeting.admit_all", "meeting.admit"],
    ),
    (
        "POST /meetings/{id}/lobby/{participant}/vouch",
        &["meeting.vouch"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/mute",
        &["meeting.mute"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/stop-video",
        &["meeting.stop_video"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/ask-to-unmute",
        &["meeting.ask_to_unmute"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/make-co-host",
        &["meeting.make_co_host"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/take-back-co-host",
        &["meeting.take_back_co_host"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/hand-over",
        &["meeting.hand_over"],
    ),
    (
        "POST /meetings/{id}/sharing/lock",
        &["meeting.lock_sharing"],
    ),
    (
        "POST /meetings/{id}/sharing/unlock",
        &["meeting.unlock_sharing"],
    ),
    ("POST /meetings/{id}/mute-all", &["meeting.mute_all"]),
    ("POST /meetings/{id}/companion", &["companion.offered"]),
    ("POST /companions/look-up", &[]),
    ("POST /companions", &["companion.brought"]),
    (
        "POST /meetings/{id}/companion/{participant}/control",
        &["companion.control_given"],
    ),
    (
        "POST /meetings/{id}/companion/facts",
        &["companion.permitted", "companion.control_began"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/expel",
        &["meeting.expel"],
    ),
    (
        "POST /meetings/{id}/lobby/{participant}/deny",
        &["meeting.deny"],
    ),
    ("POST /meetings/{id}/invited/add", &["meeting.invite"]),
    ("POST /meetings/{id}/invited/remove", &["meeting.uninvite"]),
    ("PUT /meetings/{id}", &["meeting.change"]),
    ("POST /meetings/{id}/unguard", &["meeting.unguard"]),
    ("POST /meetings/{id}/passcode", &["meeting.change_passcode"]),
    ("POST /meetings/{id}/lock", &["meeting.lock"]),
    ("POST /meetings/{id}/unlock", &["meeting.unlock"]),
    ("POST /meetings/{id}/ticket", &["meeting.ticket"]),
    ("POST /meetings/{id}/leave", &["meeting.leave"]),
    ("POST /meetings/{id}/end", &["meeting.end"]),
    ("POST /meetings/{id}/cancel", &["meeting.cancel"]),
    (
        "POST /support/sessions",
        &["meeting.create", "support.opened"],
    ),
    ("POST /support/requests", &["support.requested"]),
    (
        "POST /support/requests/{request}/claim",
        &["support.request_claimed"],
    ),
    (
        "POST /support/requests/{request}/take",
        &["support.request_taken"],
    ),
    (
        "DELETE /support/requests/{request}",
        &["support.request_withdrawn"],
    ),
    (
        "POST /meetings/{id}/support/facts",
        &["support.permitted", "support.control_began"],
    ),
    (
        "POST /meetings/{id}/support/feedback",
        &["support.feedback"],
    ),
    ("PUT /support/questions", &["support.questions"]),
    ("POST /support/recordings/keys", &["recording.key_made"]),
    (
        "PUT /support/recordings/retention",
        &["recording.retention"],
    ),
    (
        "POST /meetings/{id}/support/recordings",
        &["recording.begun"],
    ),
    (
        "PUT /meetings/{id}/support/recordings/{recording}/{number}",
        &[],
    ),
    (
        "POST /meetings/{id}/support/recordings/{recording}/end",
        &["recording.ended"],
    ),
    (
        "POST /meetings/{id}/support/recordings/{recording}/feedback",
        &["recording.feedback"],
    ),
    (
        "POST /support/recordings/{recording}/plays",
        &["recording.played"],
    ),
    (
        "POST /support/recordings/{recording}/acknowledgement",
        &["recording.acknowledged"],
    ),
    (
        "POST /support/sessions/{support}/end",
        &["meeting.end", "support.ended"],
    ),
    (
        "POST /support/devices/enrolments",
        &["support.device_invited"],
    ),
    ("POST /support/devices/enrol", &["support.device_enrolled"]),
    (
        "POST /support/devices/{device}/grants",
        &["support.device_granted"],
    ),
    (
        "POST /support/devices/{device}/sessions",
        &[
            "meeting.create",
            "support.opened",
            "support.unattended_opened",
        ],
    ),
    (
        "POST /support/sessions/{support}/credentials",
        &["support.unattended_asked", "support.unattended_began"],
    ),
    (
        "DELETE /support/devices/{device}/grants/{account}",
        &["support.device_withdrawn", "meeting.end", "support.ended"],
    ),
    (
        "DELETE /support/devices/{device}",
        &["support.device_revoked"],
    ),
    ("POST /groups", &["group.create"]),
    ("PUT /groups/{group}", &["group.rename"]),
    ("PUT /groups/{group}/members/{account}", &["group.add"]),
    ("PUT /policies/groups/{group}", &["policy.change"]),
    ("PUT /policies/accounts/{account}", &["policy.change"]),
    ("PUT /policies/organisation", &["policy.change"]),
    ("POST /policies/preview", &[]),
    (
        "DELETE /groups/{group}/members/{account}",
        &["group.remove"],
    ),
    ("DELETE /groups/{group}", &["group.delete"]),
    ("POST /policies/profile", &["policy.profile_enter"]),
    (
        "POST /policies/profile/leave",
        &["policy.profile_leave_ask"],
    ),
    (
        "POST /policies/profile/leave/confirm",
        &["policy.profile_leave"],
    ),
    ("POST /invitations", &["user.invite"]),
    (
        "DELETE /invitations/{invitation}",
        &["user.withdraw_invitation"],
    ),
    (
        "POST /invitations/accept",
        &["user.accept_invitation", "auth.login"],
    ),
    ("POST /people/{account}/role", &["user.change_role"]),
    ("POST /people/{account}/unlock", &["user.unlock"]),
    (
        "POST /people/{account}/reset-factors",
        &["user.reset_factors"],
    ),
    ("POST /people/{account}/suspend", &["user.suspend"]),
    ("POST /people/{account}/restore", &["user.restore"]),
    ("POST /people/{account}/remove", &["user.remove"]),
    ("POST /account-requests", &["user.ask_for_account"]),
    ("POST /account-requests/confirm", &["user.request_account"]),
    ("POST /people/{account}/approve", &["user.approve"]),
    ("POST /account/single-sign-on", &[]),
    (
        "POST /session/single-sign-on/finish",
        &["account.single_sign_on_connect"],
    ),
    ("POST /session/single-sign-on", &[]),
    (
        "DELETE /account/single-sign-on",
        &["account.single_sign_on_disconnect"],
    ),
    (
        "POST /session/single-sign-on/logout",
        &["auth.session.revoke"],
    ),
    ("POST /password-resets", &["auth.ask_for_reset"]),
    ("POST /password-resets/finish", &["auth.reset_password"]),
    ("POST /programs", &["program.make"]),
    ("DELETE /programs/{program}", &["program.revoke"]),
    ("POST /audit/export", &["audit.export"]),
    ("POST /evidence/export", &["evidence.export"]),
    ("PUT /evidence/decisions/{subject}", &["evidence.decide"]),
    ("POST /agreements", &["agreement.add"]),
    ("PUT /agreements/{agreement}", &["agreement.change"]),
    ("POST /evidence/review", &["evidence.review"]),
    ("PUT /risks/{risk}", &["risk.assess"]),
    ("POST /complaints", &["complaint.enter"]),
    ("POST /complaints/{complaint}/close", &["complaint.close"]),
    ("POST /trainings", &["training.enter"]),
    (
        "POST /account/trainings/{training}/acknowledge",
        &["training.acknowledge"],
    ),
    (
        "POST /trainings/{training}/withdraw",
        &["training.withdraw"],
    ),
    ("POST /admin/views", &["view.save"]),
    ("PUT /admin/views/{view}", &["view.change"]),
    ("DELETE /admin/views/{view}", &["view.remove"]),
    ("PUT /admin/anomalies/rules", &["anomaly.change_rules"]),
    (
        "POST /admin/anomalies/{anomaly}/review",
        &["anomaly.review"],
    ),
    ("DELETE /session", &["auth.session.end"]),
    ("POST /account/email", &["account.email_ask"]),
    ("POST /account/email/confirm", &["account.email_change"]),
    ("POST /emergency", &["emergency.invoke"]),
    (
        "POST /emergency/meetings/{id}/enter",
        &["emergency.use", "meeting.join"],
    ),
    ("POST /emergency/end", &["emergency.end", "meeting.leave"]),
    ("POST /emergency/uses/{use}/review", &["emergency.review"]),
    ("POST /emergency/codes", &["emergency.make_codes"]),
    // Whoever signs in so does nothing else.
    ("POST /session/emergency", &["emergency.sign_in"]),
];

#[test]
fn the_table_names_every_route_that_changes_something() {
    let described: BTreeSet<_> = routes()
        .into_iter()
        .filter(|route| !route.starts_with("GET "))
        .collect();
    let listed: BTreeSet<_> = ENTRIES
        .iter()
        .map(|(route, _)| (*route).to_owned())
        .collect();

    assert_eq!(listed, described);
}

// Shows: REQ-AU-01, REQ-MT-08.
#[tokio::test]
async fn every_act_leaves_its_entries_and_no_others() {
    let letters = Letterbox::open().await;
    let provider = IdentityProvider::open().await;
    let server = Server::start_with(|config| {
        letters.configure(config);
        provider.configure(config);
        config.accounts.requests = true;
    })
    .await;
    let mut story = Story {
        nobody: Caller::nobody(&server),
        letters,
        provider,
        token: String::new(),
        invitation: String::new(),
        account: String::new(),
        server,
        owner: Caller::default(),
        host: Caller::default(),
        guest: Caller::default(),
        companion: Caller::default(),
        asker: Caller::default(),
        companion_code: String::new(),
        meeting: None,
        request: String::new(),
        group: String::new(),
        program: String::new(),
        agreement: String::new(),
        complaint: String::new(),
        training: String::new(),
        device: Authenticator::of(""),
        begun: Value::Null,
        passkey: String::new(),
        session: String::new(),
        emergency: String::new(),
        sealed_code: String::new(),
        view: String::new(),
        support: String::new(),
        computer: Computer::new(),
        recording: String::new(),
    };
    for (route, expected) in ENTRIES {
        story.prepare(route).await;
        let before = story.server.entries().await.len();

        let answer = story.act(route).await;

        assert!(
            answer.status.is_success(),
            "{route}: {} {}",
            answer.status,
            answer.body
        );
        // Of some the work is done behind the answer's back.
        wait_for(&story.server, before + expected.len()).await;
        let entries = story.server.entries().await.split_off(before);
        let names: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
        assert_eq!(names, *expected, "{route}");
        for entry in &entries {
            assert!(entry.outcome == Outcome::Done, "{route}");
            assert!(
                entry.src.is_some() && entry.req_id.is_some() && entry.org.is_some(),
                "{route}"
            );
        }
    }
    story.server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn refusals_are_on_record_too() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    owner.come(&meeting, "Amy").await;
    let nobody = Caller::nobody(&server);
    let guest = nobody.come(&meeting, "Bo").await;
    let before = server.entries().await.len();

    let wrong = json!({"email": EMAIL, "password": "a wrong but long password"});
    nobody.send(Method::POST, "/session", Some(wrong)).await;
    let name = json!({"display_name": "Cy"});
    nobody
        .send(Method::POST, "/meetings/000-000-000/join", Some(name))
        .await;
    guest.post(&format!("/meetings/{}/end", meeting.id)).await;

    let entries = server.entries().await.split_off(before);
    let records: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry.event.name(),
                entry.outcome,
                entry.reason.as_ref().unwrap().as_str(),
            )
        })
        .collect();
    assert_eq!(
        records,
        [
            ("auth.fail", Outcome::Failed, "wrong_credentials"),
            ("meeting.join_refused", Outcome::Refused, "no_such_code"),
            ("meeting.end", Outcome::Refused, "role"),
        ]
    );
    server.stop().await;
}

#[tokio::test]
async fn credentials_and_acts_that_are_worth_nothing_are_on_record() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let (meeting, other) = (owner.make_meeting().await, owner.make_meeting().await);
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let stranger = Caller {
        credential: Some("unknown".to_owned()),
        ..Caller::nobody(&server)
    };
    let before = server.entries().await.len();

    let ticket = format!("/meetings/{}/ticket", meeting.id);
    stranger.post(&ticket).await;
    guest.post(&format!("/meetings/{}/ticket", other.id)).await;
    let nowhere = "/meetings/00000000-0000-7000-8000-000000000000/end";
    owner.post(nowhere).await;
    let admit = format!("/meetings/{}/lobby/{}/admit", meeting.id, guest.participant);
    host.post(&admit).await;
    let gone = Caller::nobody(&server).come(&meeting, "Cy").await;
    gone.post(&format!("/meetings/{}/leave", meeting.id)).await;
    let after = server.entries().await.len();
    let shown = [(&stranger, &meeting), (&guest, &other), (&gone, &meeting)];
    for (number, (caller, at)) in shown.into_iter().enumerate() {
        let channel = Channel::open(&server, at, caller, None).await;
        assert_eq!(channel.said_goodbye().await, "not_authenticated");
        wait_for(&server, after + number + 1).await;
    }
    let unknown = Caller {
        cookie: Some("unknown".to_owned()),
        ..Caller::nobody(&server)
    };
    unknown.get("/session").await;
    let nowhere = "/meetings/00000000-0000-7000-8000-000000000000";
    owner.get(nowhere).await;

    let entries = server.entries().await.split_off(before);
    let records: Vec<_> = entries
        .iter()
        .filter(|entry| entry.outcome != Outcome::Done)
        .map(|entry| {
            assert_eq!(entry.outcome, Outcome::Refused);
            assert!(entry.src.is_some() && entry.req_id.is_some());
            let reason = entry.reason.as_ref().unwrap().as_str();
            (entry.event.name(), reason)
        })
        .collect();
    assert_eq!(
        records,
        [
            ("access.refused", "unknown_credential"),
            ("access.refused", "other_meeting"),
            ("meeting.end", "not_its_host"),
            ("meeting.admit", "not_waiting"),
            ("access.refused", "unknown_credential"),
            ("access.refused", "other_meeting"),
            ("access.refused", "not_admitted"),
            ("access.refused", "unknown_session"),
            ("access.refused", "not_its_host"),
        ]
    );
    server.stop().await;
}

#[tokio::test]
async fn a_key_of_another_request_and_a_session_that_times_out_are_on_record() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).knock(&meeting, "Bo").await;
    let deny = format!("/meetings/{}/lobby/{}/deny", meeting.id, guest.participant);
    let send = async |path: &str| {
        let request = host.request(Method::POST, path);
        let (client, request) = request.build_split();
        let mut request = request.unwrap();
        let key = "7b3c1f0e-0c53-4a1b-9a66-2f2f3f4f5f6f".parse().unwrap();
        request.headers_mut().insert("idempotency-key", key);
        Answer::read(client.execute(request).await.unwrap()).await
    };
    send(&deny).await;

    let end = format!("/meetings/{}/end", meeting.id);
    assert_eq!(send(&end).await.code(), "idempotency_key_reused");

    let last = server.entries().await.pop().unwrap();
    assert_eq!(
        (last.event.name(), last.outcome),
        ("meeting.end", Outcome::Refused)
    );
    assert_eq!(last.reason.unwrap().as_str(), "key_reused");
    server.wait(Duration::from_secs(13 * 60 * 60));
    let server = server.restart().await;
    let timed_out = async {
        let name = "auth.session.timeout";
        while !server
            .entries()
            .await
            .iter()
            .any(|entry| entry.event.name() == name)
        {
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, timed_out).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn signalling_leaves_its_entries_too() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let ticket = tickets::ticket(&meeting, &host).await;
    let developer = livekit::token("ann", "ward");
    let maker = livekit::signed(
        "",
        VideoGrants {
            room_create: true,
            ..VideoGrants::default()
        },
    );
    let base = server.socket_url();
    let mut seen = server.entries().await.len();
    let mut sockets = Vec::new();
    let mut resume = String::new();

    for (what, path, token, expected) in [
        ("validate", "/rtc/validate?protocol=17", &ticket, None),
        (
            "join",
            "/rtc?protocol=17",
            &ticket,
            Some(("meeting.connect", Outcome::Done)),
        ),
        (
            "a spent ticket",
            "/rtc/validate?protocol=17",
            &ticket,
            Some(("meeting.connect", Outcome::Refused)),
        ),
        (
            "resume",
            "/rtc?protocol=17&reconnect=1",
            &String::new(),
            Some(("meeting.resume", Outcome::Done)),
        ),
        (
            "a developer's join",
            "/rtc?protocol=17",
            &developer,
            Some(("developer.join", Outcome::Done)),
        ),
        (
            "a developer without the grant",
            "/rtc/validate?protocol=17",
            &maker,
            Some(("developer.join", Outcome::Refused)),
        ),
        (
            "a call",
            "/twirp/livekit.RoomService/CreateRoom",
            &maker,
            Some(("developer.call", Outcome::Done)),
        ),
        (
            "a call without the grant",
            "/twirp/livekit.RoomService/CreateRoom",
            &developer,
            Some(("developer.call", Outcome::Refused)),
        ),
        (
            "a question",
            "/twirp/livekit.RoomService/ListRooms",
            &maker,
            Some(("developer.call", Outcome::Refused)),
        ),
    ] {
        let token = if token.is_empty() { &resume } else { token };
        if path.starts_with("/rtc?") {
            let url = format!("{base}{path}&access_token={token}");
            let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
            tickets::first_message(&mut socket).await;
            if what == "join" {
                resume = tickets::refreshed(&mut socket).await;
            }
            sockets.push(socket);
        } else if path.starts_with("/twirp") {
            livekit::call(&server, path, token, r#"{"name":"theatre"}"#).await;
        } else {
            let url = format!("{}{path}", server.url());
            let request = reqwest::Client::new().get(url).bearer_auth(token);
            request.send().await.unwrap();
        }

        let entries: Vec<_> = server
            .entries()
            .await
            .split_off(seen)
            .into_iter()
            .filter(|entry| entry.event.name() != "meeting.disconnect")
            .collect();
        seen = server.entries().await.len();
        let names: Vec<_> = entries
            .iter()
            .map(|entry| (entry.event.name(), entry.outcome))
            .collect();
        assert_eq!(names, expected.into_iter().collect::<Vec<_>>(), "{what}");
        for entry in &entries {
            assert!(entry.src.is_some() && entry.req_id.is_some(), "{what}");
        }
    }
    server.stop().await;
}

/// The server records what happened on a socket a moment after it closed it.
async fn wait_for(server: &Server, entries: usize) {
    let recorded = async {
        while server.entries().await.len() < entries {
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, recorded).await.unwrap();
}

#[tokio::test]
async fn starting_and_stopping_are_on_record() {
    let server = Server::start().await;

    let server = server.restart().await;

    let names: Vec<_> = server
        .entries()
        .await
        .iter()
        .map(|entry| entry.event.name())
        .collect();
    assert_eq!(
        names,
        [
            "system.start",
            "key.made",
            "key.made",
            "key.made",
            "key.made",
            "system.setup_link",
            "system.stop",
            "system.start",
            "system.setup_link"
        ]
    );
    server.stop().await;
}

// Shows: REQ-AU-01, REQ-IN-08.
#[tokio::test]
async fn what_was_changed_behind_the_servers_back_is_found_by_itself_and_on_record_once() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    owner.make_meeting().await;
    covers(&owner, "meeting.create").await;
    let (position, _) = server.entries_after(0).await;
    server
        .tamper(
            "DROP TRIGGER audit_outbox_keeps_its_words;
             UPDATE audit_outbox
             SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"done\"', '\"none\"') AS BLOB)
             WHERE position = (SELECT MIN(position) FROM audit_entry WHERE log = 2)",
        )
        .await;

    let often = |config: &mut Config| config.evidence.every = Duration::from_secs(1);
    let server = server.restart_with(often).await;

    let found = async {
        loop {
            let (_, entries) = server.entries_after(position).await;
            let faults = entries
                .iter()
                .filter(|entry| entry.event.name() == "system.integrity");
            if faults.count() > 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, found).await.unwrap();
    let owner = Caller::sign_in(&server).await;
    for claim in ["audit.verifiable", "authenticate.stored"] {
        let red = until(&owner, claim, "not_met").await;
        let mut grounds = red["grounds"].as_array().unwrap().iter();
        assert!(
            grounds.any(|one| one["name"] == "log" && one["standing"] == "fails"),
            "{red}"
        );
    }
    // Whatever that run still had to say is said when it has ended.
    let server = server.restart().await;
    let (_, entries) = server.entries_after(position).await;
    let names: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
    let started = names.iter().rposition(|name| *name == "system.start");
    let faults = names[..started.unwrap()]
        .iter()
        .filter(|name| **name == "system.integrity");
    assert_eq!(faults.count(), 1);
    server.stop().await;
}

#[tokio::test]
async fn which_browser_application_is_served_is_on_record() {
    let server = Server::start().await;

    let entries = server.entries().await;

    let Some(Event::SystemStart { application, .. }) = entries.first().map(|entry| &entry.event)
    else {
        panic!("the first entry is the start");
    };
    let mark = reqwest::get(server.url() + "/mark.svg").await.unwrap();
    let digits = application.as_ref().map(|digest| digest.as_str().len());
    assert_eq!(digits, mark.status().is_success().then_some(64));
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn a_start_says_by_a_hash_how_the_server_is_configured() {
    let server = Server::start().await;
    let server = server.restart().await;
    let other = |config: &mut Config| config.limits.participants = 7;
    let server = server.restart_with(other).await;

    let entries = server.entries().await;

    let digests = entries.iter().filter_map(|entry| match &entry.event {
        Event::SystemStart { configuration, .. } => configuration.as_ref(),
        _ => None,
    });
    let digests: Vec<_> = digests.map(|digest| digest.as_str()).collect();
    let [first, again, changed] = digests.as_slice() else {
        panic!("three starts");
    };
    assert_eq!(first.len(), 64);
    assert_eq!(first, again);
    assert_ne!(again, changed);
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn each_key_that_a_start_makes_is_on_record_by_its_fingerprint() {
    let server = Server::start().await;
    let first = made_keys(&server).await;
    let names: Vec<_> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["audit_log", "ticket", "seal", "external_sender"]);
    let ticket = server.data_dir().join("ticket.key");
    let directory = server.stop_and_leave().await;
    std::fs::remove_file(ticket).unwrap();

    let server = Server::start_again(directory, Clock::default()).await;

    let made = made_keys(&server).await;
    let [(name, fingerprint)] = &made[4..] else {
        panic!("one was made again");
    };
    assert_eq!(name, "ticket");
    assert_ne!(*fingerprint, first[1].1);
    assert_eq!(fingerprint.len(), 64);
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn a_key_of_a_start_that_ended_too_soon_is_put_on_record_by_the_next_and_not_again() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("seal.key"), [7; 32]).unwrap();

    let server = Server::start_again(directory, Clock::default()).await;
    let first = made_keys(&server).await;
    let server = server.restart().await;

    let names: Vec<_> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["audit_log", "ticket", "seal", "external_sender"]);
    assert_eq!(
        first[2].1,
        "6d9bad487c991397b4e019235bdfdbf79a9aab1019aa66f28ab8a5a66a647479"
    );
    assert_eq!(made_keys(&server).await, first);
    server.stop().await;
}

/// By their names, with their fingerprints.
async fn made_keys(server: &Server) -> Vec<(String, String)> {
    let entries = server.entries().await.into_iter();
    let made = entries.filter_map(|entry| match entry.event {
        Event::KeyMade { key, fingerprint } => {
            Some((key.as_str().to_owned(), fingerprint.as_str().to_owned()))
        }
        _ => None,
    });
    made.collect()
}

/// `METHOD /path` of every endpoint in the OpenAPI description, without `/api/v1`.
pub(crate) fn routes() -> Vec<String> {
    let description: Value = serde_json::from_str(conclave::http::openapi()).unwrap();
    let paths = description["paths"].as_object().unwrap();
    let mut routes = Vec::new();
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let path = path.strip_prefix("/api/v1").unwrap();
            routes.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    routes
}

pub(crate) fn no_camera() -> Value {
    json!({"camera": {"value": false, "locked": true}})
}

/// One meeting, told route by route.
struct Story {
    server: Server,
    nobody: Caller,
    owner: Caller,
    host: Caller,
    guest: Caller,
    /// The host's computer.
    companion: Caller,
    companion_code: String,
    /// Who asked for help.
    asker: Caller,
    meeting: Option<Made>,
    /// Of a browser that asks to be added, or of who asked for help.
    request: String,
    letters: Letterbox,
    provider: IdentityProvider,
    /// Of the last letter.
    token: String,
    invitation: String,
    /// Of whoever was invited, or asked for an account.
    account: String,
    group: String,
    program: String,
    agreement: String,
    complaint: String,
    training: String,
    device: Authenticator,
    /// A passkey's ceremony.
    begun: Value,
    passkey: String,
    /// Another of the owner's.
    session: String,
    /// A use of emergency access.
    emergency: String,
    /// One of the organisation's.
    sealed_code: String,
    view: String,
    /// A session of remote support.
    support: String,
    /// Where nobody need be.
    computer: Computer,
    recording: String,
}

const BO: &str = "bo.hadley@riverside.example";

const FINDING: &str = "INSERT INTO anomaly
         (id, organisation, rule, subject, count, window_minutes, found_at)
     SELECT x'0199000000007000800000000000000b', id, 'audit_fault', zeroblob(16), 1, 60, 1
     FROM organisation ORDER BY created_at LIMIT 1";

impl Story {
    /// What must be there before the act, and is not part of it.
    async fn prepare(&mut self, route: &str) {
        match route {
            "POST /account/passkeys/options" => {
                self.device = Authenticator::of(&self.owner.account().await.to_string());
            }
            "POST /session/passkey" => self.device.counter += 1,
            "DELETE /account/passkeys/{passkey}" => {
                self.owner.set_up_program(&self.server).await;
            }
            "DELETE /account/sessions/{session}" | "DELETE /account/sessions" => {
                Caller::sign_in(&self.server).await;
                let listed = self.owner.get("/account/sessions").await.body;
                let listed = listed.as_array().unwrap();
                let other = listed.iter().find(|session| session["this"] == false);
                self.session = other.unwrap()["id"].as_str().unwrap().to_owned();
            }
            "POST /meetings/{code}/join" | "POST /meetings/{id}/cancel" => {
                self.meeting = Some(self.owner.make_meeting().await);
            }
            "POST /meetings/{id}/lobby/{participant}/admit"
            | "POST /meetings/{id}/lobby/admit-all"
            | "POST /meetings/{id}/lobby/{participant}/vouch"
            | "POST /meetings/{id}/lobby/{participant}/deny" => {
                let meeting = self.meeting();
                if self.host.credential.is_none() {
                    self.host = self.owner.come(&meeting, "Amy").await;
                }
                let guest = self.nobody.knock(&meeting, "Bo").await;
                self.nobody.participant = guest.participant;
            }
            "POST /meetings/{id}/participants/{participant}/expel"
            | "POST /meetings/{id}/participants/{participant}/mute" => {
                let guest = self.nobody.come(&self.meeting(), "Di").await;
                self.nobody.participant = guest.participant;
            }
            // As if another owner had asked.
            "POST /policies/profile/leave/confirm" => {
                let sql = "UPDATE organisation SET profile_leave_by = x'00000000000070008000000000000000'";
                self.server.tamper(sql).await;
            }
            "POST /admin/anomalies/{anomaly}/review" => self.server.tamper(FINDING).await,
            "POST /support/recordings/{recording}/acknowledgement" => {
                let sql = "UPDATE recording SET feedback_state = 'missing'";
                self.server.tamper(sql).await;
            }
            "POST /emergency" => {
                let on = json!({"emergency_access": {"value": true}});
                set(&self.owner, "organisation", on).await;
            }
            "POST /emergency/meetings/{id}/enter" => {
                let meeting = self.owner.make_meeting().await;
                self.owner.come(&meeting, "Amy").await;
                self.meeting = Some(meeting);
            }
            // As if somebody else had taken it.
            "POST /emergency/uses/{use}/review" => {
                let sql = "UPDATE emergency_use SET account = NULL";
                self.server.tamper(sql).await;
            }
            "POST /support/devices/enrolments" => {
                let on = json!({"support_unattended": {"value": true}});
                set(&self.owner, "organisation", on).await;
            }
            "POST /support/requests" => {
                let on = json!({"support_queue": {"value": true}});
                set(&self.owner, "organisation", on).await;
            }
            // The first was taken.
            "DELETE /support/requests/{request}" => {
                let path = "/support/requests";
                let body = Some(asking_for_help());
                let asked = self.nobody.send(Method::POST, path, body).await;
                self.keep_request(&asked);
            }
            "POST /support/devices/{device}/sessions" => {
                self.computer.connect(&self.server).await.lets_in();
            }
            "POST /meetings/{id}/support/facts" => {
                self.guest = self.nobody.come(&self.meeting(), "Cy").await;
            }
            // As if the organisation had kept sessions when it was opened.
            "POST /meetings/{id}/support/recordings" => {
                self.server
                    .tamper("UPDATE meeting SET data_mode = 'archive'")
                    .await;
            }
            "POST /meetings/{id}/support/recordings/{recording}/end" => {
                let path = self.fill("/meetings/{id}/support/recordings/{recording}/1");
                bring(&self.guest, &path, b"chunk").await;
            }
            // As if nobody had been asked before it was recorded.
            "POST /meetings/{id}/support/recordings/{recording}/feedback" => {
                let sql =
                    "UPDATE support_session SET solved = NULL, rating = NULL, feedback_at = NULL";
                self.server.tamper(sql).await;
            }
            "POST /meetings/{id}/leave" => {
                self.guest = self.nobody.come(&self.meeting(), "Cy").await;
            }
            "POST /invitations/accept" => {
                self.letters.next().await;
                self.owner.invite(BO, "member").await;
                self.token = self.letters.next().await.secret("invited");
            }
            "POST /account-requests/confirm" => {
                self.token = self.letters.next().await.secret("requested");
            }
            "POST /people/{account}/approve" => {
                let people = self.owner.get("/people").await.body;
                let pending = people["people"].as_array().unwrap().last().unwrap();
                self.account = pending["account"].as_str().unwrap().to_owned();
            }
            // Whoever the provider signed in is signed out by it.
            "POST /session/single-sign-on/logout" => {
                let body = json!({"email": "di@riverside.example", "role": "member"});
                self.owner
                    .send(Method::POST, "/invitations", Some(body))
                    .await;
                let token = self.letters.next().await.secret("invited");
                let to = json!({"to": "accept_invitation", "token": token, "display_name": "Di"});
                let mut di = self.nobody.clone();
                let begun = di
                    .send(Method::POST, "/session/single-sign-on", Some(to))
                    .await;
                di.keep_cookies(&begun);
                let back = self.provider.grant(&begun.text("address"), "di");
                let path = "/session/single-sign-on/finish";
                let accepted = di.send(Method::POST, path, Some(back)).await;
                assert_eq!(accepted.status.as_u16(), 201, "{}", accepted.body);
            }
            "POST /password-resets/finish" => {
                self.token = self.letters.next().await.secret("reset");
            }
            "POST /programs"
            | "POST /support/recordings/keys"
            | "DELETE /session"
            | "POST /account/email" => {
                self.owner = Caller::sign_in(&self.server).await;
            }
            "POST /account/email/confirm" => {
                self.token = self.letters.next().await.secret("email");
            }
            _ => {}
        }
    }

    async fn act(&mut self, route: &str) -> Answer {
        let (method, path) = route.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let (caller, body) = match route {
            "POST /setup" => (&self.nobody, Some(set_up(&self.server))),
            "POST /session" => (
                &self.nobody,
                Some(json!({"email": EMAIL, "password": PASSWORD})),
            ),
            "PUT /account/totp" => {
                let shown = self.server.shown_code();
                (&self.owner, Some(json!({"code": shown})))
            }
            "POST /session/second-factor" => {
                let body = json!({"totp": self.server.code().await});
                (&self.owner, Some(body))
            }
            "POST /session/step-up" => {
                let second = json!({"totp": self.server.code().await});
                let body = json!({"password": PASSWORD, "second_factor": second});
                (&self.owner, Some(body))
            }
            "POST /account/passkeys" => (&self.owner, Some(self.device.create(&self.begun))),
            "PUT /account/passkeys/{passkey}" => (&self.owner, Some(json!({"label": "Ward 3"}))),
            "POST /session/passkey" => (&self.owner, Some(self.device.sign(&self.begun))),
            "PUT /account/password" => (&self.owner, Some(json!({"password": PASSWORD}))),
            "POST /account/email" => (&self.owner, Some(json!({"email": "amy@elsewhere.example"}))),
            "POST /account/email/confirm" => (&self.owner, Some(json!({"token": self.token}))),
            _ if path.starts_with("/account/") && !path.contains("device-request") => {
                let body = match route {
                    "PUT /account/vault" => Some(self.owner.next_vault().await),
                    _ => None,
                };
                (&self.owner, body)
            }
            "POST /session/passkey/options" => (&self.owner, None),
            "POST /account/device-requests" => (&self.owner, Some(json!({"request": "AAAA"}))),
            "POST /meetings" => {
                let body = json!({"title": "T", "invitation_verifier": verifier(b"proof")});
                (&self.owner, Some(body))
            }
            "POST /meetings/{code}/join" => (&self.owner, Some(json!({"display_name": "Amy"}))),
            "POST /meetings/{id}/lobby/admit-all" => {
                let waiting = &self.nobody.participant;
                (&self.host, Some(json!({"participants": [waiting]})))
            }
            "POST /groups" | "PUT /groups/{group}" => {
                (&self.owner, Some(json!({"name": "Ward 3"})))
            }
            "POST /policies/preview" => (&self.owner, Some(json!({"settings": no_camera()}))),
            "POST /programs" => (
                &self.owner,
                Some(json!({"name": "Directory", "scopes": ["scim"]})),
            ),
            "DELETE /programs/{program}" => (&self.owner, None),
            "PUT /evidence/decisions/{subject}" => (&self.owner, Some(decision("equivalent"))),
            "POST /agreements" | "PUT /agreements/{agreement}" => {
                (&self.owner, Some(agreement("signed")))
            }
            "POST /evidence/review" => {
                let review = self.owner.get("/evidence/review").await.body;
                (&self.owner, Some(json!({"digest": review["digest"]})))
            }
            "PUT /risks/{risk}" => (&self.owner, Some(assessment("accepted"))),
            "POST /complaints" => (&self.owner, Some(complaint())),
            "POST /trainings" => {
                let account = self.owner.account().await.to_string();
                (&self.owner, Some(training(&account)))
            }
            "POST /trainings/{training}/withdraw"
            | "POST /account/trainings/{training}/acknowledge" => (&self.owner, None),
            "POST /complaints/{complaint}/close" => (
                &self.owner,
                Some(json!({"outcome": "resolved", "note": "Answered."})),
            ),
            _ if route.starts_with("PUT /policies/") => {
                let policy = self.owner.get("/policies/organisation").await;
                let revision = &policy.body["revision"];
                let body = json!({"revision": revision, "settings": no_camera()});
                (&self.owner, Some(body))
            }
            _ if route.contains(" /policies/") || route.contains(" /groups/") => {
                (&self.owner, None)
            }
            "POST /admin/views" => (&self.owner, Some(saved_view())),
            "PUT /admin/views/{view}" => (
                &self.owner,
                Some(json!({"name": "Mine", "is_shared": true})),
            ),
            "PUT /admin/anomalies/rules" => {
                (&self.owner, Some(json!({"revision": 0, "rules": []})))
            }
            "POST /admin/anomalies/{anomaly}/review" => (
                &self.owner,
                Some(json!({"outcome": "explained", "note": "Seen."})),
            ),
            _ if path.starts_with("/admin/") => (&self.owner, None),
            "POST /emergency" => (
                &self.owner,
                Some(json!({"reason": "drill", "words": "Nothing."})),
            ),
            "POST /emergency/uses/{use}/review" => (
                &self.owner,
                Some(json!({"outcome": "justified", "note": "Seen."})),
            ),
            "POST /session/emergency" => (
                &self.nobody,
                Some(json!({"email": "amy@elsewhere.example", "code": self.sealed_code})),
            ),
            _ if path.starts_with("/emergency/") => (&self.owner, None),
            "PUT /meetings/{id}" => (&self.owner, Some(changed(0))),
            "POST /meetings/{id}/cancel" => (&self.owner, Some(json!({"sequence": 0}))),
            "POST /meetings/{id}/invited/add" | "POST /meetings/{id}/invited/remove" => {
                (&self.owner, Some(json!({"email": EMAIL})))
            }
            "POST /audit/export" => (&self.owner, Some(json!({}))),
            "POST /evidence/export" => (&self.owner, Some(json!({"format": "json"}))),
            "POST /session/single-sign-on" => (&self.owner, Some(json!({"to": "step_up"}))),
            "POST /session/single-sign-on/finish" => {
                let address = self.begun["address"].as_str().unwrap();
                (&self.owner, Some(self.provider.grant(address, "amy")))
            }
            "POST /session/single-sign-on/logout" => {
                let token = self.provider.logout_token("di", "j-1");
                let url = format!("{}/api/v1{path}", self.nobody.url);
                let form = [("logout_token", token)];
                let request = self.nobody.client.post(url).form(&form);
                return Answer::read(request.send().await.unwrap()).await;
            }
            "DELETE /session" | "DELETE /account/device-requests/{request}" => (&self.owner, None),
            "POST /meetings/{id}/leave" => (&self.guest, None),
            "POST /support/sessions" => {
                let body = json!({"invitation_verifier": verifier(b"proof")});
                (&self.owner, Some(body))
            }
            "POST /companions" | "POST /companions/look-up" => {
                let code = &self.companion_code;
                (&self.nobody, Some(json!({"code": code})))
            }
            "POST /meetings/{id}/companion/{participant}/control" => {
                let to = &self.nobody.participant;
                (&self.host, Some(json!({"to": to})))
            }
            "POST /meetings/{id}/companion/facts" => {
                let facts = json!([
                    {"fact": "permitted", "capability": "control"},
                    {"fact": "control_began"}
                ]);
                let body = json!({"turn": 1, "facts": facts});
                (&self.companion, Some(body))
            }
            "POST /meetings/{id}/support/facts" => {
                let facts = json!([
                    {"fact": "permitted", "capability": "control"},
                    {"fact": "control_began"}
                ]);
                (&self.guest, Some(json!({"facts": facts})))
            }
            "POST /meetings/{id}/support/feedback" => {
                (&self.guest, Some(json!({"solved": true, "rating": 5})))
            }
            "PUT /support/questions" => (&self.owner, Some(json!({}))),
            "POST /support/recordings/keys" => (&self.owner, Some(recording_key())),
            "PUT /support/recordings/retention" => (&self.owner, Some(json!({"days": 30}))),
            "POST /meetings/{id}/support/recordings" => (&self.guest, None),
            "PUT /meetings/{id}/support/recordings/{recording}/{number}" => {
                return bring(&self.guest, &self.fill(path), b"header").await;
            }
            "POST /meetings/{id}/support/recordings/{recording}/end" => {
                let manifest = manifest_of(b"header", b"chunk");
                (&self.guest, Some(json!({"manifest": manifest})))
            }
            "POST /meetings/{id}/support/recordings/{recording}/feedback" => {
                (&self.guest, Some(json!({"sealed": "AAAA"})))
            }
            "POST /support/recordings/{recording}/plays" => {
                (&self.owner, Some(json!({"reason": "A complaint."})))
            }
            "POST /support/recordings/{recording}/acknowledgement" => {
                let body = json!({"trouble": "without_feedback", "reason": "Told by phone."});
                (&self.owner, Some(body))
            }
            "POST /support/sessions/{support}/end"
            | "POST /support/devices/enrolments"
            | "DELETE /support/devices/{device}/grants/{account}"
            | "DELETE /support/devices/{device}" => (&self.owner, None),
            "POST /support/devices/enrol" => {
                (&self.nobody, Some(self.computer.enrolment(&self.token)))
            }
            "POST /support/devices/{device}/grants" => {
                let account = self.owner.account().await;
                (&self.owner, Some(json!({"account": account})))
            }
            "POST /support/devices/{device}/sessions" => {
                let body = json!({"invitation_verifier": verifier(b"proof")});
                (&self.owner, Some(body))
            }
            "POST /support/requests" => (&self.nobody, Some(asking_for_help())),
            "POST /support/requests/{request}/claim" => (&self.owner, None),
            "POST /support/requests/{request}/take" => {
                let body = json!({"session": self.support, "sealed": "AAAA"});
                (&self.owner, Some(body))
            }
            "DELETE /support/requests/{request}" => (&self.asker, None),
            "POST /support/sessions/{support}/credentials" => (&self.owner, Some(credentials(1))),
            "POST /invitations" => (&self.owner, Some(json!({"email": BO, "role": "member"}))),
            "POST /invitations/accept" | "POST /account-requests/confirm" => {
                (&self.nobody, Some(accept(&self.token)))
            }
            "POST /people/{account}/role" => (&self.owner, Some(json!({"role": "auditor"}))),
            "POST /account-requests" => (&self.nobody, Some(json!({"email": BO}))),
            "POST /password-resets" => (&self.nobody, Some(json!({"email": EMAIL}))),
            "POST /password-resets/finish" => {
                let body = json!({"token": self.token, "password": PASSWORD});
                (&self.nobody, Some(body))
            }
            _ if route.contains("/people/") || route.contains("/invitations/") => {
                (&self.owner, None)
            }
            _ => (&self.host, None),
        };
        let is_own = ["/policies/", "/groups/", "/devices/"];
        let path = match is_own.iter().any(|part| path.contains(part)) {
            true => path.replace("{account}", &self.owner.account().await.to_string()),
            false => path.to_owned(),
        };
        let answer = caller.send(method, &self.fill(&path), body).await;
        match route {
            "POST /account/device-requests" => self.request = answer.text("id"),
            "POST /support/requests" => self.keep_request(&answer),
            "POST /groups" => self.group = answer.text("id"),
            "POST /agreements" => self.agreement = answer.text("id"),
            "POST /complaints" => self.complaint = answer.text("id"),
            "POST /trainings" => self.training = answer.text("id"),
            "POST /emergency" => self.emergency = answer.text("id"),
            "POST /emergency/codes" => {
                let code = answer.body["codes"][0].as_str();
                self.sealed_code = code.unwrap_or_default().to_owned();
            }
            "POST /admin/views" => self.view = answer.text("id"),
            "POST /meetings/{id}/companion" => self.companion_code = answer.text("code"),
            "POST /companions" => {
                self.companion = Caller {
                    credential: Some(answer.text("credential")),
                    participant: answer.text("participant"),
                    ..self.nobody.clone()
                };
            }
            "POST /meetings/{id}/support/recordings" => {
                self.recording = answer.text("recording");
            }
            "POST /support/devices/enrolments" => {
                let link = answer.text("link");
                self.token = link.rsplit('#').next().unwrap_or_default().to_owned();
            }
            "POST /support/devices/enrol" => self.computer.id = answer.text("id"),
            "POST /support/devices/{device}/sessions" => {
                let id = answer.body["session"]["id"].as_str();
                self.support = id.unwrap_or_default().to_owned();
            }
            "POST /support/sessions" => {
                self.support = answer.text("id");
                self.meeting = Some(Made {
                    id: answer.text("meeting"),
                    code: answer.text("code"),
                    proof: URL_SAFE_NO_PAD.encode(b"proof"),
                });
            }
            "POST /programs" => {
                let id = answer.body["program"]["id"].as_str();
                self.program = id.unwrap_or_default().to_owned();
            }
            _ => {}
        }
        if route == "POST /invitations" {
            self.invitation = answer.body["invitation"]["id"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
        }
        if route == "POST /invitations/accept" {
            self.account = answer.text("account");
        }
        match route {
            "POST /account/totp" => self.server.keep_program(answer.text("secret")),
            // The account's address is told.
            "POST /session/single-sign-on/finish" if answer.status.is_success() => {
                drop(self.letters.next().await);
            }
            _ if route.ends_with("/options") || route.ends_with("/single-sign-on") => {
                self.begun = answer.body.clone()
            }
            "POST /account/passkeys" => {
                self.owner.keep_cookies(&answer);
                let ways = self.owner.get("/account/sign-in").await.body;
                self.passkey = ways["passkeys"][0]["id"].as_str().unwrap().to_owned();
            }
            _ => {}
        }
        if answer.headers.contains_key("set-cookie") && route != "POST /invitations/accept" {
            self.owner.url = self.nobody.url.clone();
            self.owner.keep_cookies(&answer);
        }
        answer
    }

    fn fill(&self, path: &str) -> String {
        let meeting = self.meeting.clone();
        let (id, code) =
            meeting.map_or_else(Default::default, |meeting| (meeting.id, meeting.code));
        path.replace("/companion/{participant}", &self.companion_path())
            .replace("{id}", &id)
            .replace("{code}", &code)
            .replace("{request}", &self.request)
            .replace("{group}", &self.group)
            .replace("{program}", &self.program)
            .replace("{subject}", "164.312.a.2.iii")
            .replace("{agreement}", &self.agreement)
            .replace("{risk}", "insider")
            .replace("{complaint}", &self.complaint)
            .replace("{training}", &self.training)
            .replace("{passkey}", &self.passkey)
            .replace("{session}", &self.session)
            .replace("{support}", &self.support)
            .replace("{device}", &self.computer.id)
            .replace("{recording}", &self.recording)
            .replace("{number}", "0")
            .replace("{use}", &self.emergency)
            .replace("{view}", &self.view)
            .replace("{anomaly}", "01990000-0000-7000-8000-00000000000b")
            .replace("{participant}", &self.nobody.participant)
            .replace("{account}", &self.account)
            .replace("{invitation}", &self.invitation)
    }

    /// Of who asked for help.
    fn keep_request(&mut self, asked: &Answer) {
        self.request = asked.text("id");
        self.asker = Caller {
            credential: Some(asked.text("token")),
            ..self.nobody.clone()
        };
    }

    fn companion_path(&self) -> String {
        format!("/companion/{}", self.companion.participant)
    }

    fn meeting(&self) -> Made {
        self.meeting.clone().unwrap()
    }
}
