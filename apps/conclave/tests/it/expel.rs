//! A host puts somebody out, or turns them away: they are gone at once, and nobody comes in by what they know.

use std::time::{Duration, Instant};

use conclave::Clock;
use conclave_audit::Code;
use futures_util::StreamExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;

use crate::access::make_co_host;
use crate::caller::{Caller, Made};
use crate::channel::{Channel, open_meeting_at};
use crate::encryption::enter;
use crate::server_in_a_box::Server;
use crate::tickets::{connect, refreshed, ticket};

// Shows: REQ-AC-07, ABUSE-19.
#[tokio::test]
async fn somebody_who_is_put_out_is_gone_at_once_and_not_back_by_themselves() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let mut media = enter(&server, &meeting, &guest).await;
    let mut theirs = Channel::open(&server, &meeting, &guest, None).await;
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    assert_eq!(hosts.next().await["meeting"]["link_admits"], true);

    let asked = Instant::now();
    let put_out = host.post(&expel(&meeting, &guest)).await;
    let ends = async { while let Some(Ok(_)) = media.next().await {} };
    tokio::time::timeout(PATIENCE, ends).await.unwrap();
    let took = asked.elapsed();

    assert_eq!(put_out.status, StatusCode::OK, "{}", put_out.body);
    assert!(took < Duration::from_millis(500), "{took:?}");
    let told = theirs.event("admission").await;
    assert_eq!(told["event"]["admission"], "expelled");
    assert_eq!(theirs.said_goodbye().await, "expelled");
    let changed = hosts.event("meeting_changed").await;
    assert_eq!(changed["event"]["meeting"]["link_admits"], false);
    let left = hosts.event("roster_left").await;
    assert_eq!(left["event"]["participant"], guest.participant);
    let ticket = format!("/meetings/{}/ticket", meeting.id);
    assert_eq!(guest.post(&ticket).await.code(), "not_admitted");
    let again = Channel::open(&server, &meeting, &guest, None).await;
    assert_eq!(again.said_goodbye().await, "expelled");
    server.stop().await;
}

// Shows: ABUSE-19.
#[tokio::test]
async fn after_a_refusal_the_link_lets_nobody_straight_in() {
    for refusal in ["lobby deny", "participants expel"] {
        let server = Server::executable().await;
        let owner = Caller::owner(&server).await;
        let meeting = owner.make_meeting().await;
        let host = owner.come(&meeting, "Amy").await;
        let nobody = Caller::nobody(&server);
        let stays = nobody.come(&meeting, "Cy").await;
        let (kind, act) = refusal.split_once(' ').unwrap();
        let refused = match act {
            "deny" => nobody.knock(&meeting, "Bo").await,
            _ => nobody.come(&meeting, "Bo").await,
        };
        let path = format!(
            "/meetings/{}/{kind}/{}/{act}",
            meeting.id, refused.participant
        );
        assert_eq!(host.post(&path).await.status, StatusCode::OK);

        assert_eq!(standing(&nobody, &meeting).await, "waiting");
        assert_eq!(standing(&owner, &meeting).await, "admitted");
        let back = Channel::open(&server, &meeting, &stays, None).await;
        back.welcomed().await;
        let server = server.restart().await;
        let nobody = Caller::nobody(&server);
        assert_eq!(standing(&nobody, &meeting).await, "waiting");
        server.stop().await;
    }
}

// Shows: REQ-AC-07, ABUSE-19.
#[tokio::test]
async fn no_ticket_that_they_hold_brings_somebody_back_who_was_put_out() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let mut media = connect(&server, &ticket(&meeting, &guest).await).await;
    let resume = refreshed(&mut media).await;
    // Of a second tab: its channel, and a ticket that nobody has shown.
    let tab = Channel::open(&server, &meeting, &guest, None).await;
    let tab = tab.welcomed().await;
    let unspent = ticket(&meeting, &guest).await;

    assert_eq!(host.post(&expel(&meeting, &guest)).await.code(), "");

    assert_eq!(tab.said_goodbye().await, "expelled");
    for shown in [
        format!("access_token={unspent}"),
        format!("access_token={resume}"),
        format!("reconnect=1&access_token={resume}"),
    ] {
        assert_eq!(upgraded(&server, &shown).await, StatusCode::UNAUTHORIZED);
    }
    let entries = server.entries().await;
    let refused = entries
        .iter()
        .filter(|entry| entry.event.name() == "meeting.connect")
        .filter_map(|entry| entry.reason.as_ref().map(Code::as_str));
    assert_eq!(refused.collect::<Vec<_>>(), ["not_admitted"; 3]);
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    let welcome = hosts.welcome().await;
    assert_eq!(welcome["roster"].as_array().unwrap().len(), 1);
    server.stop().await;
}

// Shows: REQ-AC-07, ABUSE-19.
#[tokio::test]
async fn whose_account_was_put_out_waits_from_whatever_browser_they_come() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let (bea, elsewhere) = in_two_browsers(&server, &host).await;
    let inside = bea.come(&meeting, "Bea").await;

    assert_eq!(host.post(&expel(&meeting, &inside)).await.code(), "");

    for browser in [&bea, &elsewhere] {
        let waits = browser.come(&meeting, "Bea").await;
        let path = format!("/meetings/{}/ticket", meeting.id);
        assert_eq!(waits.post(&path).await.code(), "not_admitted");
        let mut theirs = Channel::open(&server, &meeting, &waits, None).await;
        assert_eq!(theirs.welcome().await["admission"], "waiting");
    }
    server.stop().await;
}

// Shows: REQ-AC-07, ABUSE-19.
#[tokio::test]
async fn whoever_came_twice_with_one_account_is_put_out_of_both_places() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let (bea, elsewhere) = in_two_browsers(&server, &host).await;
    let first = bea.come(&meeting, "Bea").await;
    let second = elsewhere.come(&meeting, "Bea").await;
    let third = elsewhere.knock(&meeting, "Bea").await;
    let stays = Caller::nobody(&server).come(&meeting, "Bo").await;
    let mut media = [
        enter(&server, &meeting, &first).await,
        enter(&server, &meeting, &second).await,
    ];
    let mut channels = Vec::new();
    for place in [&first, &second, &third] {
        let channel = Channel::open(&server, &meeting, place, None).await;
        channels.push(channel.welcomed().await);
    }
    let before = server.entries().await.len();

    assert_eq!(host.post(&expel(&meeting, &first)).await.code(), "");

    for (channel, bye) in channels.into_iter().zip(["expelled", "expelled", "denied"]) {
        assert_eq!(channel.said_goodbye().await, bye);
    }
    for socket in &mut media {
        let ends = async { while let Some(Ok(_)) = socket.next().await {} };
        tokio::time::timeout(PATIENCE, ends).await.unwrap();
    }
    let entries = server.entries().await.split_off(before);
    let told = |event: &str, of: &Caller| {
        let mut told = entries.iter().filter(|entry| {
            let about = serde_json::to_value(&entry.event).unwrap().to_string();
            entry.event.name() == event && about.contains(&of.participant)
        });
        let entry = told.next().unwrap();
        assert!(told.next().is_none());
        (entry.reason.as_ref().map(Code::as_str), entry.req_id)
    };
    let (reason, request) = told("meeting.expel", &first);
    assert!(reason.is_none() && request.is_some());
    let same_account = (Some("same_account"), request);
    assert_eq!(told("meeting.expel", &second), same_account);
    assert_eq!(told("meeting.deny", &third), same_account);
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    let roster = hosts.welcome().await["roster"].take();
    assert_eq!(roster.as_array().unwrap().len(), 2);
    assert!(roster.to_string().contains(&stays.participant));
    server.stop().await;
}

// Shows: ABUSE-19, ABUSE-62.
#[tokio::test]
async fn every_place_is_on_record_once_also_where_nothing_could_be_written_until_the_end() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let (bea, elsewhere) = in_two_browsers(&server, &host).await;
    let first = bea.come(&meeting, "Bea").await;
    elsewhere.come(&meeting, "Bea").await;
    elsewhere.knock(&meeting, "Bea").await;
    let blockade = server.block_writes().await;

    assert_eq!(host.post(&expel(&meeting, &first)).await.code(), "");

    let directory = server.stop_and_leave().await;
    drop(blockade);
    let server = Server::start_again(directory, Clock::default()).await;
    let entries = server.entries().await.into_iter();
    let told = entries.filter(|entry| {
        let name = entry.event.name();
        name == "meeting.expel" || name == "meeting.deny"
    });
    let told: Vec<_> = told
        .map(|entry| (entry.event.name(), entry.reason, entry.spooled))
        .collect();
    let same_account = Some(Code::new("same_account"));
    assert_eq!(
        told,
        [
            ("meeting.expel", None, true),
            ("meeting.expel", same_account.clone(), true),
            ("meeting.deny", same_account, true),
        ]
    );
    server.stop().await;
}

// Shows: REQ-AC-12, ABUSE-19.
#[tokio::test]
async fn a_co_host_puts_their_own_other_place_out_and_stays() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let (bea, elsewhere) = in_two_browsers(&server, &host).await;
    let leads = bea.come(&meeting, "Bea").await;
    let other = elsewhere.come(&meeting, "Bea").await;
    make_co_host(&meeting, &host, &leads).await;
    let theirs = Channel::open(&server, &meeting, &other, None).await;
    let theirs = theirs.welcomed().await;

    assert_eq!(leads.post(&expel(&meeting, &other)).await.code(), "");

    assert_eq!(theirs.said_goodbye().await, "expelled");
    let lock = format!("/meetings/{}/lock", meeting.id);
    assert_eq!(leads.post(&lock).await.code(), "");
    server.stop().await;
}

// Shows: ABUSE-19.
#[tokio::test]
async fn whoever_waits_twice_is_turned_away_twice_and_stays_where_they_were_let_in() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let (bea, elsewhere) = in_two_browsers(&server, &host).await;
    let inside = bea.come(&meeting, "Bea").await;
    let waits = [
        bea.knock(&meeting, "Bea").await,
        elsewhere.knock(&meeting, "Bea").await,
    ];
    let mut channels = Vec::new();
    for place in &waits {
        let channel = Channel::open(&server, &meeting, place, None).await;
        channels.push(channel.welcomed().await);
    }

    let deny = format!(
        "/meetings/{}/lobby/{}/deny",
        meeting.id, waits[0].participant
    );
    assert_eq!(host.post(&deny).await.code(), "");

    for channel in channels {
        assert_eq!(channel.said_goodbye().await, "denied");
    }
    ticket(&meeting, &inside).await;
    server.stop().await;
}

#[tokio::test]
async fn only_who_is_in_and_no_host_is_put_out() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let other = owner.come(&meeting, "Amy elsewhere").await;
    let nobody = Caller::nobody(&server);
    let guest = nobody.come(&meeting, "Bo").await;
    let waiting = nobody.knock(&meeting, "Cy").await;

    for (who, whom, code) in [
        (&host, &other, "not_allowed"),
        (&host, &host, "not_allowed"),
        (&guest, &guest, "not_allowed"),
        (&host, &waiting, "participant_not_inside"),
        (&host, &guest, ""),
        (&host, &guest, "participant_not_inside"),
    ] {
        assert_eq!(who.post(&expel(&meeting, whom)).await.code(), code);
    }
    server.stop().await;
}

const PATIENCE: Duration = Duration::from_secs(20);
const BEA: &str = "bea@riverside.example";

/// Somebody of the organisation, signed in twice.
async fn in_two_browsers(server: &Server, owner: &Caller) -> (Caller, Caller) {
    let bea = owner.invited(BEA, "member").await;
    let elsewhere = Caller::sign_in_as(server, BEA).await;
    assert_ne!(elsewhere.cookie, bea.cookie);
    (bea, elsewhere)
}

fn expel(meeting: &Made, whom: &Caller) -> String {
    format!(
        "/meetings/{}/participants/{}/expel",
        meeting.id, whom.participant
    )
}

/// What somebody is told who wants to be in by a ticket.
async fn upgraded(server: &Server, query: &str) -> StatusCode {
    let url = format!("{}/rtc?protocol=17&{query}", server.socket_url());
    match tokio_tungstenite::connect_async(url).await {
        Err(tungstenite::Error::Http(response)) => response.status(),
        other => panic!("not refused: {:?}", other.map(|_| ())),
    }
}

/// Where somebody stands who comes with the link.
async fn standing(caller: &Caller, meeting: &Made) -> Value {
    let body = json!({"display_name": "Somebody", "invitation_proof": meeting.proof});
    let path = format!("/meetings/{}/join", meeting.code);
    let mut answer = caller.send(Method::POST, &path, Some(body)).await;
    answer.body["admission"].take()
}
