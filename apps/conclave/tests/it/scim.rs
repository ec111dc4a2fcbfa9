//! An organisation's directory brings people and takes them away: SCIM 2.0, as Entra and Okta speak it.

use std::time::{Duration, Instant};

use conclave_audit::{Actor, Event, Outcome};
use futures_util::StreamExt;
use reqwest::{Client, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, EMAIL, Made};
use crate::channel::Channel;
use crate::encryption::enter;
use crate::programs::make;
use crate::server_in_a_box::Server;

const BO: &str = "bo.hadley@riverside.example";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// Of the requirement; the test itself waits no such time.
const WITHIN: Duration = Duration::from_secs(60);

/// A directory with the key of a program.
pub(crate) struct Directory {
    url: String,
    key: String,
    client: Client,
}

impl Directory {
    pub(crate) async fn of(owner: &Caller) -> Self {
        let (_, program) = make(owner, &["scim"], None).await;
        Self {
            url: owner.url.clone(),
            key: program.credential.unwrap(),
            client: Client::new(),
        }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.send_for(method, path, body, None).await
    }

    /// In the version that was read.
    async fn send_for(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        version: Option<&str>,
    ) -> Answer {
        let url = format!("{}/scim/v2{path}", self.url);
        let mut request = self.client.request(method, url).bearer_auth(&self.key);
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, version);
        }
        if let Some(body) = body {
            let media_type = "application/scim+json; charset=utf-8";
            request = request
                .header(header::CONTENT_TYPE, media_type)
                .body(body.to_string());
        }
        Answer::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn bring(&self, email: &str, external_id: &str) -> String {
        let body = json!({
            "schemas": [USER],
            "userName": email,
            "externalId": external_id,
            "name": {"givenName": "Bo", "familyName": "Hadley"},
            "emails": [{"primary": true, "type": "work", "value": email}],
            "active": true,
        });
        let made = self.send(Method::POST, "/Users", Some(body)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        made.text("id")
    }

    pub(crate) async fn patch(&self, path: &str, operations: Value) -> Answer {
        let body = json!({"schemas": [PATCH], "Operations": operations});
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// As Entra writes it.
    async fn set_active(&self, user: &str, active: &str) -> Answer {
        let operations = json!([{"op": "Replace", "path": "active", "value": active}]);
        self.patch(&format!("/Users/{user}"), operations).await
    }
}

/// Of a refusal, in SCIM's shape.
fn code(answer: &Answer) -> String {
    if answer.status.is_success() {
        return String::new();
    }
    assert_eq!(
        answer.headers[header::CONTENT_TYPE],
        "application/scim+json"
    );
    assert_eq!(answer.body["status"], answer.status.as_u16().to_string());
    let ours = &answer.body["urn:conclave:params:scim:api:messages:1.0:Error"];
    ours["code"].as_str().unwrap().to_owned()
}

// Shows: ABUSE-15.
#[tokio::test]
async fn whom_the_directory_deactivates_is_out_of_their_visit_at_once() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let directory = Directory::of(&owner).await;
    let bo = owner.invited(BO, "member").await;
    let user = bo.account().await.to_string();
    for (removes, is_back) in [(false, true), (true, false)] {
        let bo = Caller::sign_in_as(&server, BO).await;
        let meeting = owner.make_meeting().await;
        owner.come(&meeting, "Amy").await;
        let own = bo.make_meeting().await;
        bo.come(&own, "Bo").await;
        let guest = Caller::nobody(&server).come(&own, "Guest").await;
        let inside = bo.come(&meeting, "Bo").await;
        let mut media = enter(&server, &meeting, &inside).await;
        let theirs = Channel::open(&server, &meeting, &inside, None).await;
        let guests = Channel::open(&server, &own, &guest, None).await;
        let before = server.entries().await.len();
        let began = Instant::now();

        let answer = match removes {
            false => directory.set_active(&user, "False").await,
            true => {
                let path = format!("/Users/{user}");
                directory.send(Method::DELETE, &path, None).await
            }
        };

        assert!(answer.status.is_success(), "{}", answer.body);
        assert_eq!(theirs.said_goodbye().await, "expelled");
        assert_eq!(guests.said_goodbye().await, "meeting_ended");
        let ends = async { while let Some(Ok(_)) = media.next().await {} };
        tokio::time::timeout(WITHIN, ends).await.unwrap();
        assert!(began.elapsed() < WITHIN);
        assert_eq!(bo.get("/session").await.code(), "not_signed_in");
        assert_eq!(out(&inside, &meeting).await, "not_admitted");
        let entries = server.entries().await.split_off(before);
        assert!(
            entries
                .iter()
                .all(|entry| matches!(entry.actor, Actor::Program { .. })
                    || entry.outcome == Outcome::Refused
                    || entry.event.name() == "meeting.disconnect")
        );
        let restored = directory.set_active(&user, "True").await;
        assert_eq!(restored.status.is_success(), is_back, "{}", restored.body);
    }
    server.stop().await;
}

async fn out(caller: &Caller, meeting: &Made) -> String {
    caller
        .post(&format!("/meetings/{}/ticket", meeting.id))
        .await
        .code()
}

// Shows: ABUSE-16, REQ-AC-10.
#[tokio::test]
async fn a_directory_brings_people_and_gives_nobody_rights() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let directory = Directory::of(&owner).await;
    let bo = directory.bring(BO, "42").await;

    // Whom it brings waits for a person's approval, also by way of a suspension.
    let user = format!("/Users/{bo}");
    let read = directory.get(&user).await;
    assert_eq!(read.body["displayName"], "Bo Hadley");
    assert_eq!(read.body["active"], true);
    for active in ["False", "True"] {
        assert_eq!(code(&directory.set_active(&bo, active).await), "");
    }
    let people = owner.get("/people").await.body;
    let person = people["people"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(person["state"], "pending");
    assert_eq!(
        (&person["role"], &person["by_directory"]),
        (&json!("member"), &json!(true))
    );

    // Nobody's role, and no other organisation's: each try is on record.
    let owners = format!("/Users/{}", owner.account().await);
    let role =
        json!([{"op": "replace", "path": "roles[primary eq \"True\"].value", "value": "owner"}]);
    let bare = json!([{"op": "Add", "value": {"Roles": [{"value": "owner"}], "active": true}}]);
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let other = json!([{"op": "add", "path": format!("{enterprise}:organization"), "value": "O"}]);
    for (path, operations) in [
        (&user, role),
        (&user, bare),
        (&user, other.clone()),
        (&owners, other),
    ] {
        let before = server.entries().await.len();
        let refused = directory.patch(path, operations).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(code(&refused), "scim_forbidden");
        let entries = server.entries().await.split_off(before);
        let [entry] = entries.as_slice() else {
            panic!("{} entries", entries.len());
        };
        assert_eq!(entry.outcome, Outcome::Refused);
        assert_eq!(entry.reason.as_ref().unwrap().as_str(), "rights");
    }
    let with_role = json!({"userName": "cy@riverside.example", "roles": [{"value": "owner"}]});
    let refused = directory
        .send(Method::POST, "/Users", Some(with_role))
        .await;
    assert_eq!(code(&refused), "scim_forbidden");

    // Owners and admins are not there for it.
    assert_eq!(code(&directory.get(&owners).await), "scim_not_found");
    let refused = directory
        .set_active(owners.rsplit('/').next().unwrap(), "False")
        .await;
    assert_eq!(code(&refused), "scim_not_found");
    let gone = directory.send(Method::DELETE, &owners, None).await;
    assert_eq!(code(&gone), "scim_not_found");
    let found = directory
        .get(&format!("/Users?filter=userName%20eq%20%22{EMAIL}%22"))
        .await;
    assert_eq!(found.body["totalResults"], 0);
    let taken = json!({"userName": EMAIL, "displayName": "Amy"});
    let taken = directory.send(Method::POST, "/Users", Some(taken)).await;
    assert_eq!(code(&taken), "account_exists");
    assert_eq!(taken.body["scimType"], "uniqueness");
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);

    // Whom a person suspended, a person restores.
    let account = bo.parse().unwrap();
    assert_eq!(owner.change(account, "approve").await.code(), "");
    assert_eq!(owner.change(account, "suspend").await.code(), "");
    assert_eq!(
        code(&directory.set_active(&bo, "True").await),
        "scim_not_its_own"
    );
    assert_eq!(owner.change(account, "restore").await.code(), "");
    // What it takes is taken while nothing can be written.
    let blocked = server.block_writes().await;
    let suspended = directory.set_active(&bo, "False").await;
    assert_eq!(suspended.body["active"], false, "{}", suspended.body);
    drop(blocked);
    let people = owner.get("/people").await.body;
    let person = people["people"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(person["state"], "suspended");
    // A person's key is none, and a key without the scope is none.
    let (_, reader) = make(&owner, &["meetings:read"], None).await;
    let stranger = Directory {
        key: reader.credential.unwrap(),
        ..directory
    };
    let refused = stranger.get("/Users").await;
    assert_eq!(code(&refused), "key_refused");
    assert_eq!(refused.headers[header::WWW_AUTHENTICATE], "Bearer");
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn whom_a_directory_brings_and_changes_is_on_record_once_each_time() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let directory = Directory::of(&owner).await;
    let before = server.entries().await.len();

    let bo = directory.bring(BO, "42").await;
    let renamed = json!([{"op": "replace", "path": "displayName", "value": "Bo H."}]);
    let renamed = directory.patch(&format!("/Users/{bo}"), renamed).await;
    assert_eq!(code(&renamed), "");

    let entries = server.entries().await.split_off(before);
    let records: Vec<_> = entries
        .iter()
        .map(|entry| (entry.event.name(), entry.outcome))
        .filter(|(name, _)| name.starts_with("user."))
        .collect();
    assert_eq!(
        records,
        [
            ("user.provision", Outcome::Done),
            ("user.provision_change", Outcome::Done)
        ]
    );
    server.stop().await;
}

#[tokio::test]
async fn a_directory_reads_and_changes_people_in_the_version_that_it_read() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let directory = Directory::of(&owner).await;
    let bo = directory.bring(BO, "42").await;
    directory.bring("cy@riverside.example", "43").await;
    for discovery in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"] {
        assert_eq!(code(&directory.get(discovery).await), "", "{discovery}");
    }

    for (query, total, listed) in [
        ("", 2, 2),
        ("?startIndex=2&count=1", 2, 1),
        ("?count=0", 2, 0),
        ("?filter=externalId%20eq%20%2242%22", 1, 1),
        (
            "?filter=userName%20eq%20%22BO.HADLEY%40riverside.example%22",
            1,
            1,
        ),
        ("?filter=userName%20eq%20%22nobody%22", 0, 0),
    ] {
        let found = directory.get(&format!("/Users{query}")).await;
        assert_eq!(found.body["totalResults"], total, "{query} {}", found.body);
        assert_eq!(found.body["Resources"].as_array().unwrap().len(), listed);
    }
    let wrong = directory.get("/Users?filter=userName%20sw%20%22b%22").await;
    assert_eq!(code(&wrong), "scim_filter");
    assert_eq!(wrong.body["scimType"], "invalidFilter");

    let user = format!("/Users/{bo}");
    let read = directory.get(&user).await;
    let version = read.headers[header::ETAG].to_str().unwrap().to_owned();
    let body = json!({
        "schemas": [USER],
        "userName": "bo@riverside.example",
        "displayName": "Bo H.",
        "active": true,
    });
    let put = async |version: Option<&str>| {
        let body = Some(body.clone());
        directory.send_for(Method::PUT, &user, body, version).await
    };
    let changed = put(Some(&version)).await;
    assert_eq!(changed.body["displayName"], "Bo H.", "{}", changed.body);
    assert_eq!(changed.body["externalId"], "42");
    let stale = put(Some(&version)).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(code(&stale), "scim_version");
    assert_eq!(code(&put(None).await), "");
    let again = json!({"userName": "ed@riverside.example", "externalId": "43"});
    let again = directory.send(Method::POST, "/Users", Some(again)).await;
    assert_eq!(code(&again), "external_id_taken");
    // The address of whom it only found is its holder's.
    let di = owner.invited("di@riverside.example", "member").await;
    let found = format!("/Users/{}", di.account().await);
    let moved = json!([{"op": "replace", "path": "userName", "value": "evil@riverside.example"}]);
    assert_eq!(
        code(&directory.patch(&found, moved).await),
        "scim_mutability"
    );
    // Nor is it moved by a letter's case, nor of somebody whom people gave a role.
    let cased = json!([
        {"op": "replace", "path": "userName", "value": "DI@riverside.example"},
        {"op": "replace", "path": "displayName", "value": "Di M."},
    ]);
    let cased = directory.patch(&found, cased).await;
    assert_eq!(cased.body["displayName"], "Di M.", "{}", cased.body);
    assert_eq!(cased.body["userName"], "di@riverside.example");
    let account = bo.parse().unwrap();
    assert_eq!(owner.change(account, "approve").await.code(), "");
    let role = format!("/people/{bo}/role");
    let auditor = owner.send(Method::POST, &role, Some(json!({"role": "auditor"})));
    assert_eq!(auditor.await.code(), "");
    let moved = json!([{"op": "replace", "path": "userName", "value": "evil@riverside.example"}]);
    assert_eq!(
        code(&directory.patch(&user, moved).await),
        "scim_mutability"
    );
    let big = json!({"userName": BO, "title": "x".repeat(300 * 1024)});
    let big = directory.send(Method::POST, "/Users", Some(big)).await;
    assert_eq!(code(&big), "body_too_large");
    server.stop().await;
}

#[tokio::test]
async fn a_directory_says_who_is_in_its_own_groups_and_nobody_else_does() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let directory = Directory::of(&owner).await;
    let local = json!({"name": "Ward 1"});
    let local = owner
        .send(Method::POST, "/groups", Some(local))
        .await
        .text("id");
    let bo = directory.bring(BO, "42").await;
    let body = json!({"displayName": "Ward 3", "members": [{"value": bo}]});

    let made = directory.send(Method::POST, "/Groups", Some(body)).await;

    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let group = format!("/Groups/{}", made.text("id"));
    assert_eq!(made.body["members"][0]["value"], bo);
    let cy = directory.bring("cy@riverside.example", "43").await;
    let operations = json!([
        {"op": "Add", "path": "members", "value": [{"value": cy}]},
        {"op": "Remove", "path": format!("members[value eq \"{bo}\"]")},
        {"op": "Replace", "value": {"displayName": "Ward 4"}},
    ]);
    let before = server.entries().await.len();
    let changed = directory.patch(&group, operations).await;
    assert_eq!(changed.body["displayName"], "Ward 4", "{}", changed.body);
    assert_eq!(changed.body["members"].as_array().unwrap().len(), 1);
    assert_eq!(changed.body["members"][0]["value"], cy);
    let entries = server.entries().await.split_off(before);
    let names: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
    assert_eq!(names, ["group.rename", "group.add", "group.remove"]);
    assert!(entries.iter().any(|entry| matches!(
        entry.event,
        Event::GroupAdd { account, .. } if account.to_string() == cy
    )));

    // Pages show it, and change neither name nor people.
    let listed = owner.get("/groups").await.body;
    let groups = listed["groups"].as_array().unwrap();
    let known =
        |id: &str| groups.iter().find(|group| group["id"] == *id).unwrap()["by_directory"].clone();
    assert_eq!(
        (known(&made.text("id")), known(&local)),
        (json!(true), json!(false))
    );
    let id = made.text("id");
    let member = format!("/groups/{id}/members/{cy}");
    for (method, path, body) in [
        (Method::PUT, &member, None),
        (Method::DELETE, &member, None),
        (
            Method::PUT,
            &format!("/groups/{id}"),
            Some(json!({"name": "W"})),
        ),
    ] {
        assert_eq!(
            owner.send(method, path, body).await.code(),
            "managed_by_directory"
        );
    }
    // Others' groups are not there for it, and people who are not its own are no members.
    let others = format!("/Groups/{local}");
    assert_eq!(code(&directory.get(&others).await), "scim_not_found");
    let gone = directory.send(Method::DELETE, &others, None).await;
    assert_eq!(code(&gone), "scim_not_found");
    let taken = json!({"displayName": "ward 1"});
    let taken = directory.send(Method::POST, "/Groups", Some(taken)).await;
    assert_eq!(code(&taken), "group_name_taken");
    let owners = owner.account().await;
    let operations = json!([{"op": "add", "path": "members", "value": [{"value": owners}]}]);
    assert_eq!(
        code(&directory.patch(&group, operations).await),
        "scim_not_found"
    );
    // Whom it put in, and who is an admin by now, it still names: that changes nothing of them, and stops nothing else.
    let account = cy.parse().unwrap();
    assert_eq!(owner.change(account, "approve").await.code(), "");
    let role = format!("/people/{cy}/role");
    let admin = owner.send(Method::POST, &role, Some(json!({"role": "admin"})));
    assert_eq!(admin.await.code(), "");
    let all = json!({"displayName": "Ward 4", "members": [{"value": bo}, {"value": cy}]});
    let put = directory.send(Method::PUT, &group, Some(all)).await;
    assert_eq!(
        put.body["members"].as_array().unwrap().len(),
        1,
        "{}",
        put.body
    );
    assert_eq!(put.body["members"][0]["value"], bo);
    assert_eq!(owner.send(Method::DELETE, &member, None).await.code(), "");
    let looked_up = "/Groups?excludedAttributes=members&filter=displayName%20eq%20%22ward%204%22";
    let found = directory.get(looked_up).await;
    assert_eq!(found.body["totalResults"], 1, "{}", found.body);
    assert_eq!(found.body["Resources"][0]["members"], Value::Null);

    let deleted = directory.send(Method::DELETE, &group, None).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT, "{}", deleted.body);
    assert_eq!(code(&directory.get(&group).await), "scim_not_found");
    server.stop().await;
}
