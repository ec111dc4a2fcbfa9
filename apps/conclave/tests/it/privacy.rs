//! Nothing of a person reaches a log line, whatever the operator asks to be logged, nor an entry of the audit log.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use reqwest::Method;
use serde_json::json;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::caller::{Caller, EMAIL, PASSWORD};
use crate::server_in_a_box::Server;

// Shows: ABUSE-33, ABUSE-64.
#[tokio::test]
async fn no_log_line_names_anybody() {
    let lines = Lines::default();
    // An operator who asks for a carrier's lines by name gets no more of them.
    let filter = conclave::logging::filter("trace,hyper_util::client=trace,str0m=trace");
    let layer = tracing_subscriber::fmt::layer().with_writer({
        let lines = lines.clone();
        move || lines.clone()
    });
    tracing_subscriber::registry()
        .with(layer.with_filter(filter.unwrap()))
        .init();

    let (canaries, entries, figures) = tell_every_story().await;

    let text = lines.text();
    assert!(text.contains("answered"), "nothing was captured");
    for (what, canary) in canaries {
        assert!(!canary.is_empty(), "{what}");
        let line = text.lines().find(|line| line.contains(&canary));
        assert_eq!(line, None, "{what} is logged");
        let entry = entries.iter().find(|entry| entry.contains(&canary));
        assert_eq!(entry, None, "{what} is in the audit log");
        assert!(!figures.contains(&canary), "{what} is in a figure");
    }
}

/// Goes through the API, rightly and wrongly, and gives back what must not be read anywhere.
async fn tell_every_story() -> (Vec<(&'static str, String)>, Vec<String>, String) {
    let server = Server::start().await;
    let token = server.owner_token();
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Canary Hostess").await;
    let nobody = Caller::nobody(&server);
    let guest = nobody.knock(&meeting, "Canary Guest").await;
    let admit = format!("/meetings/{}/lobby/{}/admit", meeting.id, guest.participant);
    host.post(&admit).await;
    let ticket = guest
        .post(&format!("/meetings/{}/ticket", meeting.id))
        .await
        .text("ticket");
    let validate = format!(
        "{}/rtc/validate?protocol=17&access_token={ticket}",
        server.url()
    );
    reqwest::get(validate).await.unwrap();
    let wrong = json!({"email": EMAIL, "password": "canary wrong password"});
    nobody.send(Method::POST, "/session", Some(wrong)).await;
    let malformed = json!({"title": "Canary Title", "unknown canary": 1});
    owner.send(Method::POST, "/meetings", Some(malformed)).await;
    for path in ["/j/123-456-781", "/api/v1/canary-path", "/canary-file"] {
        reqwest::get(format!("{}{path}", server.url()))
            .await
            .unwrap();
    }
    guest.post(&format!("/meetings/{}/leave", meeting.id)).await;
    host.post(&format!("/meetings/{}/end", meeting.id)).await;
    Caller::sign_in(&server)
        .await
        .send(Method::DELETE, "/session", None)
        .await;
    let recorded = server.store().recorded_after(0, 10_000).await.unwrap();
    assert!(recorded.len() > 10, "nothing was recorded");
    let entries = recorded
        .into_iter()
        .map(|row| String::from_utf8(row.bytes).unwrap())
        .collect();
    let figures = format!("{}/metrics", server.admin_url());
    let figures = reqwest::get(figures).await.unwrap().text().await.unwrap();
    server.stop().await;
    let plain_code = meeting.code.replace('-', "");
    let canaries = vec![
        ("the one-time link", token),
        ("an e-mail address", EMAIL.to_owned()),
        ("a password", PASSWORD.to_owned()),
        ("a wrong password", "canary wrong password".to_owned()),
        ("a host's name", "Canary Hostess".to_owned()),
        ("a guest's name", "Canary Guest".to_owned()),
        ("a title", "Canary Title".to_owned()),
        ("an organisation", "Riverside".to_owned()),
        ("a session", owner.cookie.unwrap_or_default()),
        ("a credential", guest.credential.unwrap_or_default()),
        ("a ticket", ticket),
        ("an invitation", meeting.proof),
        ("a meeting's code", meeting.code),
        ("a meeting's code without dashes", plain_code),
        ("the code in a page's address", "123-456-781".to_owned()),
        ("a path", "canary-path".to_owned()),
        ("an unknown field", "unknown canary".to_owned()),
        ("an address", "127.0.0.1".to_owned()),
    ];
    (canaries, entries, figures)
}

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
