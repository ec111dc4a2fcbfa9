//! Remote support: who comes by a code, what the agent lets be known, what is thought of it, and how it ends.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_audit::{Actor, Entry, Outcome};
use livekit_protocol::TrackSource;
use livekit_protocol::signal_response::Message as Said;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, Made, verifier};
use crate::channel::Channel;
use crate::policy::{set, shows};
use crate::server_in_a_box::Server;
use crate::tickets::{Socket, connect, first_message, ticket};

const TEN_MINUTES: Duration = Duration::from_secs(10 * 60);
const A_SECOND: Duration = Duration::from_secs(1);
const AN_HOUR: Duration = Duration::from_secs(60 * 60);
const BO: &str = "bo.hadley@riverside.example";
const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// Shows: REQ-AC-26, ABUSE-49.
#[tokio::test]
async fn a_customer_comes_by_the_link_without_a_lobby_and_nobody_after_them() {
    let (server, technician) = technician().await;
    let (id, meeting) = open(&technician).await;
    let nobody = Caller::nobody(&server);

    let offer = nobody.get(&code(&meeting)).await;
    assert_eq!(offer.text("organisation"), "Riverside");
    assert_eq!(offer.text("technician"), "Amy Weatherwax");
    assert_eq!(standing(&technician, &id).await["state"], "waiting");
    technician.come(&meeting, "Amy").await;
    let came = join(&nobody, &meeting, &by_link(&meeting)).await;

    assert_eq!(came.status, StatusCode::CREATED, "{}", came.body);
    assert_eq!((came.text("role"), came.text("admission")), of("guest"));
    assert_eq!(standing(&technician, &id).await["state"], "connected");
    is_on_record(&server, "support.joined").await;

    // Whoever comes second is told what somebody is told who guesses.
    let second = join(&nobody, &meeting, &by_link(&meeting)).await;
    assert_eq!(second.code(), "meeting_not_found");
    is_refused(&server, "support.code_refused", "spent").await;
    let wrong = json!({"display_name": "Cy"});
    let guessed = join(&nobody, &elsewhere(&meeting), &wrong).await;
    assert_eq!(guessed.body, second.body);
    let used = nobody.get(&code(&meeting)).await;
    let unknown = nobody.get(&code(&elsewhere(&meeting))).await;
    assert_eq!(used.code(), "support_not_found");
    assert_eq!(used.body, unknown.body);
    is_refused(&server, "support.code_refused", "no_such_code").await;
    server.stop().await;
}

// Shows: ABUSE-49.
#[tokio::test]
async fn colleagues_who_hold_support_help_along_and_others_do_not() {
    let (server, technician) = technician().await;
    let mut colleague = technician.invited(BO, "representative").await;
    colleague.set_up_program(&server).await;
    let member = technician.invited("cy@riverside.example", "member").await;
    let (_, meeting) = open(&technician).await;
    technician.come(&meeting, "Amy").await;
    Caller::nobody(&server).come(&meeting, "Di").await;

    let came = join(&colleague, &meeting, &by_link(&meeting)).await;
    let refused = join(&member, &meeting, &by_link(&meeting)).await;

    assert_eq!(came.status, StatusCode::CREATED, "{}", came.body);
    let expected = of("participant");
    assert_eq!((came.text("role"), came.text("admission")), expected);
    assert_eq!(refused.code(), "meeting_not_found");
    let joined = named(&server, "support.joined").await;
    let parts: Vec<_> = joined.iter().map(|entry| detail(entry, "part")).collect();
    assert_eq!(parts, ["customer", "colleague"]);
    // Nor does a member offer any.
    let body = json!({"invitation_verifier": verifier(b"proof")});
    let opened = member.send(Method::POST, SESSIONS, Some(body)).await;
    assert_eq!(opened.code(), "not_allowed");
    is_refused(&server, "support.opened", "role").await;
    assert_eq!(member.get(SESSIONS).await.code(), "not_allowed");
    server.stop().await;
}

// Shows: REQ-AC-26, ABUSE-49.
#[tokio::test]
async fn a_code_is_good_for_ten_minutes() {
    let (server, technician) = technician().await;
    let (id, meeting) = open(&technician).await;
    let nobody = Caller::nobody(&server);
    server.wait(TEN_MINUTES);

    let late = join(&nobody, &meeting, &by_link(&meeting)).await;

    assert_eq!(late.code(), "meeting_not_found");
    is_refused(&server, "support.code_refused", "expired").await;
    assert_eq!(
        nobody.get(&code(&meeting)).await.code(),
        "support_not_found"
    );
    assert_eq!(standing(&technician, &id).await["state"], "expired");
    // What nobody came to is over by itself, and its code is free.
    let server = server.restart().await;
    let ended = wait_for(&server, "support.ended").await;
    assert_eq!(detail(&ended, "cause"), "expired");
    server.stop().await;
}

#[tokio::test]
async fn whoever_typed_the_code_alone_is_helped_once_they_know_the_passcode() {
    let (server, technician) = technician().await;
    let (_, meeting) = open(&technician).await;
    let host = technician.come(&meeting, "Amy").await;
    let nobody = Caller::nobody(&server);
    let bo = nobody.knock(&meeting, "Bo").await;
    let cy = nobody.knock(&meeting, "Cy").await;
    let lobby = format!("/meetings/{}/lobby", meeting.id);
    let act = |whom: &Caller, act: &str| format!("{lobby}/{}/{act}", whom.participant);

    let unproven = host.post(&act(&bo, "admit")).await;
    assert_eq!(unproven.code(), "passcode_needed");
    let all = json!({"participants": [bo.participant, cy.participant]});
    let all = host
        .send(Method::POST, &format!("{lobby}/admit-all"), Some(all))
        .await;
    assert_eq!(all.code(), "not_allowed");
    for waiting in [&bo, &cy] {
        let vouched = host.post(&act(waiting, "vouch")).await;
        assert_eq!(vouched.status, StatusCode::OK, "{}", vouched.body);
    }
    let admitted = host.post(&act(&bo, "admit")).await;

    assert_eq!(admitted.status, StatusCode::OK, "{}", admitted.body);
    let joined = is_on_record(&server, "support.joined").await;
    assert_eq!(detail(&joined, "part"), "customer");
    let second = host.post(&act(&cy, "admit")).await;
    assert_eq!(second.code(), "support_code_over");
    is_refused(&server, "meeting.admit", "spent").await;
    server.stop().await;
}

// Shows: REQ-AU-07, REQ-AC-31.
#[tokio::test]
async fn what_the_customers_agent_lets_be_known_is_on_record_in_its_order() {
    let (server, technician) = technician().await;
    let (_, meeting) = open(&technician).await;
    let host = technician.come(&meeting, "Amy").await;
    let customer = Caller::nobody(&server).come(&meeting, "Bo").await;
    let path = format!("/meetings/{}/support/facts", meeting.id);
    let report = async |who: &Caller, facts: Value| {
        let body = json!({"facts": facts});
        who.send(Method::POST, &path, Some(body)).await
    };
    let before = server.entries().await.len();

    let told = facts_of_a_session();
    let facts: Vec<_> = told.iter().map(|(fact, _)| fact).collect();
    let reported = report(&customer, json!(facts)).await;

    assert_eq!(reported.status, StatusCode::NO_CONTENT, "{}", reported.body);
    let entries = server.entries().await.split_off(before);
    let names: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
    let expected: Vec<_> = told.iter().map(|(_, name)| *name).collect();
    assert_eq!(names, expected);
    for (entry, (fact, name)) in entries.iter().zip(&told) {
        let Actor::Participant { id, .. } = entry.actor else {
            panic!("whose fact is it?");
        };
        assert_eq!(id.to_string(), customer.participant);
        for member in ["capability", "dropped", "times", "size", "sha256"] {
            assert_eq!(detail(entry, member), fact[member], "{name}");
        }
    }
    let fact = || json!([{"fact": "local_override", "times": 2}]);
    assert_eq!(report(&host, fact()).await.code(), "not_allowed");
    for wrong in [json!([]), json!([{"fact": "typed", "text": "hunter2"}])] {
        let refused = report(&customer, wrong).await;
        assert_eq!(refused.code(), "malformed_request");
    }
    let ordinary = technician.make_meeting().await;
    let guest = Caller::nobody(&server).come(&ordinary, "Cy").await;
    for what in ["facts", "feedback"] {
        let path = format!("/meetings/{}/support/{what}", ordinary.id);
        let body = match what {
            "facts" => json!({"facts": fact()}),
            _ => json!({}),
        };
        let none = guest.send(Method::POST, &path, Some(body)).await;
        assert_eq!(none.code(), "support_not_found", "{what}");
    }
    server.stop().await;
}

/// Everything that an agent may let be known of a session, and what it is called on record.
fn facts_of_a_session() -> Vec<(Value, &'static str)> {
    vec![
        (
            json!({"fact": "permitted", "capability": "view"}),
            "support.permitted",
        ),
        (
            json!({"fact": "refused", "capability": "file_in"}),
            "support.refused",
        ),
        (
            json!({"fact": "unanswered", "capability": "diagnostics"}),
            "support.unanswered",
        ),
        (json!({"fact": "control_began"}), "support.control_began"),
        (
            json!({"fact": "local_override", "times": 2}),
            "support.local_override",
        ),
        (
            json!({"fact": "control_ended", "injected": 12, "dropped": 1}),
            "support.control_ended",
        ),
        (
            json!({"fact": "input_without_control"}),
            "support.input_without_control",
        ),
        (
            json!({"fact": "withdrawn", "capability": "control"}),
            "support.withdrawn",
        ),
        (
            json!({"fact": "file_kept", "size": 7, "sha256": SHA256}),
            "support.file_kept",
        ),
        (
            json!({"fact": "file_sent", "size": 9, "sha256": SHA256}),
            "support.file_sent",
        ),
        (json!({"fact": "file_failed"}), "support.file_failed"),
        (
            json!({"fact": "diagnostics_sent"}),
            "support.diagnostics_sent",
        ),
        (
            json!({"fact": "watcher_admitted"}),
            "support.watcher_admitted",
        ),
        (json!({"fact": "handed_over"}), "support.handed_over"),
        (
            json!({"fact": "not_raised", "why": "wrong"}),
            "support.not_raised",
        ),
        (json!({"fact": "raised"}), "support.raised"),
        (json!({"fact": "lowered"}), "support.lowered"),
        (
            json!({"fact": "restart_refused"}),
            "support.restart_refused",
        ),
        (json!({"fact": "restarting"}), "support.restarting"),
        (
            json!({"fact": "ended", "reason": "restarting"}),
            "support.agent_ended",
        ),
        (json!({"fact": "came_back"}), "support.came_back"),
    ]
}

// Shows: REQ-AC-08, REQ-RS-07, REQ-RS-09, REQ-AU-07.
#[tokio::test]
async fn a_technician_ends_a_session_for_both_and_feedback_is_heard_once_within_an_hour() {
    let (server, technician) = technician().await;
    let (id, meeting) = open(&technician).await;
    let host = technician.come(&meeting, "Amy").await;
    let customer = Caller::nobody(&server).come(&meeting, "Bo").await;
    let mut theirs = Channel::open(&server, &meeting, &customer, None).await;
    theirs.next().await;
    let end = format!("{SESSIONS}/{id}/end");
    let say = format!("/meetings/{}/support/feedback", meeting.id);
    let feedback = async |who: &Caller, body: Value| who.send(Method::POST, &say, Some(body)).await;

    let ended = technician.post(&end).await;

    assert_eq!(ended.status, StatusCode::OK, "{}", ended.body);
    assert_eq!(
        theirs.event("meeting_ended").await["event"]["cause"],
        "host"
    );
    let over = is_on_record(&server, "support.ended").await;
    assert_eq!(detail(&over, "cause"), "host");
    assert_eq!(detail(&over, "was_connected"), true);
    let state = standing(&technician, &id).await;
    assert_eq!(state["state"], "ended");
    assert_eq!(state["was_connected"], true);
    let again = technician.post(&end).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    assert_eq!(named(&server, "support.ended").await.len(), 1);

    let said = feedback(&customer, json!({"solved": true, "rating": 5})).await;
    assert_eq!(said.status, StatusCode::NO_CONTENT, "{}", said.body);
    is_on_record(&server, "support.feedback").await;
    // Of the time before this moment.
    server.wait(A_SECOND);
    let report = technician.get("/admin/reports/support").await;
    let row = &report.body["rows"][0];
    assert_eq!(row[0], "Amy Weatherwax", "{}", report.body);
    assert_eq!((&row[2], &row[5]), (&json!("was_helped"), &json!("solved")));
    assert_eq!(row[6], 5);
    let work = technician.get("/admin/reports/representatives").await;
    assert_eq!(work.body["rows"][0][9], 1, "{}", work.body);
    let twice = feedback(&customer, json!({"solved": false})).await;
    assert_eq!(twice.code(), "feedback_given");
    assert_eq!(feedback(&host, json!({})).await.code(), "not_allowed");
    let beyond = feedback(&customer, json!({"rating": 6})).await;
    assert_eq!(beyond.code(), "malformed_request");
    server.wait(AN_HOUR);
    let fact = json!({"facts": [{"fact": "handed_over"}]});
    let path = format!("/meetings/{}/support/facts", meeting.id);
    let late = customer.send(Method::POST, &path, Some(fact)).await;
    assert_eq!(late.code(), "support_over");
    server.stop().await;
}

// Shows: REQ-RS-07.
#[tokio::test]
async fn an_organisation_asks_questions_of_its_own_and_their_ratings_are_in_the_report() {
    let (server, technician) = technician().await;
    let asked = json!([
        {"kind": "rating", "text": "How quick was it?"},
        {"kind": "text", "text": "What was it about?"}
    ]);
    let path = "/support/questions";
    let body = json!({"questions": asked});
    let set = technician.send(Method::PUT, path, Some(body)).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", set.body);
    let changed = is_on_record(&server, "support.questions").await;
    assert_eq!(detail(&changed, "questions"), 2);
    assert_eq!(technician.get(path).await.body["questions"], asked);
    let (id, meeting) = open(&technician).await;
    technician.come(&meeting, "Amy").await;
    let customer = Caller::nobody(&server).come(&meeting, "Bo").await;
    let terms = format!("/meetings/{}/support/terms", meeting.id);
    assert_eq!(customer.get(&terms).await.body["questions"], asked);
    // Whoever reads these questions on their screen is asked them, whatever others are asked meanwhile.
    let other = json!({"questions": [{"kind": "rating", "text": "How kind was it?"}]});
    let set = technician.send(Method::PUT, path, Some(other)).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", set.body);
    let end = format!("{SESSIONS}/{id}/end");
    assert_eq!(technician.post(&end).await.status, StatusCode::OK);
    let say = format!("/meetings/{}/support/feedback", meeting.id);

    let words = json!({"answers": [{"question": "What was it about?", "said": "A printer"}]});
    let in_clear = customer.send(Method::POST, &say, Some(words)).await;
    let ratings = json!({"answers": [
        {"question": "How quick was it?", "rating": 4},
        {"question": "What was it about?", "rating": 1},
        {"question": "Nobody asks this.", "rating": 1}
    ]});
    let said = customer.send(Method::POST, &say, Some(ratings)).await;

    assert_eq!(in_clear.code(), "malformed_request");
    assert_eq!(said.status, StatusCode::NO_CONTENT, "{}", said.body);
    server.wait(A_SECOND);
    let report = technician.get("/admin/reports/support").await;
    let row = &report.body["rows"][0];
    assert_eq!(row[9], "How quick was it? 4", "{}", report.body);
    for wrong in [json!([]), json!([{"kind": "smile", "text": "How?"}])] {
        let wrong = json!({"questions": wrong});
        let refused = technician.send(Method::PUT, path, Some(wrong)).await;
        assert_eq!(refused.code(), "malformed_request");
    }
    server.stop().await;
}

// Shows: REQ-AC-08.
#[tokio::test]
async fn who_looks_after_meetings_sees_a_session_there_and_ends_it_and_no_page_of_hosts_lists_it() {
    let (server, owner) = technician().await;
    let mut bo = owner.invited(BO, "representative").await;
    bo.set_up_program(&server).await;
    let member = owner.invited("cy@riverside.example", "member").await;
    let (id, meeting) = open(&bo).await;
    bo.come(&meeting, "Bo").await;

    let live = owner.get("/admin/meetings").await.body;
    assert_eq!(live["meetings"][0]["id"], meeting.id, "{live}");
    assert_eq!(bo.get("/meetings").await.body["meetings"], json!([]));
    let end = format!("{SESSIONS}/{id}/end");
    assert_eq!(member.post(&end).await.code(), "support_not_found");
    is_refused(&server, "support.ended", "role").await;

    let ended = owner.post(&format!("/meetings/{}/end", meeting.id)).await;

    assert_eq!(ended.status, StatusCode::OK, "{}", ended.body);
    let over = is_on_record(&server, "support.ended").await;
    assert_eq!(detail(&over, "cause"), "administrator");
    assert_eq!(detail(&over, "was_connected"), false);
    assert_eq!(standing(&bo, &id).await["state"], "ended");
    // So does a technician who was left alone until the code was over, as often as they like.
    let (alone, meeting) = open(&owner).await;
    owner.come(&meeting, "Amy").await;
    server.wait(TEN_MINUTES);
    for _ in 0..2 {
        let ended = owner.post(&format!("{SESSIONS}/{alone}/end")).await;
        assert_eq!(ended.status, StatusCode::OK, "{}", ended.body);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_technician_who_is_suspended_helps_nobody_any_more() {
    let (server, owner) = technician().await;
    let mut bo = owner.invited(BO, "representative").await;
    bo.set_up_program(&server).await;
    let (_, live) = open(&bo).await;
    let (_, waiting) = open(&bo).await;
    bo.come(&live, "Bo").await;
    Caller::nobody(&server).come(&live, "Cy").await;

    let suspended = owner.change(bo.account().await, "suspend").await;

    assert_eq!(suspended.status, StatusCode::NO_CONTENT);
    let over = wait_for(&server, "support.ended").await;
    assert_eq!(detail(&over, "cause"), "administrator");
    assert_eq!(detail(&over, "was_connected"), true);
    let nobody = Caller::nobody(&server);
    assert_eq!(
        nobody.get(&code(&waiting)).await.code(),
        "support_not_found"
    );
    let came = join(&nobody, &waiting, &by_link(&waiting)).await;
    assert_eq!(came.code(), "meeting_not_found");
    server.stop().await;
}

#[tokio::test]
async fn nobody_hosts_beside_a_technician() {
    let (server, technician) = technician().await;
    let (_, meeting) = open(&technician).await;
    let host = technician.come(&meeting, "Amy").await;
    let customer = Caller::nobody(&server).come(&meeting, "Bo").await;

    let path = format!(
        "/meetings/{}/participants/{}/make-co-host",
        meeting.id, customer.participant
    );
    assert_eq!(host.post(&path).await.code(), "switched_off");
    server.stop().await;
}

// Shows: REQ-AC-22, ABUSE-54.
#[tokio::test]
async fn a_technicians_group_says_how_large_and_how_many_files_may_be() {
    let (server, technician) = technician().await;
    let ward = json!({"name": "Service desk"});
    let made = technician.send(Method::POST, "/groups", Some(ward)).await;
    let group = made.text("id");
    let account = technician.account().await;
    let member = format!("/groups/{group}/members/{account}");
    let added = technician.send(Method::PUT, &member, None).await;
    assert_eq!(added.status, StatusCode::NO_CONTENT, "{}", added.body);
    let (_, meeting) = open(&technician).await;
    technician.come(&meeting, "Amy").await;
    let customer = Caller::nobody(&server).come(&meeting, "Bo").await;
    let terms = format!("/meetings/{}/support/terms", meeting.id);
    let limit = async || customer.get(&terms).await.body["file_limit"].clone();
    let most = json!({"largest": 100 << 20, "most": 20, "programs": false});
    assert_eq!(limit().await, most);

    let less = json!({
        "support_file_mebibytes": {"value": 5},
        "support_file_count": {"value": 2}
    });
    set(&technician, &format!("groups/{group}"), less).await;

    let expected = json!({"largest": 5 << 20, "most": 2, "programs": false});
    assert_eq!(limit().await, expected);
    let path = "/policies/organisation";
    let read = technician.get(path).await;
    let more = json!({
        "revision": read.body["revision"],
        "settings": {"support_file_mebibytes": {"value": 101}}
    });
    let refused = technician.send(Method::PUT, path, Some(more)).await;
    assert!(refused.status.is_client_error(), "{}", refused.body);
    server.stop().await;
}

// Shows: REQ-AC-22.
#[tokio::test]
async fn what_policy_takes_away_holds_at_once_and_messages_are_none_of_it() {
    let (server, technician) = technician().await;
    let (_, meeting) = open(&technician).await;
    let (_, unused) = open(&technician).await;
    technician.come(&meeting, "Amy").await;
    let customer = Caller::nobody(&server).come(&meeting, "Bo").await;
    let terms = format!("/meetings/{}/support/terms", meeting.id);
    let permitted = async || customer.get(&terms).await.body["permitted"].clone();
    let may = async || permitted().await.as_array().unwrap().len();
    assert_eq!(permitted().await[0], "view");
    let before = may().await;

    let less = json!({
        "support_control": {"value": false},
        "messages": {"value": false},
        "screen_sharing": {"value": false}
    });
    set(&technician, "organisation", less).await;

    assert_eq!(may().await, before - 1);
    let ticket = ticket(&meeting, &customer).await;
    let mut socket = connect(&server, &ticket).await;
    let Said::Join(joined) = first_message(&mut socket).await else {
        panic!("the first message is the join");
    };
    let permission = joined.participant.unwrap().permission.unwrap();
    assert!(permission.can_publish_data);
    assert_eq!(permission.can_publish_sources, [3]);
    assert!(shows(&mut socket, TrackSource::ScreenShare).await);

    let off = json!({"support": {"value": false}});
    set(&technician, "organisation", off).await;

    assert_eq!(may().await, 0);
    // Also what is shown from a browser, at once.
    until_taken_off(&mut socket).await;
    assert!(!shows(&mut socket, TrackSource::ScreenShare).await);
    let body = json!({"invitation_verifier": verifier(b"proof")});
    let opened = technician.send(Method::POST, SESSIONS, Some(body)).await;
    assert_eq!(opened.code(), "switched_off");
    is_refused(&server, "support.opened", "switched_off").await;
    let nobody = Caller::nobody(&server);
    assert_eq!(nobody.get(&code(&unused)).await.code(), "support_not_found");
    let came = join(&nobody, &unused, &by_link(&unused)).await;
    assert_eq!(came.code(), "meeting_not_found");
    is_refused(&server, "support.code_refused", "switched_off").await;
    let own = join(&technician, &unused, &by_link(&unused)).await;
    assert_eq!(own.code(), "meeting_not_found");
    server.stop().await;
}

// Shows: REQ-AC-04, ABUSE-01, ABUSE-49.
#[tokio::test]
async fn guessing_codes_of_sessions_is_slowed_down_together_with_those_of_meetings() {
    let (server, technician) = technician_at(Server::executable().await).await;
    let (_, meeting) = open(&technician).await;
    let nobody = Caller::nobody(&server);
    let mut codes = Vec::new();
    for number in 0..15 {
        let path = format!("/support/codes/{number:09}");
        codes.push(nobody.get(&path).await.code());
        let path = format!("/meetings/{number:09}/join");
        let body = json!({"display_name": "Bo"});
        codes.push(nobody.send(Method::POST, &path, Some(body)).await.code());
    }

    assert_eq!(codes[..2], ["support_not_found", "meeting_not_found"]);
    assert_eq!(codes[28..], ["too_many_attempts", "too_many_attempts"]);
    // Whoever guesses learns nothing of the right one either; whoever holds the link passes.
    let guessed = nobody.get(&code(&meeting)).await;
    assert_eq!(guessed.code(), "too_many_attempts");
    let came = join(&nobody, &meeting, &by_link(&meeting)).await;
    assert_eq!(came.status, StatusCode::CREATED, "{}", came.body);
    server.stop().await;
}

#[tokio::test]
async fn a_session_is_opened_once_for_one_key_and_not_without_bound() {
    let (server, technician) = technician().await;
    let send = async || {
        let body = json!({"invitation_verifier": verifier(b"proof")});
        let request = technician.request(Method::POST, SESSIONS).json(&body);
        let (client, request) = request.build_split();
        let mut request = request.unwrap();
        let key = "7b3c1f0e-0c53-4a1b-9a66-2f2f3f4f5f6f".parse().unwrap();
        request.headers_mut().insert("idempotency-key", key);
        Answer::read(client.execute(request).await.unwrap()).await
    };

    let (first, again) = (send().await, send().await);

    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(first.text("id"), again.text("id"));
    for _ in 1..20 {
        open(&technician).await;
    }
    let body = json!({"invitation_verifier": verifier(b"proof")});
    let beyond = technician.send(Method::POST, SESSIONS, Some(body)).await;
    assert_eq!(beyond.code(), "too_many_support");
    let short = json!({"invitation_verifier": "AAAA"});
    let short = technician.send(Method::POST, SESSIONS, Some(short)).await;
    assert_eq!(short.code(), "invitation_verifier_invalid");
    server.stop().await;
}

const SESSIONS: &str = "/support/sessions";

async fn technician() -> (Server, Caller) {
    technician_at(Server::start().await).await
}

async fn technician_at(server: Server) -> (Server, Caller) {
    let owner = Caller::owner(&server).await;
    (server, owner)
}

/// A session, and its meeting with the secret of the link.
pub(crate) async fn open(technician: &Caller) -> (String, Made) {
    let proof: [u8; 32] = rand::random();
    let body = json!({"invitation_verifier": verifier(&proof)});
    let opened = technician.send(Method::POST, SESSIONS, Some(body)).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    let made = Made {
        id: opened.text("meeting"),
        code: opened.text("code"),
        proof: URL_SAFE_NO_PAD.encode(proof),
    };
    (opened.text("id"), made)
}

/// One with another code, which is nobody's.
fn elsewhere(meeting: &Made) -> Made {
    let digits: String = meeting.code.chars().filter(char::is_ascii_digit).collect();
    let other = (digits.parse::<u32>().unwrap() + 1) % 1_000_000_000;
    Made {
        code: format!("{other:09}"),
        ..meeting.clone()
    }
}

fn code(meeting: &Made) -> String {
    format!("/support/codes/{}", meeting.code)
}

fn by_link(meeting: &Made) -> Value {
    json!({"display_name": "Cy", "invitation_proof": meeting.proof})
}

async fn join(who: &Caller, meeting: &Made, body: &Value) -> Answer {
    let path = format!("/meetings/{}/join", meeting.code);
    who.send(Method::POST, &path, Some(body.clone())).await
}

fn of(role: &str) -> (String, String) {
    (role.to_owned(), "admitted".to_owned())
}

/// How far its technician sees a session.
async fn standing(technician: &Caller, id: &str) -> Value {
    let listed = technician.get(SESSIONS).await;
    assert_eq!(listed.status, StatusCode::OK, "{}", listed.body);
    let sessions = listed.body["sessions"].as_array().unwrap();
    let session = sessions.iter().find(|session| session["id"] == id);
    session.unwrap()["state"].clone()
}

async fn until_taken_off(socket: &mut Socket) {
    let told = async { while !matches!(first_message(socket).await, Said::TrackUnpublished(_)) {} };
    tokio::time::timeout(A_SECOND, told).await.unwrap();
}

async fn named(server: &Server, name: &str) -> Vec<Entry> {
    let mut entries = server.entries().await;
    entries.retain(|entry| entry.event.name() == name);
    entries
}

/// The last of this name, which was done.
async fn is_on_record(server: &Server, name: &str) -> Entry {
    let entry = named(server, name).await.pop().unwrap();
    assert!(entry.outcome == Outcome::Done, "{name}");
    entry
}

async fn is_refused(server: &Server, name: &str, reason: &str) {
    let entry = named(server, name).await.pop().unwrap();
    assert!(entry.outcome == Outcome::Refused, "{name}");
    assert_eq!(entry.reason.unwrap().as_str(), reason);
}

/// As soon as it is on record.
pub(crate) async fn wait_for(server: &Server, name: &str) -> Entry {
    let recorded = async {
        loop {
            if let Some(entry) = named(server, name).await.pop() {
                return entry;
            }
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, recorded).await.unwrap()
}

fn detail(entry: &Entry, member: &str) -> Value {
    let event = serde_json::to_value(&entry.event).unwrap();
    event["detail"][member].clone()
}
