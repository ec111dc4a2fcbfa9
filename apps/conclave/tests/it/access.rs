//! Every route, tried by everybody: who gets what answer.

use std::collections::BTreeSet;

use conclave_audit::Outcome;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::audit::routes;
use crate::caller::{Answer, Caller, EMAIL, Made, PASSWORD, verifier};
use crate::server_in_a_box::Server;

const OK: &str = "";
const ANONYMOUS: &str = "not_authenticated";
const SIGNED_OUT: &str = "not_signed_in";
const OUTSIDE: &str = "not_admitted";
const ROLE: &str = "not_allowed";
const HIDDEN: &str = "meeting_not_found";

/// Who tries. All but the first two hold a participant's credential and no session.
const ROLES: [&str; 9] = [
    "nobody",
    "owner",
    "host",
    "co-host",
    "guest",
    "waiting guest",
    "denied guest",
    "guest who left",
    "host of another meeting",
];

/// The code of the answer to each of [`ROLES`].
const TABLE: &[(&str, [&str; 9])] = &[
    ("GET /server", [OK; 9]),
    ("POST /setup", ["owner_exists"; 9]),
    ("POST /session", [OK; 9]),
    (
        "GET /session",
        [
            SIGNED_OUT, OK, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT,
            SIGNED_OUT,
        ],
    ),
    (
        "DELETE /session",
        [
            SIGNED_OUT, OK, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT,
            SIGNED_OUT,
        ],
    ),
    (
        "GET /account/vault",
        [
            SIGNED_OUT, OK, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT,
            SIGNED_OUT,
        ],
    ),
    (
        "PUT /account/vault",
        [
            SIGNED_OUT, OK, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT,
            SIGNED_OUT,
        ],
    ),
    (
        "POST /account/device-requests",
        [
            SIGNED_OUT, OK, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT,
            SIGNED_OUT,
        ],
    ),
    (
        "DELETE /account/device-requests/{request}",
        [
            SIGNED_OUT, OK, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT,
            SIGNED_OUT,
        ],
    ),
    (
        "GET /meetings",
        [
            SIGNED_OUT, OK, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT,
            SIGNED_OUT,
        ],
    ),
    (
        "POST /meetings",
        [
            SIGNED_OUT, OK, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT,
            SIGNED_OUT,
        ],
    ),
    (
        "GET /meetings/{id}",
        [
            SIGNED_OUT, OK, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT, SIGNED_OUT,
            SIGNED_OUT,
        ],
    ),
    ("POST /meetings/{code}/join", [OK; 9]),
    (
        "POST /meetings/{id}/ticket",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, OK, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/leave",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, OK, OK, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/end",
        [
            ANONYMOUS, OK, OK, ROLE, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/lobby/{participant}/admit",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/lobby/admit-all",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/lobby/{participant}/deny",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/expel",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/mute",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/stop-video",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/ask-to-unmute",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/mute-all",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/lock",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/unlock",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "GET /meetings/{id}/participants/{participant}/devices",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, OK, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/hand-over",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/sharing/lock",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/sharing/unlock",
        [
            ANONYMOUS, ANONYMOUS, OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    // The upgrade itself tells nobody anything: the credential comes after it.
    ("GET /meetings/{id}/channel", ["malformed_request"; 9]),
    (
        "POST /meetings/{id}/participants/{participant}/make-co-host",
        [
            ANONYMOUS, ANONYMOUS, OK, ROLE, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/take-back-co-host",
        [
            ANONYMOUS, ANONYMOUS, OK, ROLE, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN,
        ],
    ),
];

#[test]
fn the_table_names_every_route() {
    let described: BTreeSet<_> = routes().into_iter().collect();
    let listed: BTreeSet<_> = TABLE.iter().map(|(route, _)| (*route).to_owned()).collect();

    assert_eq!(listed, described);
}

#[tokio::test]
async fn everybody_gets_the_answer_of_the_table() {
    let server = Server::start().await;
    let mut owner = Caller::owner(&server).await;
    let mut wrong = Vec::new();
    let mut scene = Scene::set(&server, &owner).await;
    for (route, expected) in TABLE {
        for (role, expected) in ROLES.iter().zip(expected) {
            let before = server.entries().await.len();

            let answer = scene.play(route, role).await;

            let got = answer.code();
            if got != *expected || expected.is_empty() != answer.status.is_success() {
                wrong.push(format!("{route} by {role}: {got:?}, not {expected:?}"));
            }
            let refused = [OUTSIDE, ROLE, HIDDEN].contains(expected);
            let entries = server.entries().await.split_off(before);
            if refused
                && !entries
                    .iter()
                    .any(|entry| entry.outcome == Outcome::Refused)
            {
                wrong.push(format!("{route} by {role}: the refusal is not on record"));
            }
            // What was refused has changed nothing, nor has a question.
            if answer.status.is_success() && !route.starts_with("GET ") {
                if owner.get("/session").await.status != StatusCode::OK {
                    owner = Caller::sign_in(&server).await;
                }
                scene = Scene::set(&server, &owner).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_changed_by_asking_with_get() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let scene = Scene::set(&server, &owner).await;
    let before = server.entries().await.len();
    for route in routes().iter().filter(|route| !route.starts_with("GET ")) {
        let (_, path) = route.split_once(' ').unwrap();
        for caller in [&owner, &scene.host] {
            caller.get(&scene.fill(path)).await;
        }
    }

    assert_eq!(server.entries().await.len(), before);
    server.stop().await;
}

#[tokio::test]
async fn a_participant_of_another_meeting_is_not_there_to_be_admitted() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let (here, there) = (
        Scene::set(&server, &owner).await,
        Scene::set(&server, &owner).await,
    );

    for act in [
        "lobby admit",
        "lobby deny",
        "participants expel",
        "participants mute",
        "participants stop-video",
        "participants ask-to-unmute",
        "participants make-co-host",
        "participants take-back-co-host",
        "participants hand-over",
    ] {
        let (kind, act) = act.split_once(' ').unwrap();
        let path = format!(
            "/meetings/{}/{kind}/{}/{act}",
            here.meeting.id, there.victim.participant
        );

        let before = server.entries().await.len();

        assert_eq!(here.host.post(&path).await.code(), "participant_not_found");

        let entries = server.entries().await.split_off(before);
        let [entry] = entries.as_slice() else {
            panic!("{act} left {} entries", entries.len());
        };
        let name = act.replace('-', "_");
        assert_eq!(entry.event.name(), format!("meeting.{name}"));
        assert_eq!(entry.outcome, Outcome::Refused);
    }
    server.stop().await;
}

#[tokio::test]
async fn credentials_are_worth_nothing_where_the_other_kind_is_asked_for() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let scene = Scene::set(&server, &owner).await;
    let crossed = Caller {
        cookie: scene.host.credential.clone(),
        credential: owner.cookie.clone(),
        ..Caller::nobody(&server)
    };

    assert_eq!(crossed.get("/session").await.code(), SIGNED_OUT);
    let ticket = format!("/meetings/{}/ticket", scene.meeting.id);
    assert_eq!(crossed.post(&ticket).await.code(), ANONYMOUS);
    server.stop().await;
}

/// One meeting with somebody in every role, and somebody at the door.
struct Scene {
    meeting: Made,
    owner: Caller,
    nobody: Caller,
    host: Caller,
    co_host: Caller,
    guest: Caller,
    waiting: Caller,
    denied: Caller,
    left: Caller,
    stranger: Caller,
    /// Waits; whom admitting and denying is about.
    victim: Caller,
    /// Is in; whom expelling is about.
    inside: Caller,
    /// Of a browser of the owner's that asks to be added.
    request: String,
    /// The next version of the owner's vault.
    vault: Value,
}

impl Scene {
    async fn set(server: &Server, owner: &Caller) -> Self {
        let nobody = Caller::nobody(server);
        let (meeting, other) = (owner.make_meeting().await, owner.make_meeting().await);
        let without_session = |caller: Caller| Caller {
            cookie: None,
            ..caller
        };
        let host = without_session(owner.come(&meeting, "Host").await);
        let stranger = without_session(owner.come(&other, "Stranger").await);
        let co_host = nobody.come(&meeting, "Co-host").await;
        make_co_host(&meeting, &host, &co_host).await;
        let guest = nobody.come(&meeting, "Guest").await;
        let waiting = nobody.knock(&meeting, "Waiting").await;
        let victim = nobody.knock(&meeting, "Victim").await;
        let inside = nobody.come(&meeting, "Inside").await;
        let left = nobody.come(&meeting, "Left").await;
        let leave = format!("/meetings/{}/leave", meeting.id);
        assert_eq!(left.post(&leave).await.status, StatusCode::OK);
        let denied = nobody.knock(&meeting, "Denied").await;
        let deny = format!("/meetings/{}/lobby/{}/deny", meeting.id, denied.participant);
        assert_eq!(host.post(&deny).await.status, StatusCode::OK);
        let asked = owner
            .send(Method::POST, "/account/device-requests", Some(request()))
            .await;
        assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.body);
        let vault = owner.next_vault().await;
        Self {
            owner: owner.clone(),
            meeting,
            nobody,
            host,
            co_host,
            guest,
            waiting,
            denied,
            left,
            stranger,
            victim,
            inside,
            request: asked.text("id"),
            vault,
        }
    }

    async fn play(&self, route: &str, role: &str) -> Answer {
        let (method, path) = route.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        self.caller(role)
            .send(method, &self.fill(path), self.body(route))
            .await
    }

    fn caller(&self, role: &str) -> &Caller {
        match role {
            "nobody" => &self.nobody,
            "owner" => &self.owner,
            "host" => &self.host,
            "co-host" => &self.co_host,
            "guest" => &self.guest,
            "waiting guest" => &self.waiting,
            "denied guest" => &self.denied,
            "guest who left" => &self.left,
            "host of another meeting" => &self.stranger,
            other => panic!("who is {other}?"),
        }
    }

    fn fill(&self, path: &str) -> String {
        // Only who has an account has devices.
        let about = match path {
            _ if path.contains("/lobby/") => &self.victim,
            _ if path.ends_with("/devices") => &self.host,
            _ if path.ends_with("/take-back-co-host") => &self.co_host,
            _ => &self.inside,
        };
        path.replace("{id}", &self.meeting.id)
            .replace("{code}", &self.meeting.code)
            .replace("{request}", &self.request)
            .replace("{participant}", &about.participant)
    }
}

pub(crate) async fn make_co_host(meeting: &Made, host: &Caller, whom: &Caller) {
    let path = format!(
        "/meetings/{}/participants/{}/make-co-host",
        meeting.id, whom.participant
    );
    let made = host.post(&path).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
}

fn request() -> Value {
    json!({"request": "AAAA"})
}

impl Scene {
    /// A body that is right, so that only the caller decides the answer.
    fn body(&self, route: &str) -> Option<Value> {
        Some(match route {
            "POST /setup" => json!({
                "token": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "organisation": "Other",
                "email": "other@riverside.example",
                "display_name": "Other",
                "password": PASSWORD,
            }),
            "POST /session" => json!({"email": EMAIL, "password": PASSWORD}),
            "PUT /account/vault" => self.vault.clone(),
            "POST /account/device-requests" => request(),
            "POST /meetings" => json!({"title": "T", "invitation_verifier": verifier(b"proof")}),
            "POST /meetings/{code}/join" => json!({"display_name": "Somebody"}),
            "POST /meetings/{id}/lobby/admit-all" => {
                json!({"participants": [self.victim.participant]})
            }
            _ => return None,
        })
    }
}
