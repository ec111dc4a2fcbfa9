//! A mail server on loopback that takes every letter and keeps it (RFC 5321, 3207 and 4954, as far as they are needed).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use conclave::Config;
use conclave::config::{Mail, MailSecurity};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::tls::self_signed;

pub(crate) const PASSWORD: &str = "the mail server's own";
const USER: &str = "conclave";

pub(crate) struct Letterbox {
    port: u16,
    events: mpsc::UnboundedReceiver<Happened>,
    /// Its certificate, and passwords.
    files: TempDir,
}

enum Happened {
    Came(Letter),
    /// A connection ended before a letter was given.
    TurnedAway,
}

pub(crate) struct Letter {
    pub(crate) to: String,
    /// Headers and body, lines ended by a line feed.
    pub(crate) text: String,
}

impl Letterbox {
    /// Takes letters from everybody, without TLS.
    pub(crate) async fn open() -> Self {
        let files = tempfile::tempdir().unwrap();
        Self::open_as(files, None).await
    }

    /// Takes letters after STARTTLS, from whoever knows the password.
    pub(crate) async fn open_with_tls() -> Self {
        let files = tempfile::tempdir().unwrap();
        let acceptor = self_signed(files.path());
        Self::open_as(files, Some(acceptor)).await
    }

    async fn open_as(files: TempDir, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, events) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, sender) = (tls.clone(), sender.clone());
                tokio::spawn(async move {
                    let visit = match tls {
                        None => talk(stream, false, &sender).await,
                        Some(tls) => after_starttls(stream, tls, &sender).await,
                    };
                    if visit.is_none() {
                        // The test may be over.
                        let _told = sender.send(Happened::TurnedAway);
                    }
                });
            }
        });
        Self {
            port,
            events,
            files,
        }
    }

    /// The server's mail comes here.
    pub(crate) fn configure(&self, config: &mut Config) {
        config.mail = Some(Mail {
            server: "127.0.0.1".to_owned(),
            port: self.port,
            security: MailSecurity::None,
            from: "Conclave <conclave@riverside.example>".to_owned(),
            user: None,
            password_file: None,
            authority: None,
        });
    }

    /// As [`Self::configure`], by STARTTLS.
    pub(crate) fn configure_tls(&self, config: &mut Config, authority: bool, password: &str) {
        let file = |name: &str| self.files.path().join(name);
        std::fs::write(file("password"), format!("{password}\n")).unwrap();
        self.configure(config);
        let mail = config.mail.as_mut().unwrap();
        mail.server = "localhost".to_owned();
        mail.security = MailSecurity::Starttls;
        mail.user = Some(USER.to_owned());
        mail.password_file = Some(file("password"));
        mail.authority = authority.then(|| file("certificate.pem"));
    }

    pub(crate) async fn next(&mut self) -> Letter {
        match self.event().await {
            Happened::Came(letter) => letter,
            Happened::TurnedAway => panic!("a connection ended without a letter"),
        }
    }

    /// A connection ends before a letter is given.
    pub(crate) async fn turned_away(&mut self) {
        if let Happened::Came(_) = self.event().await {
            panic!("a letter came");
        }
    }

    async fn event(&mut self) -> Happened {
        let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        event.unwrap().unwrap()
    }

    /// Nothing has come that was not looked at.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.events.try_recv().is_err()
    }
}

impl Letter {
    /// The secret of the link to this page.
    pub(crate) fn secret(&self, page: &str) -> String {
        let (_, after) = self.text.split_once(&format!("/{page}#")).unwrap();
        after.lines().next().unwrap().trim().to_owned()
    }
}

const PATIENCE: Duration = Duration::from_secs(20);

type Events = mpsc::UnboundedSender<Happened>;

async fn after_starttls(stream: TcpStream, tls: TlsAcceptor, events: &Events) -> Option<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 letterbox\r\n").await.ok()?;
    let mut line = String::new();
    while stream.read_line(&mut line).await.ok()? > 0 {
        if line.starts_with("STARTTLS") {
            stream.write_all(b"220 Go\r\n").await.ok()?;
            let stream = tls.accept(stream.into_inner()).await.ok()?;
            return talk(stream, true, events).await;
        }
        stream
            .write_all(b"250-letterbox\r\n250 STARTTLS\r\n")
            .await
            .ok()?;
        line.clear();
    }
    None
}

/// `None` when no letter was given.
async fn talk(stream: impl AsyncRead + AsyncWrite, is_secret: bool, events: &Events) -> Option<()> {
    let (reader, mut writer) = tokio::io::split(stream);
    let mut lines = BufReader::new(reader).lines();
    let mut to = String::new();
    let mut given = None;
    let mut may = !is_secret;
    if !is_secret {
        writer.write_all(b"220 letterbox\r\n").await.ok()?;
    }
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match line.get(..4).unwrap_or_default() {
            "EHLO" if is_secret => "250-letterbox\r\n250 AUTH PLAIN",
            "AUTH" => {
                let right = STANDARD.encode(format!("\0{USER}\0{PASSWORD}"));
                may = line == format!("AUTH PLAIN {right}");
                if may { "235 Yes" } else { "535 No" }
            }
            "MAIL" | "RCPT" | "DATA" if !may => "530 Who?",
            "RCPT" => {
                to = line;
                "250 OK"
            }
            "DATA" => {
                writer.write_all(b"354 Go on\r\n").await.ok()?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                    text.push_str(&line);
                    text.push('\n');
                }
                let to = to.clone();
                events.send(Happened::Came(Letter { to, text })).ok()?;
                given = Some(());
                "250 OK"
            }
            "QUIT" => "221 Goodbye",
            _ => "250 OK",
        };
        let answer = format!("{answer}\r\n");
        if writer.write_all(answer.as_bytes()).await.is_err() {
            break;
        }
    }
    given
}
