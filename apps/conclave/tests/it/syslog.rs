//! A collector that is the real rsyslog, over TLS in which both show who they are.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use conclave::Config;
use conclave::config::{Syslog, SyslogFormat};
use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::net::unix::pipe;
use tokio::time::timeout;

use crate::caller::{Caller, EMAIL};
use crate::server_in_a_box::Server;
use crate::tls::made_in;

struct Collector {
    directory: TempDir,
    port: u16,
    heard: Lines<BufReader<pipe::Receiver>>,
    process: Child,
}

/// A message as rsyslog understood it.
struct Message {
    priority: String,
    program: String,
    id: String,
    structured: String,
    body: String,
}

impl Collector {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        made_in(directory.path());
        let at = directory.path();
        std::fs::write(at.join("rsyslog.conf"), configuration(at, port)).unwrap();
        let made = Command::new("mkfifo").arg(at.join("out")).status();
        assert!(made.unwrap().success());
        // Open for writing too: so it has no end while rsyslog is away.
        let out = pipe::OpenOptions::new()
            .read_write(true)
            .open_receiver(at.join("out"))
            .unwrap();
        let mut collector = Self {
            process: begin(at),
            heard: BufReader::new(out).lines(),
            directory,
            port,
        };
        assert_eq!(collector.next().await.program, "rsyslogd");
        collector
    }

    async fn begin_again(&mut self) {
        self.process = begin(self.directory.path());
        assert_eq!(self.next().await.program, "rsyslogd");
    }

    fn end(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn configure(&self, format: SyslogFormat) -> impl FnOnce(&mut Config) {
        let at = self.directory.path();
        let syslog = Syslog {
            server: "localhost".to_owned(),
            port: self.port,
            format,
            authority: Some(at.join("certificate.pem")),
            certificate: Some(at.join("certificate.pem")),
            key: Some(at.join("key.pem")),
        };
        move |config| config.syslog = Some(syslog)
    }

    async fn next(&mut self) -> Message {
        let line = timeout(Duration::from_secs(60), self.heard.next_line()).await;
        let line = line.unwrap().unwrap().unwrap();
        let mut parts = line.split('\t').map(str::to_owned);
        let mut part = || parts.next().unwrap();
        Message {
            priority: part(),
            program: part(),
            id: part(),
            structured: part(),
            body: part(),
        }
    }

    /// The next that comes from this server.
    async fn next_entry(&mut self) -> Message {
        loop {
            let message = self.next().await;
            if message.program == "conclave" {
                return message;
            }
        }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

fn configuration(at: &Path, port: u16) -> String {
    let file = |name: &str| at.join(name).display().to_string();
    let (certificate, key, out) = (file("certificate.pem"), file("key.pem"), file("out"));
    format!(
        r#"global(workDirectory="{at}" maxMessageSize="16k" processInternalMessages="on"
           defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="{certificate}"
           defaultNetstreamDriverCertFile="{certificate}" defaultNetstreamDriverKeyFile="{key}")
        module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
        input(type="imtcp" address="127.0.0.1" port="{port}")
        template(name="line" type="string"
           string="%pri%\t%app-name%\t%msgid%\t%structured-data%\t%msg%\n")
        action(type="ompipe" pipe="{out}" template="line")
        "#,
        at = at.display()
    )
}

fn begin(at: &Path) -> Child {
    let mut rsyslog = Command::new("/usr/sbin/rsyslogd");
    rsyslog.arg("-n").arg("-f").arg(at.join("rsyslog.conf"));
    rsyslog.arg("-i").arg(at.join("pid"));
    rsyslog.stdin(Stdio::null()).stderr(Stdio::null());
    rsyslog.spawn().unwrap()
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn every_entry_reaches_the_collector_in_order_also_what_happened_while_it_was_away() {
    let mut collector = Collector::start().await;
    let server = Server::start_with(collector.configure(SyslogFormat::Json)).await;

    Caller::owner(&server).await;
    let (last, entries) = server.entries_after(0).await;
    let mut bodies = Vec::new();
    for entry in &entries {
        let message = collector.next_entry().await;
        assert_eq!(message.id, entry.event.name());
        assert!(message.structured.contains("software=\"conclave\""));
        bodies.push(message.body);
    }
    let recorded = server.store().recorded_after(0, 1_000).await.unwrap();
    for (body, recorded) in bodies.iter().zip(&recorded) {
        assert_eq!(body.as_bytes(), recorded.bytes);
    }

    collector.end();
    let stranger = Caller::nobody(&server);
    let wrong = json!({ "email": EMAIL, "password": "not it at all, is it" });
    let tried = stranger.send(Method::POST, "/session", Some(wrong)).await;
    assert_eq!(tried.status, 401);
    collector.begin_again().await;

    let (_, later) = server.entries_after(last).await;
    let name = later.last().unwrap().event.name();
    assert_eq!(name, "auth.fail");
    // What was sent shortly before the break comes again: nobody said that it had arrived.
    let again = loop {
        let message = collector.next_entry().await;
        if message.id == name {
            break message;
        }
    };
    // Facility "log audit", severity "warning".
    assert_eq!(again.priority, "108");
    server.stop().await;
}

// Shows: ABUSE-63.
#[tokio::test]
async fn a_collector_that_wants_cef_gets_a_line_of_its_fields() {
    let mut collector = Collector::start().await;
    let server = Server::start_with(collector.configure(SyslogFormat::Cef)).await;

    Caller::owner(&server).await;

    let message = loop {
        let message = collector.next_entry().await;
        if message.id == "user.create_owner" {
            break message;
        }
    };
    assert!(
        message.body.starts_with("CEF:0|Conclave|conclave|"),
        "{}",
        message.body
    );
    assert!(
        message
            .body
            .contains(" act=user.create_owner outcome=done "),
        "{}",
        message.body
    );
    server.stop().await;
}
