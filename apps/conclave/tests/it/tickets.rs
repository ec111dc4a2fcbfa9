//! Tickets at LiveKit's door: for one join, for one minute, for as long as the store agrees.

use std::num::NonZeroU32;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_audit::{Actor, Outcome};
use futures_util::{Stream, StreamExt};
use livekit_protocol as proto;
use prost::Message;
use reqwest::{Client, Method, StatusCode, header};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::ClientRequestBuilder;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite};

use crate::caller::{Answer, Caller, Made};
use crate::livekit::token;
use crate::server_in_a_box::Server;

#[tokio::test]
async fn looking_at_a_ticket_does_not_spend_it() {
    let (server, meeting, host) = live_meeting().await;
    let ticket = ticket(&meeting, &host).await;

    for _ in 0..2 {
        assert_eq!(validate(&server, &ticket).await, StatusCode::OK);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_ticket_is_good_for_a_minute() {
    let (server, meeting, host) = live_meeting().await;
    let ticket = ticket(&meeting, &host).await;

    server.wait(Duration::from_secs(61));

    assert_eq!(validate(&server, &ticket).await, StatusCode::UNAUTHORIZED);
    server.stop().await;
}

// Shows: ABUSE-21.
#[tokio::test]
async fn a_ticket_is_good_for_one_join() {
    let (server, meeting, host) = live_meeting_at(Server::executable().await).await;
    let ticket = ticket(&meeting, &host).await;
    let url = format!(
        "{}/rtc?protocol=17&access_token={ticket}",
        server.socket_url()
    );

    let (mut socket, _) = tokio_tungstenite::connect_async(&url).await.unwrap();
    assert!(socket.next().await.is_some_and(|join| join.is_ok()));

    assert_eq!(validate(&server, &ticket).await, StatusCode::UNAUTHORIZED);
    assert!(tokio_tungstenite::connect_async(&url).await.is_err());
    // The join, the question and the second join.
    let connects = outcomes_of_connects(&server).await;
    assert_eq!(
        connects,
        [Outcome::Done, Outcome::Refused, Outcome::Refused]
    );
    server.stop().await;
}

// Shows: ABUSE-21.
#[tokio::test]
async fn a_ticket_that_a_page_asked_for_is_good_in_its_browser_alone() {
    let (server, meeting, _host) = live_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let path = format!("/meetings/{}/join", meeting.code);
    let body = json!({"display_name": "Bo", "invitation_proof": meeting.proof});
    let joined = nobody.send(Method::POST, &path, Some(body)).await;
    let kept = joined.headers[header::SET_COOKIE].to_str().unwrap();
    let (cookie, how) = kept.split_once(';').unwrap();
    assert!(cookie.starts_with("__Host-conclave-browser="), "{cookie}");
    assert!(how.contains("HttpOnly"), "{how}");
    let guest = Caller {
        credential: Some(joined.text("credential")),
        ..nobody
    };
    let path = format!("/meetings/{}/ticket", meeting.id);
    let asked = guest.request(Method::POST, &path);
    let asked = asked.header(header::COOKIE, cookie).send().await.unwrap();
    let ticket = Answer::read(asked).await.text("ticket");
    let another = format!("__Host-conclave-browser={}", "x".repeat(43));

    for thief in [None, Some(another.as_str())] {
        let shown = shown_in(&server, &ticket, thief).await;
        assert_eq!(shown, StatusCode::UNAUTHORIZED);
    }

    // Whose it is has lost nothing by it, and goes on in the same browser.
    let mut socket = connect_in(&server, &ticket, cookie).await;
    let resume = refreshed(&mut socket).await;
    let own = shown_in(&server, &resume, Some(cookie)).await;
    assert_eq!(own, StatusCode::OK);
    let stolen = shown_in(&server, &resume, None).await;
    assert_eq!(stolen, StatusCode::UNAUTHORIZED);
    let entries = server.entries().await.into_iter();
    let reasons = entries.filter(|entry| entry.event.name() == "meeting.connect");
    let reasons = reasons.filter_map(|entry| entry.reason);
    let reasons: Vec<_> = reasons.map(|reason| reason.as_str().to_owned()).collect();
    assert_eq!(reasons, ["other_browser"; 3]);
    server.stop().await;
}

#[tokio::test]
async fn a_program_is_given_no_cookie_and_its_ticket_is_good_anywhere() {
    let (server, meeting, host) = live_meeting().await;
    let url = format!("{}/api/v1/meetings/{}/ticket", server.url(), meeting.id);
    let credential = host.credential.as_deref().unwrap();

    let asked = Client::new().post(url).bearer_auth(credential).send();
    let answer = Answer::read(asked.await.unwrap()).await;

    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    let ticket = answer.text("ticket");
    assert_eq!(validate(&server, &ticket).await, StatusCode::OK);
    server.stop().await;
}

// Shows: ABUSE-21.
#[tokio::test]
async fn of_two_joins_at_once_with_one_ticket_one_is_refused_and_on_record() {
    let (server, meeting, host) = live_meeting_at(Server::executable().await).await;
    let ticket = ticket(&meeting, &host).await;
    let blockade = server.block_writes().await;
    let (mut one, mut other) = tokio::join!(connect(&server, &ticket), connect(&server, &ticket));
    drop(blockade);

    let answers = tokio::join!(first_message(&mut one), first_message(&mut other));

    let joined = |message: &proto::signal_response::Message| {
        matches!(message, proto::signal_response::Message::Join(_))
    };
    assert!(joined(&answers.0) != joined(&answers.1));
    let connects = outcomes_of_connects(&server).await;
    assert_eq!(connects, [Outcome::Done, Outcome::Refused]);
    server.stop().await;
}

#[tokio::test]
async fn a_join_that_the_room_does_not_take_costs_no_ticket() {
    let server = Server::start_with(|config| config.limits.meetings = 1).await;
    let owner = Caller::owner(&server).await;
    let (first, second) = (owner.make_meeting().await, owner.make_meeting().await);
    let (host, other) = (
        owner.come(&first, "Amy").await,
        owner.come(&second, "Amy").await,
    );
    let taken = ticket(&first, &host).await;
    let refused = ticket(&second, &other).await;
    let url = |ticket: &str| {
        format!(
            "{}/rtc?protocol=17&access_token={ticket}",
            server.socket_url()
        )
    };
    let (mut socket, _) = tokio_tungstenite::connect_async(url(&taken)).await.unwrap();
    assert!(matches!(
        first_message(&mut socket).await,
        proto::signal_response::Message::Join(_)
    ));

    let (mut socket, _) = tokio_tungstenite::connect_async(url(&refused))
        .await
        .unwrap();

    assert!(matches!(
        first_message(&mut socket).await,
        proto::signal_response::Message::Leave(_)
    ));
    let last = outcomes_of_connects(&server).await.pop();
    assert_eq!(last, Some(Outcome::Failed));
    assert_eq!(validate(&server, &refused).await, StatusCode::OK);
    assert_eq!(validate(&server, &taken).await, StatusCode::UNAUTHORIZED);
    server.stop().await;
}

#[tokio::test]
async fn whoever_loses_their_place_is_sent_out_of_the_room() {
    let server = Server::start_with(|config| config.limits.participants = 2).await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let mut socket = connect(&server, &ticket(&meeting, &guest).await).await;
    first_message(&mut socket).await;
    server.wait(Duration::from_secs(121));
    owner.come(&meeting, "Amy").await;

    Caller::nobody(&server).come(&meeting, "Cy").await;

    let leave = loop {
        let message = first_message(&mut socket).await;
        if let proto::signal_response::Message::Leave(leave) = message {
            break leave;
        }
    };
    assert!(!leave.can_reconnect);
    server.stop().await;
}

#[tokio::test]
async fn a_join_that_can_not_be_written_is_refused_soon_and_costs_no_ticket() {
    let (server, meeting, host) = live_meeting().await;
    let ticket = ticket(&meeting, &host).await;
    let blockade = server.block_writes().await;

    let mut socket = connect(&server, &ticket).await;
    let answer = first_message(&mut socket).await;
    drop(blockade);

    let proto::signal_response::Message::Leave(leave) = answer else {
        panic!("the room took it");
    };
    assert!(leave.can_reconnect);
    let corrected = async {
        while outcomes_of_connects(&server).await.pop() != Some(Outcome::Failed) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, corrected).await.unwrap();
    assert_eq!(validate(&server, &ticket).await, StatusCode::OK);
    server.stop().await;
}

async fn outcomes_of_connects(server: &Server) -> Vec<Outcome> {
    let entries = server.entries().await;
    let connects = entries
        .iter()
        .filter(|entry| entry.event.name() == "meeting.connect");
    connects.map(|entry| entry.outcome).collect()
}

#[tokio::test]
async fn a_ticket_is_worth_nothing_without_its_holders_place() {
    let (server, meeting, host) = live_meeting().await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let (hosts, guests) = (
        ticket(&meeting, &host).await,
        ticket(&meeting, &guest).await,
    );

    guest.post(&format!("/meetings/{}/leave", meeting.id)).await;
    assert_eq!(validate(&server, &guests).await, StatusCode::UNAUTHORIZED);
    host.post(&format!("/meetings/{}/end", meeting.id)).await;
    assert_eq!(validate(&server, &hosts).await, StatusCode::UNAUTHORIZED);
    server.stop().await;
}

// Shows: ABUSE-22.
#[tokio::test]
async fn a_ticket_of_another_installation_is_refused() {
    let (server, ..) = live_meeting_at(Server::executable().await).await;
    let (elsewhere, meeting, host) = live_meeting_at(Server::executable().await).await;
    let ticket = ticket(&meeting, &host).await;
    let before = server.entries().await.len();

    assert_eq!(validate(&server, &ticket).await, StatusCode::UNAUTHORIZED);

    is_on_record_as_nobodys(&server, before).await;
    server.stop().await;
    elsewhere.stop().await;
}

// Shows: ABUSE-22.
#[tokio::test]
async fn a_ticket_of_one_meeting_opens_no_other() {
    let (server, meeting, _host) = live_meeting_at(Server::executable().await).await;
    let owner = Caller::sign_in(&server).await;
    let other = owner.make_meeting().await;
    owner.come(&other, "Amy").await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;

    let wrong = guest.post(&format!("/meetings/{}/ticket", other.id)).await;
    assert_eq!(wrong.code(), "meeting_not_found");
    let own = ticket(&meeting, &guest).await;
    let redirected = naming_another(&own, &meeting.id, &other.id);
    assert_ne!(redirected, own);
    let before = server.entries().await.len();
    let refused = validate(&server, &redirected).await;
    assert_eq!(refused, StatusCode::UNAUTHORIZED);
    is_on_record_as_nobodys(&server, before).await;

    let mut socket = connect(&server, &own).await;
    let proto::signal_response::Message::Join(join) = first_message(&mut socket).await else {
        panic!("not let in");
    };
    let room = join.room.unwrap().name;
    assert!(room.ends_with(&meeting.id), "{room}");
    server.stop().await;
}

// Shows: ABUSE-21.
#[tokio::test]
async fn upgrades_with_forged_tickets_are_on_record_at_a_pace_and_use_up_nobodys_own() {
    let server =
        Server::executable_with(|config| config.limits.changes_per_second = NonZeroU32::MIN).await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let own = ticket(&meeting, &host).await;
    let forged = naming_another(&own, &meeting.id, &uuid::Uuid::nil().to_string());
    let url = format!(
        "{}/rtc?protocol=17&access_token={forged}",
        server.socket_url()
    );
    let before = server.entries().await.len();

    for _ in 0..40 {
        let Err(tungstenite::Error::Http(refused)) = tokio_tungstenite::connect_async(&url).await
        else {
            panic!("not refused");
        };
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    }

    let recorded = server.entries().await.len() - before;
    assert!((1..20).contains(&recorded), "{recorded}");
    connect(&server, &own).await;
    server.stop().await;
}

// Shows: ABUSE-21.
#[tokio::test]
async fn a_token_whose_time_is_over_is_told_apart_from_a_forged_one() {
    let (server, meeting, host) = live_meeting_at(Server::executable().await).await;
    let nobodys = uuid::Uuid::nil().to_string();
    let ticket = ticket(&meeting, &host).await;
    let forged_ticket = naming_another(&ticket, &meeting.id, &nobodys);
    let token = token("ann", "ward");
    let forged_token = naming_another(&token, "ward", "room");
    // Longer than a developer's token is good, and than honest clocks may differ.
    server.wait(Duration::from_secs(661));

    for shown in [&ticket, &forged_ticket, &token, &forged_token] {
        assert_eq!(validate(&server, shown).await, StatusCode::UNAUTHORIZED);
    }

    let entries = server.entries().await.into_iter();
    let refused = entries.filter(|entry| entry.event.name() == "access.refused");
    let reasons = refused.filter_map(|entry| entry.reason);
    let reasons: Vec<_> = reasons.map(|reason| reason.as_str().to_owned()).collect();
    let told = ["expired_token", "unknown_token"];
    assert_eq!(reasons, [told, told].concat());
    server.stop().await;
}

/// One entry since: of a token that is whatever its writer liked, and so of no participant.
async fn is_on_record_as_nobodys(server: &Server, before: usize) {
    let entries = server.entries().await.split_off(before);
    let [entry] = entries.as_slice() else {
        panic!("{} entries", entries.len());
    };
    assert_eq!(
        (entry.event.name(), entry.outcome),
        ("access.refused", Outcome::Refused)
    );
    assert_eq!(entry.reason.as_ref().unwrap().as_str(), "unknown_token");
    assert!(matches!(entry.actor, Actor::Anonymous));
    assert!(entry.src.is_some());
}

/// The same signature under claims that name another meeting.
fn naming_another(ticket: &str, meeting: &str, other: &str) -> String {
    let parts: Vec<_> = ticket.split('.').collect();
    let [head, claims, signature] = parts[..] else {
        panic!("not a token");
    };
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let claims = URL_SAFE_NO_PAD.encode(claims.replace(meeting, other));
    format!("{head}.{claims}.{signature}")
}

#[tokio::test]
async fn a_ticket_outlives_a_restart() {
    let (server, meeting, host) = live_meeting().await;
    let ticket = ticket(&meeting, &host).await;

    let server = server.restart().await;

    assert_eq!(validate(&server, &ticket).await, StatusCode::OK);
    server.stop().await;
}

pub(crate) async fn live_meeting() -> (Server, Made, Caller) {
    live_meeting_at(Server::start().await).await
}

async fn live_meeting_at(server: Server) -> (Server, Made, Caller) {
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    (server, meeting, host)
}

pub(crate) async fn ticket(meeting: &Made, caller: &Caller) -> String {
    let answer = caller
        .post(&format!("/meetings/{}/ticket", meeting.id))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.text("ticket")
}

pub(crate) async fn refreshed<S>(socket: &mut S) -> String
where
    S: Stream<Item = tungstenite::Result<tungstenite::Message>> + Unpin,
{
    loop {
        let message = first_message(socket).await;
        if let proto::signal_response::Message::RefreshToken(token) = message {
            return token;
        }
    }
}

/// The first that has not been read.
pub(crate) async fn first_message<S>(socket: &mut S) -> proto::signal_response::Message
where
    S: Stream<Item = tungstenite::Result<tungstenite::Message>> + Unpin,
{
    loop {
        let frame = timeout(PATIENCE, socket.next()).await.unwrap();
        if let tungstenite::Message::Binary(bytes) = frame.unwrap().unwrap() {
            let response = proto::SignalResponse::decode(bytes).unwrap();
            return response.message.unwrap();
        }
    }
}

/// As the store has it.
pub(crate) async fn wait_until_connected(server: &Server, caller: &Caller, connected: bool) {
    let participant = caller.participant.parse().unwrap();
    let becomes = async {
        loop {
            let found = server.store().participant(participant).await;
            if found.unwrap().unwrap().connected == connected {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, becomes).await.unwrap();
}

pub(crate) async fn connect(server: &Server, ticket: &str) -> Socket {
    let url = format!(
        "{}/rtc?protocol=17&access_token={ticket}",
        server.socket_url()
    );
    tokio_tungstenite::connect_async(url).await.unwrap().0
}

/// As a browser that sends this cookie.
async fn connect_in(server: &Server, ticket: &str, cookie: &str) -> Socket {
    let url = format!(
        "{}/rtc?protocol=17&access_token={ticket}",
        server.socket_url()
    );
    let request = ClientRequestBuilder::new(url.parse().unwrap()).with_header("Cookie", cookie);
    tokio_tungstenite::connect_async(request).await.unwrap().0
}

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn validate(server: &Server, ticket: &str) -> StatusCode {
    shown_in(server, ticket, None).await
}

/// As a browser that sends this cookie.
async fn shown_in(server: &Server, ticket: &str, cookie: Option<&str>) -> StatusCode {
    let url = format!("{}/rtc/validate?protocol=17", server.url());
    let mut request = Client::new().get(url).bearer_auth(ticket);
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    request.send().await.unwrap().status()
}
