//! Every route that changes something leaves exactly its entries.

mod act;
mod answer;
mod integrity;
mod paths;
mod preparation;
mod refusals;
mod signalling;
mod starts;
mod table;

use std::collections::BTreeSet;
use std::time::Duration;

use conclave_audit::Outcome;
use serde_json::{Value, json};

use self::table::ENTRIES;
use crate::authenticator::Authenticator;
use crate::caller::{Caller, Made};
use crate::identity_provider::IdentityProvider;
use crate::letterbox::Letterbox;
use crate::server_in_a_box::Server;
use crate::unattended::Computer;

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
