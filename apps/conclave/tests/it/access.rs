//! Every route, tried by everybody: who gets what answer.

mod people;
mod table;

use std::collections::BTreeSet;

use conclave_audit::{Entry, Outcome};
use reqwest::header::HeaderValue;
use reqwest::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

use self::people::People;
use self::table::{ANONYMOUS, HIDDEN, OUTSIDE, ROLE, ROLES, SIGNED_OUT, rows};
use crate::audit::{no_camera, routes};
use crate::caller::{Answer, Caller, EMAIL, Made, PASSWORD, accept, verifier};
use crate::evidence::{agreement, assessment, complaint, decision, training};
use crate::recordings::recording_key;
use crate::saved_views::saved_view;
use crate::schedule::changed;
use crate::server_in_a_box::Server;
use crate::support_queue::asking_for_help;
use crate::unattended::{credentials, strange_enrolment};

/// What is refused to somebody because of who they are.
const RECORDED: [&str; 3] = [OUTSIDE, ROLE, HIDDEN];

// Shows: REQ-ID-04.
#[test]
fn the_table_names_every_route() {
    let described: BTreeSet<_> = routes().into_iter().collect();
    let mut listed: Vec<_> = rows().map(|(route, _)| route.to_owned()).collect();
    let twice = listed.len();
    listed.sort();
    listed.dedup();

    assert_eq!(listed.len(), twice);
    assert_eq!(listed, Vec::from_iter(described));
}

// Shows: REQ-AC-11, REQ-ID-04, ABUSE-18.
#[tokio::test]
async fn everybody_gets_the_answer_of_the_table() {
    // Sign-ins that are begun and not ended count.
    let server = Server::start_with(|config| config.lockout.threshold = 100).await;
    let mut owner = Caller::owner(&server).await;
    let mut people = People::come(&server, &owner).await;
    let mut wrong = Vec::new();
    let mut scene = Scene::set(&server, &owner).await;
    let mut seen = 0;
    for (route, answers) in rows() {
        for (role, expected) in ROLES.iter().zip(answers) {
            (seen, _) = server.entries_after(seen).await;

            let answer = scene.play(&people, route, role).await;

            let got = answer.code();
            if got != *expected || expected.is_empty() != answer.status.is_success() {
                wrong.push(format!("{route} by {role}: {got:?}, not {expected:?}"));
            }
            let (_, entries) = server.entries_after(seen).await;
            let on_record = |entry: &Entry| entry.outcome == Outcome::Refused;
            if RECORDED.contains(expected) && !entries.iter().any(on_record) {
                wrong.push(format!("{route} by {role}: the refusal is not on record"));
            }
            // What was refused has changed nothing, nor has a question.
            let asks = route.starts_with("GET ") || route.ends_with("/options");
            let about_meetings = !route.contains("/people") && !route.contains("/invitations");
            if answer.status.is_success() && !asks && about_meetings {
                if owner.get("/session").await.status != StatusCode::OK {
                    owner = Caller::sign_in(&server).await;
                }
                people.come_back(&server).await;
                scene = scene.again(&server, &owner, route).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    server.stop().await;
}

// Shows: ABUSE-31.
#[tokio::test]
async fn nothing_is_changed_by_asking_with_get() {
    let server = Server::executable().await;
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

// Shows: ABUSE-31.
#[tokio::test]
async fn nothing_is_changed_by_a_form_of_another_site() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let scene = Scene::set(&server, &owner).await;
    let before = server.entries().await.len();
    for route in routes().iter().filter(|route| !route.starts_with("GET ")) {
        for media_type in [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain",
        ] {
            let sent = scene.form(&owner, route, media_type);
            let answer = Answer::read(owner.client.execute(sent).await.unwrap()).await;
            assert_eq!(answer.code(), "cross_site_request", "{route}: {media_type}");
        }
    }

    // Whatever they asked for, no more than that they asked is on record.
    for entry in server.entries().await.split_off(before) {
        assert_eq!(entry.event.name(), "access.refused");
    }
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    server.stop().await;
}

// Shows: REQ-AC-05.
#[tokio::test]
async fn who_crawls_every_route_without_a_session_learns_of_no_meeting() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let scene = Scene::set(&server, &owner).await;
    let known = [
        "Morning visit",
        scene.meeting.id.as_str(),
        scene.meeting.code.as_str(),
    ];
    for route in routes() {
        let (method, path) = route.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let elsewhere = path
            .replace("{id}", "00000000-0000-7000-8000-000000000000")
            .replace("{code}", "000-000-000");
        let ask = async |path: &str| {
            let path = scene.fill(path);
            scene.nobody.send(method.clone(), &path, None).await
        };

        let there = ask(path).await;

        let said = there.body.to_string();
        assert!(!known.iter().any(|word| said.contains(word)), "{route}");
        assert_eq!(there.headers["x-robots-tag"], "noindex", "{route}");
        assert_eq!(there.headers["referrer-policy"], "no-referrer", "{route}");
        if path != elsewhere {
            // What is there is to them as what is nowhere.
            let nowhere = ask(&elsewhere).await;
            assert_eq!(there.status, nowhere.status, "{route}");
            assert_eq!(there.body, nowhere.body, "{route}");
        }
    }
    server.stop().await;
}

// Shows: ABUSE-22.
#[tokio::test]
async fn a_participant_of_another_meeting_is_not_there_to_be_admitted() {
    let server = Server::executable().await;
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
    /// The stranger's.
    other: Made,
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
    /// Of accounts; the owner is in it.
    group: String,
    account: String,
    policy_revision: u64,
    /// Of the owner's authenticator program.
    code: String,
}

/// What is done there changes nobody and nothing of the scene.
const BESIDE_THE_SCENE: &[&str] = &[
    "/admin/",
    "/agreements",
    "/audit/",
    "/complaints",
    "/emergency/codes",
    "/evidence/",
    "/policies/preview",
    "/programs",
    "/risks/",
    "/support/",
    "/trainings",
];

impl Scene {
    /// As it was before somebody had a route do something.
    async fn again(mut self, server: &Server, owner: &Caller, route: &str) -> Self {
        let (_, path) = route.split_once(' ').unwrap();
        if BESIDE_THE_SCENE
            .iter()
            .any(|beside| path.starts_with(beside))
        {
            permit_everything(server).await;
            self.code = server.code().await;
            return self;
        }
        self.give_back(owner).await;
        Self::set(server, owner).await
    }

    /// What an organisation has a bounded number of, and what each change of a policy is told to.
    async fn give_back(self, owner: &Caller) {
        let group = format!("/groups/{}", self.group);
        let _is_gone = owner.send(Method::DELETE, &group, None).await;
        for meeting in [&self.meeting, &self.other] {
            let end = format!("/meetings/{}/end", meeting.id);
            let _is_over = owner.post(&end).await;
        }
    }

    async fn set(server: &Server, owner: &Caller) -> Self {
        permit_everything(server).await;
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
        let add = format!("/meetings/{}/invited/add", meeting.id);
        let listed = json!({"email": LISTED});
        let added = owner.send(Method::POST, &add, Some(listed)).await;
        assert_eq!(added.status, StatusCode::OK, "{}", added.body);
        let asked = owner
            .send(Method::POST, "/account/device-requests", Some(request()))
            .await;
        assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.body);
        let vault = owner.next_vault().await;
        let account = owner.account().await.to_string();
        let name = json!({"name": format!("Ward {}", rand::random::<u64>())});
        let group = owner
            .send(Method::POST, "/groups", Some(name))
            .await
            .text("id");
        let member = format!("/groups/{group}/members/{account}");
        let added = owner.send(Method::PUT, &member, None).await;
        assert_eq!(added.status, StatusCode::NO_CONTENT, "{}", added.body);
        let policy = owner.get("/policies/organisation").await;
        Self {
            group,
            account,
            policy_revision: policy.body["revision"].as_u64().unwrap(),
            owner: owner.clone(),
            meeting,
            other,
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
            code: server.code().await,
        }
    }

    async fn play(&self, people: &People, route: &str, role: &str) -> Answer {
        let (method, path) = route.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let mut path = path.to_owned();
        // Their own account is not theirs to change.
        let about_people = path.starts_with("/people/") || path.contains("{invitation}");
        let caller = self.caller(people, role);
        if caller.cookie.is_some() && about_people {
            let email = format!("{}@riverside.example", rand::random::<u32>());
            let link = self.owner.invite(&email, "member").await;
            let people = self.owner.get("/people").await.body;
            let invited = people["invitations"].as_array().unwrap().last().unwrap();
            path = path.replace("{invitation}", invited["id"].as_str().unwrap());
            if path.contains("{account}") {
                let (_, token) = link.split_once('#').unwrap();
                let account = self.owner.accept(token).await.account().await;
                path = path.replace("{account}", &account.to_string());
            }
        }
        let body = match route {
            "PUT /account/vault" if caller.cookie.is_some() => Some(caller.next_vault().await),
            route => self.body(route),
        };
        caller.send(method, &self.fill(&path), body).await
    }

    /// What a page of another site makes a browser send, with its cookies and a body that would be right.
    fn form(&self, caller: &Caller, route: &str, media_type: &'static str) -> Request {
        let (method, path) = route.split_once(' ').unwrap();
        let request = caller.request(method.parse().unwrap(), &self.fill(path));
        let body = self.body(route).map(|body| body.to_string());
        let request = request.body(body.unwrap_or_default());
        let mut request = request.build().unwrap();
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        let elsewhere = HeaderValue::from_static("https://evil.example");
        headers.insert(header::ORIGIN, elsewhere);
        for not_a_forms in ["sec-fetch-site", "idempotency-key"] {
            headers.remove(not_a_forms);
        }
        request
    }

    fn caller<'a>(&'a self, people: &'a People, role: &str) -> &'a Caller {
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
            role => people.who(role),
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
        let path = match path {
            "/policies/explain" => "/policies/explain?account={account}",
            path => path,
        };
        path.replace("{id}", &self.meeting.id)
            .replace("{code}", &self.meeting.code)
            .replace("{request}", &self.request)
            .replace("{group}", &self.group)
            .replace("{account}", &self.account)
            .replace("{passkey}", "00000000-0000-7000-8000-000000000000")
            .replace("{session}", "00")
            .replace("{subject}", "164.312.a.2.iii")
            .replace("{risk}", "insider")
            .replace("{agreement}", "00000000-0000-7000-8000-000000000000")
            .replace("{export}", "00000000-0000-7000-8000-000000000000")
            .replace("{complaint}", "00000000-0000-7000-8000-000000000000")
            .replace("{training}", "00000000-0000-7000-8000-000000000000")
            .replace("{use}", "00000000-0000-7000-8000-000000000000")
            .replace("{view}", "00000000-0000-7000-8000-000000000000")
            .replace("{support}", "00000000-0000-7000-8000-000000000000")
            .replace("{device}", "00000000-0000-7000-8000-000000000000")
            .replace("{anomaly}", "00000000-0000-7000-8000-000000000000")
            .replace("{program}", "00000000-0000-7000-8000-000000000000")
            .replace("{report}", "usage")
            .replace("{participant}", &about.participant)
            .replace("{recording}", "00000000-0000-7000-8000-000000000000")
            .replace("{play}", "00000000-0000-7000-8000-000000000000")
            .replace("{number}", "0")
            .replace("{seq}", "0")
            .replace("{*path}", "0/000.p/1")
    }
}

/// Whatever was played before permits everything again.
async fn permit_everything(server: &Server) {
    server
        .tamper(
            "DELETE FROM policy_layer;
             DELETE FROM anomaly_rules;
             DELETE FROM recording_key;
             UPDATE organisation
             SET profile_since = NULL, profile_leave_by = NULL, profile_leave_at = NULL;",
        )
        .await;
}

pub(crate) async fn make_co_host(meeting: &Made, host: &Caller, whom: &Caller) {
    let path = format!(
        "/meetings/{}/participants/{}/make-co-host",
        meeting.id, whom.participant
    );
    let made = host.post(&path).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
}

/// On the meeting's list of the invited.
const LISTED: &str = "cy@riverside.example";

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
            "POST /session/second-factor" => json!({"totp": "000000"}),
            "POST /session/step-up" => {
                let second = json!({"totp": self.code.clone()});
                json!({"password": PASSWORD, "second_factor": second})
            }
            "POST /session/passkey" => json!({"ceremony": "A", "credential": {}}),
            "PUT /account/totp" => json!({"code": "000000"}),
            "POST /account/passkeys" => {
                json!({"ceremony": "A", "label": "L", "credential": {}})
            }
            "PUT /account/passkeys/{passkey}" => json!({"label": "L"}),
            "PUT /account/password" => json!({"password": PASSWORD}),
            "PUT /account/vault" => self.vault.clone(),
            "POST /session/single-sign-on" => json!({"to": "sign_in"}),
            "POST /session/single-sign-on/finish" => json!({"state": "A", "code": "A"}),
            "POST /people/{account}/role" => json!({"role": "auditor"}),
            "POST /invitations" => {
                json!({"email": "new@riverside.example", "role": "member"})
            }
            "POST /invitations/accept" | "POST /account-requests/confirm" => accept("AAAA"),
            "POST /account-requests" | "POST /password-resets" => json!({"email": EMAIL}),
            "POST /password-resets/finish" => json!({"token": "AAAA", "password": PASSWORD}),
            "POST /account/device-requests" => request(),
            "POST /meetings" => json!({"title": "T", "invitation_verifier": verifier(b"proof")}),
            "POST /meetings/{code}/join" => json!({"display_name": "Somebody"}),
            "POST /meetings/{id}/invited/add" => json!({"email": LISTED}),
            "POST /meetings/{id}/invited/remove" => json!({"email": LISTED}),
            "PUT /meetings/{id}" => changed(0),
            "POST /meetings/{id}/cancel" => json!({"sequence": 0}),
            "POST /meetings/{id}/lobby/admit-all" => {
                json!({"participants": [self.victim.participant]})
            }
            "POST /groups" | "PUT /groups/{group}" => {
                json!({"name": format!("Ward {}", rand::random::<u64>())})
            }
            "POST /programs" => json!({"name": "Directory", "scopes": ["scim"]}),
            "POST /account/email" => json!({"email": "amy@elsewhere.example"}),
            "POST /account/email/confirm" => json!({"token": "AAAA"}),
            "POST /policies/preview" => json!({"settings": no_camera()}),
            "POST /audit/export" => json!({}),
            "POST /evidence/export" => json!({"format": "json"}),
            "PUT /evidence/decisions/{subject}" => decision("equivalent"),
            "POST /agreements" | "PUT /agreements/{agreement}" => agreement("signed"),
            "POST /evidence/review" => json!({"digest": "00"}),
            "PUT /risks/{risk}" => assessment("accepted"),
            "POST /complaints" => complaint(),
            "POST /trainings" => training(&self.account),
            "POST /complaints/{complaint}/close" => {
                json!({"outcome": "resolved", "note": "Answered."})
            }
            "POST /admin/views" => saved_view(),
            "PUT /admin/views/{view}" => json!({"name": "Mine", "is_shared": false}),
            "PUT /admin/anomalies/rules" => json!({"revision": 0, "rules": []}),
            "POST /admin/anomalies/{anomaly}/review" => {
                json!({"outcome": "explained", "note": "Seen."})
            }
            "POST /support/sessions" | "POST /support/devices/{device}/sessions" => {
                json!({"invitation_verifier": verifier(b"proof")})
            }
            "POST /support/requests" => asking_for_help(),
            "POST /support/requests/{request}/take" => {
                json!({"session": "00000000-0000-7000-8000-000000000000", "sealed": "AAAA"})
            }
            "POST /support/sessions/{support}/credentials" => credentials(1),
            "POST /support/devices/enrolments" | "POST /support/devices/{device}/renew" => {
                json!({})
            }
            "POST /support/devices/enrol" => strange_enrolment(),
            "POST /support/devices/{device}/grants" => json!({"account": self.account}),
            "POST /companions" | "POST /companions/look-up" => json!({"code": "AAAA"}),
            "POST /meetings/{id}/companion/{participant}/control" => {
                json!({"to": self.inside.participant})
            }
            "POST /meetings/{id}/companion/facts" => {
                json!({"turn": 1, "facts": [{"fact": "control_began"}]})
            }
            "POST /meetings/{id}/support/facts" => json!({"facts": [{"fact": "handed_over"}]}),
            "POST /meetings/{id}/support/feedback" => json!({"solved": true}),
            "POST /support/recordings/keys" => recording_key(),
            "PUT /support/recordings/retention" => json!({"days": 2_190}),
            "PUT /support/questions" => json!({}),
            "POST /support/recordings/{recording}/acknowledgement" => {
                json!({"trouble": "incomplete", "reason": "The ward lost power."})
            }
            "POST /support/recordings/{recording}/plays" => json!({"reason": "A complaint."}),
            "POST /meetings/{id}/support/recordings/{recording}/end" => {
                json!({"manifest": "AAAA"})
            }
            "POST /meetings/{id}/support/recordings/{recording}/feedback" => {
                json!({"sealed": "AAAA"})
            }
            "POST /session/emergency" => json!({"email": EMAIL, "code": "0000"}),
            "POST /emergency" => json!({"reason": "drill", "words": "Nothing."}),
            "POST /emergency/uses/{use}/review" => {
                json!({"outcome": "justified", "note": "Seen."})
            }
            _ if route.starts_with("PUT /policies/") => {
                json!({"revision": self.policy_revision, "settings": no_camera()})
            }
            _ => return None,
        })
    }
}
