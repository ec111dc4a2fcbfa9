//! Every route that changes something leaves exactly its entries.

use std::collections::BTreeSet;

use conclave_audit::Outcome;
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, EMAIL, Made, PASSWORD, set_up, verifier};
use crate::server_in_a_box::Server;

/// In the order of one story. A host's join opens the meeting.
const ENTRIES: &[(&str, &[&str])] = &[
    ("POST /setup", &["user.create_owner", "auth.login"]),
    ("POST /session", &["auth.login"]),
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
        "POST /meetings/{id}/lobby/{participant}/deny",
        &["meeting.deny"],
    ),
    ("POST /meetings/{id}/ticket", &["meeting.ticket"]),
    ("POST /meetings/{id}/leave", &["meeting.leave"]),
    ("POST /meetings/{id}/end", &["meeting.end"]),
    ("DELETE /session", &["auth.session.end"]),
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

#[tokio::test]
async fn every_act_leaves_its_entries_and_no_others() {
    let server = Server::start().await;
    let mut story = Story {
        nobody: Caller::nobody(&server),
        server,
        owner: Caller::default(),
        host: Caller::default(),
        guest: Caller::default(),
        meeting: None,
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
            "system.setup_link",
            "system.stop",
            "system.start",
            "system.setup_link"
        ]
    );
    server.stop().await;
}

/// `METHOD /path` of every endpoint in the OpenAPI description, without `/api/v1`.
pub(crate) fn routes() -> Vec<String> {
    let description: Value = serde_json::from_str(&conclave::http::openapi()).unwrap();
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

/// One meeting, told route by route.
struct Story {
    server: Server,
    nobody: Caller,
    owner: Caller,
    host: Caller,
    guest: Caller,
    meeting: Option<Made>,
}

impl Story {
    /// What must be there before the act, and is not part of it.
    async fn prepare(&mut self, route: &str) {
        match route {
            "POST /meetings" => self.owner = Caller::sign_in(&self.server).await,
            "POST /meetings/{code}/join" => {
                self.meeting = Some(self.owner.make_meeting().await);
            }
            "POST /meetings/{id}/lobby/{participant}/admit"
            | "POST /meetings/{id}/lobby/{participant}/deny" => {
                let meeting = self.meeting();
                if self.host.credential.is_none() {
                    self.host = self.owner.come(&meeting, "Amy").await;
                }
                let guest = self.nobody.knock(&meeting, "Bo").await;
                self.nobody.participant = guest.participant;
            }
            "POST /meetings/{id}/leave" => {
                self.guest = self.nobody.come(&self.meeting(), "Cy").await;
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
            "POST /meetings" => {
                let body = json!({"title": "T", "invitation_verifier": verifier(b"proof")});
                (&self.owner, Some(body))
            }
            "POST /meetings/{code}/join" => (&self.owner, Some(json!({"display_name": "Amy"}))),
            "DELETE /session" => (&self.owner, None),
            "POST /meetings/{id}/leave" => (&self.guest, None),
            _ => (&self.host, None),
        };
        caller.send(method, &self.fill(path), body).await
    }

    fn fill(&self, path: &str) -> String {
        let meeting = self.meeting.clone();
        let (id, code) =
            meeting.map_or_else(Default::default, |meeting| (meeting.id, meeting.code));
        path.replace("{id}", &id)
            .replace("{code}", &code)
            .replace("{participant}", &self.nobody.participant)
    }

    fn meeting(&self) -> Made {
        self.meeting.clone().unwrap()
    }
}
