//! The local file where essential acts wait while the database cannot write.
//!
//! The file has its full size from the start, so that a full disk does not stop it. It holds
//! frames one behind the other, each durable before its act is acknowledged:
//!
//! ```text
//! length of the payload, 4 bytes little-endian   0: no frame follows
//! first 8 bytes of SHA-256(payload)
//! payload: JSON of an act and its audit entries
//! ```
//!
//! Acts are replayed in order, in one transaction. An act whose entry is on record was replayed
//! before a crash that kept the file from being emptied, and is skipped. One that can never be done
//! is set aside, for a person to look at, in a file of one JSON text a line: it must not keep the others
//! from being done. Its entry stays on record, as of an act that failed. There goes also what a server of another version left that this one can't read, before its room is
//! used again.

mod aside;
mod file;

use std::path::Path;
use std::sync::{Arc, RwLock};

use conclave_audit::{Code, Entry, Unwritable};
use conclave_protocol::MeetingId;
use serde::{Deserialize, Serialize};
use sqlx::error::ErrorKind;
use tokio::sync::{Mutex, MutexGuard};

use crate::action::{
    Apply, Deny, EndMeeting, Essential, Expel, Failure, Leave, Revision, RevokeProgram, ShutOut,
    SignOut, TakeBackCoHost,
};
use crate::connection::Connection;
use crate::engine::{Link, statements};
use crate::idempotency::Once;
use crate::outbox::Leaf;
use crate::overlay::Overlay;

use aside::Aside;
pub(crate) use file::SpoolFile;

/// An essential act, as the spool keeps it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    EndMeeting(EndMeeting),
    Deny(Deny),
    Expel(Expel),
    Leave(Leave),
    SignOut(SignOut),
    TakeBackCoHost(TakeBackCoHost),
    ShutOut(ShutOut),
    RevokeProgram(RevokeProgram),
}

/// An act with the entries that tell of it, and the answer that it was given.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Spooled {
    #[serde(flatten)]
    pub(crate) act: Act,
    pub(crate) entry: Entry,
    /// What followed of it. Written with it, so that each is on record once, whenever that is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) more: Vec<Entry>,
    /// The revision that its meeting has after it; 0 for an act without a meeting.
    #[serde(default)]
    pub(crate) foreseen: Revision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) answered: Option<Answered>,
}

/// What the same request is answered when it comes again.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Answered {
    pub(crate) once: Once,
    pub(crate) answer: String,
}

/// What waits, and what readers must know of it.
pub(crate) struct Spool {
    waiting: Mutex<Waiting>,
    overlay: RwLock<Arc<Overlay>>,
}

struct Waiting {
    file: SpoolFile,
    aside: Aside,
    acts: Vec<Spooled>,
    /// Payloads in the file that are no acts to this version.
    unread: Vec<Vec<u8>>,
}

/// The act could not be spooled either.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SpoolError {
    #[error("the spool is full")]
    Full,
    #[error("the spool file could not be written")]
    Io(#[source] std::io::Error),
    #[error(transparent)]
    Entry(#[from] Unwritable),
}

macro_rules! acts {
    ($($act:ident),*) => {
        $(
            impl From<$act> for Act {
                fn from(act: $act) -> Self {
                    Self::$act(act)
                }
            }
        )*

        impl Act {
            /// Whose revision it raises.
            fn meeting(&self) -> Option<MeetingId> {
                match self {
                    $(Self::$act(act) => act.meeting(),)*
                }
            }

            async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
                match self {
                    $(Self::$act(act) => act.apply(link).await.map(drop),)*
                }
            }
        }
    };
}

acts!(
    EndMeeting,
    Deny,
    Expel,
    Leave,
    SignOut,
    TakeBackCoHost,
    ShutOut,
    RevokeProgram
);

impl Spool {
    /// Opens or makes the file at `path`, and reads what waits in it.
    pub(crate) fn open(path: &Path) -> std::io::Result<Self> {
        let (file, payloads) = SpoolFile::open(path)?;
        let mut acts: Vec<Spooled> = Vec::new();
        let mut unread = Vec::new();
        for payload in payloads {
            match serde_json::from_slice(&payload) {
                Ok(act) => acts.push(act),
                Err(_) => unread.push(payload),
            }
        }
        if !unread.is_empty() {
            let unread = unread.len();
            tracing::error!(unread, "the spool holds acts that this version cannot read");
        }
        let overlay = Overlay::of(&acts);
        Ok(Self {
            waiting: Mutex::new(Waiting {
                file,
                aside: Aside::beside(path),
                acts,
                unread,
            }),
            overlay: RwLock::new(Arc::new(overlay)),
        })
    }

    /// Whoever holds this is the only one who adds to what waits, and keeps it from being replayed.
    pub(crate) async fn hold(&self) -> Held<'_> {
        Held {
            spool: self,
            waiting: self.waiting.lock().await,
        }
    }

    /// What waits at this moment. Ask before the database: what is replayed in between is then in it.
    pub(crate) fn overlay(&self) -> Arc<Overlay> {
        let overlay = self.overlay.read();
        Arc::clone(&overlay.unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    pub(crate) async fn is_empty(&self) -> bool {
        self.waiting.lock().await.acts.is_empty()
    }

    /// Makes everything that waits durable in the database, in order, and empties the file. Whether anything waited.
    pub(crate) async fn replay(&self, connection: &mut Connection) -> Result<bool, sqlx::Error> {
        let mut waiting = self.waiting.lock().await;
        if waiting.acts.is_empty() {
            return Ok(false);
        }
        connection.begin().await?;
        let mut impossible = Vec::new();
        for spooled in &waiting.acts {
            if let Replayed::Never(error) = spooled.replay(&mut connection.link()).await? {
                tracing::error!(%error, "a spooled act can never be done; it is set aside");
                impossible.push(spooled);
            }
        }
        waiting.aside.keep(&impossible).map_err(sqlx::Error::Io)?;
        let kept = waiting.aside.keep_unread(&waiting.unread);
        kept.map_err(sqlx::Error::Io)?;
        waiting.unread.clear();
        connection.link().command("COMMIT").await?;
        waiting.acts.clear();
        self.change_overlay(|overlay| *overlay = Overlay::default());
        waiting.file.empty().map_err(sqlx::Error::Io)?;
        Ok(true)
    }

    fn change_overlay(&self, change: impl FnOnce(&mut Overlay)) {
        let overlay = self.overlay.write();
        let mut overlay = overlay.unwrap_or_else(std::sync::PoisonError::into_inner);
        change(Arc::make_mut(&mut overlay));
    }
}

/// The spool while nobody else changes it.
pub(crate) struct Held<'s> {
    spool: &'s Spool,
    waiting: MutexGuard<'s, Waiting>,
}

impl Held<'_> {
    /// Makes an act durable; when this returns, readers respect it. Where what followed has no room, the act comes first.
    pub(crate) fn append(mut self, mut spooled: Spooled) -> Result<(), SpoolError> {
        for entry in spooled.entries_mut() {
            entry.spooled = true;
            entry.to_canonical()?;
        }
        match self.waiting.file.append(&spooled) {
            Err(SpoolError::Full) if !spooled.more.is_empty() => {
                let entries = spooled.more.len();
                tracing::error!(entries, "the spool has no room for what followed of an act");
                spooled.more.clear();
                self.waiting.file.append(&spooled)?;
            }
            appended => appended?,
        }
        self.spool.change_overlay(|overlay| overlay.add(&spooled));
        self.waiting.acts.push(spooled);
        Ok(())
    }
}

/// What became of an act that waited.
enum Replayed {
    Done,
    /// The database is well, and says that this can't be.
    Never(sqlx::Error),
}

impl Spooled {
    fn entries(&self) -> impl Iterator<Item = &Entry> {
        std::iter::once(&self.entry).chain(&self.more)
    }

    fn entries_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        std::iter::once(&mut self.entry).chain(&mut self.more)
    }

    /// An error says that the database could not do it yet: it goes on waiting.
    async fn replay(&self, link: &mut Link<'_>) -> Result<Replayed, sqlx::Error> {
        link.command("SAVEPOINT spooled").await?;
        let replayed = match self.clone().attempt(link).await {
            Ok(()) => Replayed::Done,
            Err(error) if is_for_good(&error) => {
                link.command("ROLLBACK TO SAVEPOINT spooled").await?;
                self.record_failure(link).await?;
                Replayed::Never(error)
            }
            Err(error) => return Err(error),
        };
        link.command("RELEASE SAVEPOINT spooled").await?;
        Ok(replayed)
    }

    /// It was acknowledged, and rooms and pages were told of it, while nothing could be written: that stays on record.
    async fn record_failure(&self, link: &mut Link<'_>) -> Result<(), sqlx::Error> {
        for entry in self.entries() {
            record_failed(entry, link).await?;
        }
        Ok(())
    }

    /// The entries of an act that is refused by now are kept: it was acknowledged.
    async fn attempt(self, link: &mut Link<'_>) -> Result<(), sqlx::Error> {
        let leaves = self.entries().map(Leaf::of);
        let Ok(leaves) = leaves.collect::<Result<Vec<_>, _>>() else {
            tracing::error!("a spooled entry has no canonical form");
            return Ok(());
        };
        // All came on record with the first, or none.
        if let Some(leaf) = leaves.first()
            && leaf.is_recorded(link).await?
        {
            return Ok(());
        }
        let (meeting, Revision(foreseen)) = (self.act.meeting(), self.foreseen);
        link.command("SAVEPOINT act").await?;
        match self.act.apply(link).await {
            Ok(()) => {}
            Err(Failure::Refused(_)) => {
                link.command("ROLLBACK TO SAVEPOINT act").await?;
                // Rooms and pages were told of it, and take no older word afterwards.
                if let Some(meeting) = meeting {
                    raise_to(link, meeting, foreseen).await?;
                }
            }
            Err(Failure::Database(error)) => return Err(error),
        }
        link.command("RELEASE SAVEPOINT act").await?;
        if let Some(Answered { once, answer }) = self.answered {
            once.remember_text(link, answer).await?;
        }
        for leaf in leaves {
            leaf.append(link).await?;
        }
        Ok(())
    }
}

async fn record_failed(entry: &Entry, link: &mut Link<'_>) -> Result<(), sqlx::Error> {
    let reason = Code::new("refused_by_the_store");
    let Ok(leaf) = Leaf::of(&entry.clone().failed(reason)) else {
        return Ok(());
    };
    link.command("SAVEPOINT failure").await?;
    match leaf.append(link).await {
        Ok(()) => {}
        // The outbox itself does not take it: it stands in the file that is set aside.
        Err(error) if is_for_good(&error) => {
            link.command("ROLLBACK TO SAVEPOINT failure").await?;
        }
        Err(error) => return Err(error),
    }
    link.command("RELEASE SAVEPOINT failure").await
}

statements! {
    execute raise_to(id: MeetingId, foreseen: u64)
        = "UPDATE meeting SET revision = $2 WHERE id = $1 AND revision < $2";
}

/// A constraint that the act breaks, or a row that can't be read. All else may pass: a full disk, a lock,
/// a lost connection, a schema that is being mended.
fn is_for_good(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => error.kind() != ErrorKind::Other,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use conclave_audit::{Actor, EntryTime, Event, Stamp};
    use uuid::Uuid;

    use super::*;
    use crate::{Options, Store, TokenHash};

    fn entry(id: u128) -> Entry {
        let stamp = Stamp {
            id: Uuid::from_u128(id),
            time: EntryTime::from_unix_micros(1_795_336_200_000_000),
            salt: [0xa5; 16],
        };
        Entry::new(stamp, Actor::System, Event::SystemSetupLink)
    }

    fn sign_out() -> Spooled {
        let session = TokenHash([2; 32]);
        Spooled {
            act: SignOut { session }.into(),
            entry: entry(1),
            more: Vec::new(),
            foreseen: Revision(0),
            answered: None,
        }
    }

    #[test]
    fn an_act_of_before_is_read() {
        let mut before = serde_json::to_value(sign_out()).unwrap();
        assert!(before.as_object_mut().unwrap().remove("more").is_none());

        let read: Spooled = serde_json::from_value(before).unwrap();

        assert!(read.entry == entry(1) && read.more.is_empty());
    }

    #[tokio::test]
    async fn an_act_waits_alone_where_what_followed_of_it_has_no_room() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spool");
        let more = (2..10_000).map(entry).collect();
        let act = Spooled { more, ..sign_out() };

        let spool = Spool::open(&path).unwrap();
        spool.hold().await.append(act).unwrap();

        let (_, payloads) = SpoolFile::open(&path).unwrap();
        let kept: Spooled = serde_json::from_slice(&payloads[0]).unwrap();
        assert!(kept.entry.id == entry(1).id && kept.more.is_empty());
    }

    #[tokio::test]
    async fn an_act_of_another_version_is_kept_aside_before_its_room_is_used_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spool");
        let (mut file, _) = SpoolFile::open(&path).unwrap();
        let unknown = serde_json::json!({ "act": "of_tomorrow" });
        file.append(&unknown).unwrap();
        drop(file);

        let open = || Store::open(Options::sqlite(dir.path()));
        open().await.unwrap().close().await;
        let (mut file, payloads) = SpoolFile::open(&path).unwrap();
        assert_eq!(payloads, [unknown.to_string().into_bytes()]);
        file.append(&sign_out()).unwrap();
        drop(file);
        open().await.unwrap().close().await;

        assert!(SpoolFile::open(&path).unwrap().1.is_empty());
        let aside = std::fs::read_to_string(path.with_extension("aside")).unwrap();
        assert_eq!(aside, format!("{unknown}\n"));
    }
}
