//! A place in a meeting is more than a row: whoever loses it is neither seen nor heard any more.

use std::time::{Duration, Instant};

use conclave::config::{Admin, Limits, Media, Meetings, Passwords};
use conclave::{Clock, Config, Running};
use conclave_client::{AudioOptions, Connection, End, Event, Options, VideoOptions, proto};
use conclave_store::UpkeepReason;
use conclave_store::action::SetConnected;
use conclave_testkit::Owner;
use reqwest::{Client, RequestBuilder, Response, header};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::timeout;

// Shows: ABUSE-25.
#[tokio::test]
async fn whoever_loses_their_place_is_neither_seen_nor_heard_any_more() {
    let server = Served::with_places(2).await;
    let owner = Visitor::owner(&server).await;
    let meeting = owner.meet().await;
    let (amy, bo) = (
        owner.come(&meeting, "Amy").await,
        Visitor::of(&server).come(&meeting, "Bo").await,
    );
    let mut host = amy.publish(&server, &meeting).await;
    let mut guest = bo.publish(&server, &meeting).await;
    heard_by(&host, 2).await;
    heard_by(&guest, 2).await;
    // As if the database had not been told that they came.
    let presence = SetConnected {
        participant: bo.participant.parse().unwrap(),
        connected: false,
        at: server.clock.now(),
    };
    let store = server.running.store();
    let written = store.write_unaudited(UpkeepReason::Presence, presence);
    written.await.unwrap();
    server.clock.advance(Duration::from_secs(121));

    Visitor::of(&server).come(&meeting, "Cy").await;

    let end = until(&mut guest, |event| match event {
        Event::Ended(end) => Some(end),
        _ => None,
    });
    // Their media may be gone before they read why: then they come back, and are refused.
    let end = end.await;
    let sent_away = matches!(
        end,
        End::Told(proto::DisconnectReason::ParticipantRemoved) | End::Refused(Some(401))
    );
    assert!(sent_away, "{end:?}");
    let gone = until(&mut host, |event| match event {
        Event::ParticipantLeft(info) => Some(info.identity),
        _ => None,
    });
    assert_eq!(gone.await, bo.participant);
    assert_eq!(bo.ticket(&meeting).await, None);
    server.running.stop().await;
}

/// Waits until so many tracks arrive.
pub(crate) async fn heard_by(person: &Connection, tracks: usize) {
    let arrives = async {
        loop {
            let reports = person.with(|endpoint, now| endpoint.track_reports(now));
            let reports = reports.await.expect("the connection goes on");
            if reports.iter().filter(|report| report.frames > 0).count() >= tracks {
                return;
            }
            // The client's own task makes the progress.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, arrives).await.unwrap();
}

/// The first event that is what the caller waits for.
pub(crate) async fn until<T>(person: &mut Connection, wanted: impl Fn(Event) -> Option<T>) -> T {
    let comes = async {
        loop {
            let event = person
                .next_event()
                .await
                .expect("nothing was left to wait for");
            if let Some(found) = wanted(event) {
                return found;
            }
        }
    };
    timeout(PATIENCE, comes).await.unwrap()
}

/// A server in this process, with a clock that can be moved.
pub(crate) struct Served {
    pub(crate) running: Running,
    pub(crate) clock: Clock,
    _directory: TempDir,
}

impl Served {
    pub(crate) async fn with_places(participants: usize) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let any = "127.0.0.1:0".parse().unwrap();
        let config = Config {
            listen: any,
            data_dir: directory.path().join("data"),
            dev: true,
            admin: Admin {
                listen: any,
                ..Admin::default()
            },
            media: Media {
                port: 0,
                threads: 1,
                ..Media::default()
            },
            // These clients encrypt nothing end to end.
            meetings: Meetings {
                require_end_to_end_encryption: false,
                ..Meetings::default()
            },
            limits: Limits {
                participants,
                ..Limits::default()
            },
            passwords: Passwords {
                memory_kib: Passwords::LEAST_MEMORY_KIB,
                passes: 2,
                ..Passwords::default()
            },
            ..Config::default()
        };
        let clock = Clock::default();
        let running = conclave::Server::start_at(config, clock.clone()).await;
        Self {
            running: running.unwrap(),
            clock,
            _directory: directory,
        }
    }

    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.running.addresses().main
    }
}

/// Somebody at a browser.
pub(crate) struct Visitor {
    client: Client,
    url: String,
    cookie: Option<String>,
    pub(crate) participant: String,
    credential: Option<String>,
}

pub(crate) struct Meeting {
    id: String,
    code: String,
}

impl Visitor {
    pub(crate) fn of(server: &Served) -> Self {
        Self {
            client: Client::new(),
            url: format!("http://{}", server.address()),
            cookie: None,
            participant: String::new(),
            credential: None,
        }
    }

    pub(crate) async fn owner(server: &Served) -> Self {
        let mut owner = Self::of(server);
        let link = server.running.owner_link().unwrap();
        let (_, token) = link.split_once('#').unwrap();
        let made = Owner::make(server.address(), token, "Amy Weatherwax").await;
        owner.cookie = Some(made.unwrap().cookie);
        owner
    }

    pub(crate) async fn meet(&self) -> Meeting {
        let body = json!({"title": "Morning visit", "invitation_verifier": VERIFIER});
        let made = self.post("/meetings", body).await;
        Meeting {
            id: made["id"].as_str().unwrap().to_owned(),
            code: made["code"].as_str().unwrap().to_owned(),
        }
    }

    /// By the invitation link.
    pub(crate) async fn come(&self, meeting: &Meeting, name: &str) -> Self {
        let body = json!({"display_name": name, "invitation_proof": PROOF});
        self.join(meeting, body).await
    }

    /// By the code alone.
    pub(crate) async fn knock(&self, meeting: &Meeting, name: &str) -> Self {
        self.join(meeting, json!({"display_name": name})).await
    }

    async fn join(&self, meeting: &Meeting, body: Value) -> Self {
        let path = format!("/meetings/{}/join", meeting.code);
        let joined = self.post(&path, body).await;
        self.placed(&joined)
    }

    /// The computer that they present, which nobody may use yet.
    pub(crate) async fn bring(&self, meeting: &Meeting) -> Self {
        let path = format!("/meetings/{}/companion", meeting.id);
        let offered = self.post(&path, Value::Null).await;
        let code = json!({"code": offered["code"]});
        let brought = self.post("/companions", code).await;
        self.placed(&brought)
    }

    fn placed(&self, joined: &Value) -> Self {
        Self {
            client: self.client.clone(),
            url: self.url.clone(),
            cookie: self.cookie.clone(),
            participant: joined["participant"].as_str().unwrap().to_owned(),
            credential: joined["credential"].as_str().map(str::to_owned),
        }
    }

    /// Who has no place gets none.
    pub(crate) async fn ticket(&self, meeting: &Meeting) -> Option<String> {
        let path = format!("/meetings/{}/ticket", meeting.id);
        let answer = self.post(&path, Value::Null).await;
        answer["ticket"].as_str().map(str::to_owned)
    }

    /// In the meeting's room.
    pub(crate) async fn enter(&self, server: &Served, meeting: &Meeting) -> Connection {
        connect(server, self.ticket(meeting).await.unwrap()).await
    }

    /// With what they have in place of a ticket.
    pub(crate) async fn enter_by_credential(&self, server: &Served) -> Connection {
        connect(server, self.credential.clone().unwrap()).await
    }

    /// As a host: `mute-all`, and what else is a command without a body.
    pub(crate) async fn lead(&self, meeting: &Meeting, command: &str) {
        let key = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
        let path = format!("/meetings/{}/{command}", meeting.id);
        let request = self
            .request(&path)
            .header("idempotency-key", key.to_string());
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// With a camera and a microphone.
    pub(crate) async fn publish(&self, server: &Served, meeting: &Meeting) -> Connection {
        let person = self.enter(server, meeting).await;
        let published = person.with(|endpoint, now| {
            endpoint.publish_video(now, &VideoOptions::small_camera())?;
            endpoint.publish_audio(now, &AudioOptions::default())
        });
        published.await.unwrap().unwrap();
        person
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.send(path, body).await.json().await.unwrap()
    }

    async fn send(&self, path: &str, body: Value) -> Response {
        self.request(path).json(&body).send().await.unwrap()
    }

    fn request(&self, path: &str) -> RequestBuilder {
        let request = self.client.post(format!("{}/api/v1{path}", self.url));
        let mut request = request
            .header(header::ORIGIN, &self.url)
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(credential) = &self.credential {
            request = request.bearer_auth(credential);
        }
        request
    }
}

async fn connect(server: &Served, token: String) -> Connection {
    let url = format!("ws://{}", server.address());
    let options = Options::new(url, token, Instant::now());
    Connection::open(options).await.unwrap()
}

/// The secret of an invitation in tests, and the hash by which the server knows it.
const PROOF: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const VERIFIER: &str = "Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU";

const PATIENCE: Duration = Duration::from_secs(30);
