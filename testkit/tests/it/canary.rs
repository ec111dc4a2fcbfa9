//! What is said in an encrypted meeting is nowhere on the server: not in its memory, its files, its log or on its wires (abuse case 44).
//!
//! The same scenario in a developer's room without encryption must find it all, or the search finds nothing.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::slice;
use std::time::{Duration, Instant};

use conclave_client::{AudioOptions, Connection, DataMessage, Event, Options, TrackReport};
use conclave_testkit::{Memory, Person, Practice, Relay, Server};

const PROGRAM: &str = env!("CARGO_BIN_EXE_conclave-in-a-box");
const CONFIG: &str = "[logging]\nfilter = \"debug\"\n\
                      [passwords]\nmemory_kib = 19456\npasses = 2\n";

// Shows: REQ-CR-01, REQ-CR-02, REQ-CR-07, REQ-CR-09, REQ-MODE-02.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_in_a_meeting_is_nowhere_on_the_server_where_all_else_is_found() {
    let markers = Markers::new();
    let scene = Scene::set().await;

    meet(&scene, &markers).await;
    assert_eq!(scene.search(&markers.said()), Found::default());

    meet_without_encryption(&scene, &markers).await;
    let found = scene.search(&[markers.name]);
    assert!(found.wires > 0, "{found:?}");
}

async fn meet(scene: &Scene, markers: &Markers) {
    let relayed = scene.relay.address();
    let practice = Practice::open(relayed, scene.server.owner_token()).await;
    let practice = practice.unwrap();
    let invitation = practice.invite().await.unwrap();
    let host = Person::host(relayed, &practice, &invitation).await;
    let mut host = host.unwrap();
    host.sends().await.unwrap();
    let mut bo = Person::come(relayed, &invitation, "Bo").await.unwrap();
    let epoch = bo.sends().await.unwrap();
    host.sends_in(epoch).await.unwrap();
    for person in [&mut host, &mut bo] {
        person.connect(Instant::now()).await.unwrap();
        person.speak().await.unwrap();
    }
    let (from, to) = (host.media().unwrap(), bo.media().unwrap());
    open([&mut *from, &mut *to]).await;
    talk(from, to, markers).await;
    let heard = |reports: &[TrackReport]| reports.iter().any(|report| report.frames > 25);
    host.until("heard", heard).await.unwrap();

    // The secret is part of the link; the server knows only what it verifies it by.
    let link = invitation.link("");
    let (_, fragment) = link.split_once('#').unwrap();
    let (secret, _) = fragment.split_once('.').unwrap();
    let secrets = [invitation.secret.to_vec(), secret.as_bytes().to_vec()];
    assert_eq!(scene.search(&secrets), Found::default());

    // What it has to know to hold a meeting, as its title, is in its store, and in no line that an operator reads.
    let known = scene.search(&[b"Morning visit".to_vec()]);
    assert!(known.files > 0, "{known:?}");
    assert_eq!(known.log, 0, "{known:?}");
}

async fn meet_without_encryption(scene: &Scene, markers: &Markers) {
    let mut people = Vec::new();
    for identity in ["host", "bo"] {
        let token = scene.server.token("room", identity);
        let url = format!("ws://{}", scene.relay.address());
        let options = Options::new(url, token, Instant::now());
        let person = Connection::open(options).await.unwrap();
        // What goes over the signal connection passes the relay in clear.
        let audio = AudioOptions {
            name: String::from_utf8(markers.name.clone()).unwrap(),
            ..AudioOptions::default()
        };
        let spoken = person.with(move |endpoint, now| endpoint.publish_audio(now, &audio));
        spoken.await.unwrap().unwrap();
        people.push(person);
    }
    let [host, bo] = &mut people[..] else {
        panic!("two people");
    };
    open([&mut *host, &mut *bo]).await;
    // What was forwarded stays in memory until something else lies there: looked for again and again.
    let mut missing = markers.said().to_vec();
    for _ in 0..TRIES {
        talk(host, bo, markers).await;
        missing.retain(|marker| scene.search(slice::from_ref(marker)).memory == 0);
        if missing.is_empty() {
            return;
        }
    }
    panic!("{} of the markers were never in memory", missing.len());
}

const TRIES: usize = 20;

/// A file that a program wrote is found among the server's, and so is a line of its log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_search_looks_into_files_and_the_log() {
    let scene = Scene::set().await;
    let file = scene.server.directory().join("data/left behind");
    std::fs::write(file, b"canary on disk").unwrap();

    assert_eq!(scene.search(&[b"canary on disk".to_vec()]).files, 1);
    assert!(scene.search(&[b"serving".to_vec()]).log > 0);
}

async fn open(people: [&mut Connection; 2]) {
    for person in people {
        let open = |event: &Event| matches!(event, Event::DataOpen { reliable: true });
        wait_for(person, open).await;
    }
}

/// A chat, then a file in pieces, and the other has it all.
async fn talk(from: &mut Connection, to: &mut Connection, markers: &Markers) {
    let chat = DataMessage {
        reliable: true,
        topic: Some("conclave.chat".to_owned()),
        payload: markers.chat.clone(),
        ..DataMessage::default()
    };
    let piece = DataMessage {
        topic: Some("conclave.file".to_owned()),
        payload: markers.file.repeat(PIECE / markers.file.len()),
        ..chat.clone()
    };
    let messages = std::iter::once(chat).chain(std::iter::repeat_n(piece, PIECES));
    for message in messages {
        say(from, message).await;
    }
    let mut pieces = 0;
    while pieces < PIECES {
        wait_for(to, |event| match event {
            Event::Data(received) => {
                let payload = received.payload().unwrap_or_default();
                payload.starts_with(&markers.file)
            }
            _ => false,
        })
        .await;
        pieces += 1;
    }
}

const PIECE: usize = 16 * 1024;
const PIECES: usize = 20;

/// As soon as there is a way.
async fn say(from: &Connection, message: DataMessage) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let words = message.clone();
        let sent = from
            .with(move |endpoint, now| endpoint.send_data(now, &words))
            .await;
        match sent.unwrap() {
            Ok(()) => return,
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn wait_for(person: &mut Connection, what: impl Fn(&Event) -> bool) {
    let found = async {
        while let Some(event) = person.next_event().await {
            if what(&event) {
                return;
            }
        }
        panic!("the connection has ended");
    };
    tokio::time::timeout(PATIENCE, found).await.unwrap();
}

const PATIENCE: Duration = Duration::from_secs(60);

/// Words that are nowhere else.
struct Markers {
    chat: Vec<u8>,
    file: Vec<u8>,
    /// Of a track: in a meeting it is drawn, and says nothing.
    name: Vec<u8>,
}

impl Markers {
    /// Made at run time, and in no program's constants.
    fn new() -> Self {
        let number = std::process::id();
        Self {
            chat: format!("canary in a chat {number:08x}").into_bytes(),
            name: format!("canary in a name {number:08x}").into_bytes(),
            file: format!("CANARY in a file {number:08x}").into_bytes(),
        }
    }

    fn said(&self) -> [Vec<u8>; 2] {
        [self.chat.clone(), self.file.clone()]
    }
}

/// A server behind a relay, whose log is kept.
struct Scene {
    server: Server,
    relay: Relay,
    logs: tempfile::TempDir,
}

/// How often something was found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    memory: usize,
    files: usize,
    log: usize,
    wires: usize,
}

impl Scene {
    async fn set() -> Self {
        let logs = tempfile::tempdir().unwrap();
        let log = std::fs::File::create(logs.path().join("log")).unwrap();
        let server = Server::start_with(Path::new(PROGRAM), CONFIG, Stdio::from(log)).unwrap();
        let address: SocketAddr = server.address();
        Self {
            relay: Relay::to(address).await.unwrap(),
            server,
            logs,
        }
    }

    fn search(&self, markers: &[Vec<u8>]) -> Found {
        let memory = Memory::of(self.server.process()).unwrap();
        assert!(memory.len() > 1 << 20);
        let sum = |count: &dyn Fn(&[u8]) -> usize| markers.iter().map(|m| count(m)).sum();
        Found {
            memory: sum(&|marker| memory.count(marker)),
            files: sum(&|marker| count_in(self.server.directory(), marker)),
            log: sum(&|marker| count_in(self.logs.path(), marker)),
            wires: sum(&|marker| self.relay.count(marker)),
        }
    }
}

/// In all files below the folder.
fn count_in(folder: &Path, marker: &[u8]) -> usize {
    let entries = std::fs::read_dir(folder).unwrap();
    let counts = entries.map(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return count_in(&path, marker);
        }
        // Databases remove their journals while we look.
        let bytes = std::fs::read(&path).unwrap_or_default();
        let windows = bytes.windows(marker.len());
        windows.filter(|window| *window == marker).count()
    });
    counts.sum()
}
