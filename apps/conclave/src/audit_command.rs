//! `conclave audit`: the operator's and the auditor's way to the logs. The server may run meanwhile, but for `restored`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand};
use conclave_audit::kit::{KEY_FILE, checkpoint_file};
use conclave_audit::{
    Actor, Checkpoint, Code, Event, Falsified, Files as KitFiles, Hash, Hex, KitRefusal,
    MAX_NOTE_BYTES, Rederived, Verifier, files_of_zip, verify_kit,
};
use conclave_protocol::{OrganisationId, Timestamp};
use conclave_store::log::{LogHead, Logs};
use conclave_store::{Alone, Beside, Options};
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::audit_check::Check;
use crate::audit_key::{self, AuditKey};
use crate::audit_kit::{AuditKit, Shelf};
use crate::cli::{Files, runtime, say};
use crate::{Clock, Config, recorded};

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Derives each log again from its entries, and holds everything that is kept and signed against it.
    Verify(Verify),
    /// Writes a log, or a part of it, as a kit that anybody can verify.
    Export(Export),
    /// Verifies a kit.
    VerifyKit(VerifyKit),
    /// Says on record, in each log, that an older copy of the database was put back: browsers that remember a later log show it
    /// to whoever looks at the log. Before the server is started with the copy: what it records first counts to the copy.
    Restored(Restored),
}

#[derive(Args)]
pub(crate) struct Verify {
    /// A checkpoint that was kept elsewhere: its log must go on from it.
    #[arg(long, value_name = "FILE")]
    held: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
}

#[derive(Args)]
pub(crate) struct Export {
    /// The organisation's identifier; the installation's own log where it is absent.
    #[arg(long, value_name = "UUID")]
    organisation: Option<Uuid>,
    /// Entries from this moment on, as 2026-11-26T08:30:00Z.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Timestamp>,
    /// Entries before this moment.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Timestamp>,
    /// The ZIP to write; there must be none.
    file: PathBuf,
    #[command(flatten)]
    files: Files,
}

#[derive(Args)]
pub(crate) struct VerifyKit {
    /// The ZIP.
    file: PathBuf,
    /// The log's key, as you were told it in another way than by the kit.
    #[arg(long, value_name = "VKEY")]
    key: Option<String>,
    /// A checkpoint that was kept elsewhere: the log must go on from it.
    #[arg(long, value_name = "FILE")]
    held: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Restored {
    /// Why, in one word for the record, as disk_failure: small letters, digits, `_`, `.` and `-`.
    #[arg(long, value_name = "WORD", value_parser = word)]
    reason: Code,
    /// The last checkpoint that was kept elsewhere of before: what was lost with it is on record, too.
    #[arg(long, value_name = "FILE")]
    held: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
}

impl AuditCommand {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Verify(verify) => runtime()?.block_on(verify.run()),
            Self::Export(export) => runtime()?.block_on(export.run()),
            Self::VerifyKit(kit) => kit.run(),
            Self::Restored(restored) => runtime()?.block_on(restored.run()),
        }
    }
}

impl Verify {
    async fn run(self) -> anyhow::Result<()> {
        let config = self.files.configuration()?;
        let held = note(self.held.as_deref())?;
        let key = key(&config)?;
        let mut logs = beside(&config).await?.into_logs();
        let mut was_held = held.is_none();
        for head in logs.heads().await? {
            let verifier = verifier(&key, &head)?;
            let origin = head.origin.clone();
            let mut check = Check::of(head, verifier);
            if let Some(note) = held.as_deref().filter(|note| note.starts_with(&origin)) {
                check.hold(note).with_context(|| origin.clone())?;
                was_held = true;
            }
            let rederived = check.run(&mut logs).await.with_context(|| origin.clone())?;
            say(&told(&origin, &rederived))?;
        }
        logs.close().await;
        ensure!(was_held, "the checkpoint is of no log here");
        Ok(())
    }
}

impl Export {
    async fn run(self) -> anyhow::Result<()> {
        let config = self.files.configuration()?;
        let key = key(&config)?;
        let mut store = beside(&config).await?;
        let organisation = self.organisation.map(OrganisationId);
        let event = Event::AuditExport {
            first: None,
            last: None,
        };
        let now = Clock::beside(&mut store).await?.now();
        let entry = recorded::entry(now, Actor::Operator, event)?;
        store.record(recorded::filed(entry, organisation)).await?;
        let mut logs = store.into_logs();
        let head = logs.head(organisation).await?;
        let head = head.context("there is no such log, or nothing in it yet")?;
        let verifier = verifier(&key, &head)?;
        let kit = AuditKit::plan(&mut logs, head, verifier, (self.from, self.to)).await?;
        let kit = kit.context("nothing happened in that time")?;
        write(kit, logs, &self.file).await?;
        say(&format!("Written: {}", self.file.display()))
    }
}

async fn write(kit: AuditKit, logs: Logs, path: &Path) -> anyhow::Result<()> {
    let unwritable = || format!("{} can't be written", path.display());
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(path).await.with_context(unwritable)?;
    let (out, mut pieces) = mpsc::channel(4);
    let packing = tokio::spawn(kit.pack(Shelf::Beside(Box::new(logs)), out));
    while let Some(piece) = pieces.recv().await {
        // Why it broke off is said below.
        let Ok(piece) = piece else { break };
        file.write_all(&piece).await.with_context(unwritable)?;
    }
    packing.await??;
    file.sync_all().await.with_context(unwritable)
}

impl VerifyKit {
    fn run(self) -> anyhow::Result<()> {
        let zip = bounded(&self.file, MOST_KIT_BYTES)?;
        let mut files = files_of_zip(&zip)?;
        let of_the_kit = files
            .get(KEY_FILE)
            .and_then(|key| std::str::from_utf8(key).ok());
        let of_the_kit = of_the_kit
            .map(str::trim_end)
            .context("the kit has no vkey")?;
        let key = self.key.as_deref().map_or(of_the_kit, str::trim);
        let verifier = Verifier::parse(key)?;
        let note = note(self.held.as_deref())?;
        let held = note.as_deref().map(|note| held_by(&files, note, &verifier));
        let held = held.transpose()?;
        let name = held.as_ref().map(|held| checkpoint_file(held.size));
        files.extend(name.as_deref().zip(note.as_deref().map(str::as_bytes)));
        let verified = verify_kit(&files, &verifier);
        if let Some(held) = &held {
            compared(held.size, &verified)?;
        }
        let rederived = verified?;
        say(&told(verifier.name().as_str(), &rederived))?;
        if self.key.is_none() {
            say(
                "The key is the kit's own: compare it with the one that you were told in another way.",
            )?;
            say(&format!("  {key}"))?;
        }
        Ok(())
    }
}

impl Restored {
    async fn run(self) -> anyhow::Result<()> {
        let config = self.files.configuration()?;
        let held = note(self.held.as_deref())?;
        let key = key(&config)?;
        // A server would go on with the copy meanwhile, and browsers that remember no more than that would not be told.
        let _alone = Alone::claim(&Options::sqlite(&config.data_dir))?;
        let mut logs = beside(&config).await?.into_logs();
        let heads = logs.heads().await;
        logs.close().await;
        let heads = heads?;
        let mut stated = Vec::with_capacity(heads.len());
        let mut was_held = held.is_none();
        for head in &heads {
            let lost = lost(head, held.as_deref(), &verifier(&key, head)?)?;
            was_held |= lost.is_some();
            stated.push((head, statement(head, lost, &self.reason)));
        }
        ensure!(was_held, "the checkpoint is of no log here");
        let mut store = beside(&config).await?;
        let now = Clock::beside(&mut store).await?.now();
        for (head, event) in stated {
            let entry = recorded::entry(now, Actor::Operator, event)?;
            store.record(recorded::filed(entry, head.log)).await?;
            say(&format!(
                "{}: stated behind {} entries",
                head.origin, head.size
            ))?;
        }
        store.close().await;
        Ok(())
    }
}

/// What a checkpoint that was kept has beyond the log as it is; `None` for one of another log.
fn lost(
    head: &LogHead,
    held: Option<&str>,
    verifier: &Verifier,
) -> anyhow::Result<Option<Checkpoint>> {
    let held = held.and_then(|note| Checkpoint::open(note, verifier).ok());
    let is_later = held.as_ref().is_none_or(|held| held.size > head.size);
    ensure!(
        is_later,
        "{}: the log has as many entries as the checkpoint that was kept, or more",
        head.origin
    );
    Ok(held)
}

fn statement(head: &LogHead, lost: Option<Checkpoint>, why: &Code) -> Event {
    Event::SystemRestore {
        why: why.clone(),
        size: head.size,
        root: in_hex(head.root),
        lost_size: lost.as_ref().map(|lost| lost.size),
        lost_root: lost.map(|lost| in_hex(lost.root.0)),
    }
}

fn in_hex(hash: [u8; Hash::BYTES]) -> Code {
    let hex = Hex(hash).to_string();
    Code::parse(&hex).expect("64 digits of hexadecimal are a code")
}

fn note(path: Option<&Path>) -> anyhow::Result<Option<String>> {
    let note = path.map(|path| bounded(path, MAX_NOTE_BYTES as u64));
    let note = note.transpose()?.map(String::from_utf8).transpose();
    note.context("the checkpoint can't be read")
}

/// A stranger's file, where it is no larger than it can be.
fn bounded(path: &Path, most: u64) -> anyhow::Result<Vec<u8>> {
    let unreadable = || format!("{} can't be read", path.display());
    let file = File::open(path).with_context(unreadable)?;
    let is_small = file.metadata().with_context(unreadable)?.len() <= most;
    let mut bytes = Vec::new();
    if is_small {
        // What is no file may have no length, or another.
        let mut within = file.take(most.saturating_add(1));
        within.read_to_end(&mut bytes).with_context(unreadable)?;
    }
    ensure!(
        is_small && bytes.len() as u64 <= most,
        "{} is larger than {most} bytes",
        path.display()
    );
    Ok(bytes)
}

/// A checkpoint that was kept elsewhere. The kit's own of that size, if it has one, must say the same.
fn held_by(files: &KitFiles<'_>, note: &str, verifier: &Verifier) -> anyhow::Result<Checkpoint> {
    let held = Checkpoint::unverified(note).context("what was kept is no checkpoint")?;
    let signed = files.get(checkpoint_file(held.size).as_str());
    let held = Checkpoint::open(note, verifier)?;
    let signed = signed.map(|note| std::str::from_utf8(note)).transpose()?;
    let signed = signed.map(|note| Checkpoint::open(note, verifier));
    ensure!(
        signed.transpose()?.is_none_or(|signed| signed == held),
        "the log in the kit does not go on from the checkpoint that was kept"
    );
    Ok(held)
}

/// Whether the tree of the size that was kept is among those that were derived: of a part of a log it need not be.
fn compared(held: u64, verified: &Result<Rederived, KitRefusal>) -> anyhow::Result<()> {
    match verified {
        Err(KitRefusal::Falsified(Falsified::Truncated { size })) if *size == held => bail!(
            "the kit ends before the {held} entries of the checkpoint that was kept, which was not compared"
        ),
        Ok(Rederived { first, .. }) if held < *first => bail!(
            "the kit begins at entry {first}, after the {held} entries of the checkpoint that was kept, which was not compared"
        ),
        _ => Ok(()),
    }
}

fn told(origin: &str, rederived: &Rederived) -> String {
    let Rederived {
        first,
        size,
        checkpoints,
        unproven_checkpoints: unproven,
        ..
    } = rederived;
    let entries = match size.checked_sub(1) {
        Some(last) => format!("entries {first} to {last}"),
        None => "no entries".to_owned(),
    };
    let unproven = match unproven {
        0 => String::new(),
        before => format!(" ({before} more, of what was before entry {first}, were not compared)"),
    };
    format!("{origin}: {entries}, {checkpoints} checkpoints{unproven}: as signed")
}

async fn beside(config: &Config) -> anyhow::Result<Beside> {
    Ok(Beside::open(&Options::sqlite(&config.data_dir)).await?)
}

/// Never made here: another key would verify nothing.
fn key(config: &Config) -> anyhow::Result<AuditKey> {
    let path = config.data_dir.join(audit_key::FILE);
    ensure!(path.is_file(), "there is no key at {}", path.display());
    Ok(AuditKey::open(&config.data_dir)?)
}

fn verifier(key: &AuditKey, head: &LogHead) -> anyhow::Result<Verifier> {
    key.verifier(&head.origin)
        .context("the log's name is none of ours")
}

fn moment(text: &str) -> Result<Timestamp, String> {
    let quoted = serde_json::Value::from(text);
    serde_json::from_value(quoted).map_err(|_| "not a moment as 2026-11-26T08:30:00Z".to_owned())
}

fn word(text: &str) -> Result<Code, String> {
    let wrong = || "not a word as disk_failure".to_owned();
    Code::parse(text).ok_or_else(wrong)
}

/// What a ZIP of our form can hold.
const MOST_KIT_BYTES: u64 = u32::MAX as u64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_larger_than_it_can_be_is_not_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("kit.zip");
        std::fs::write(&path, [7; 10]).unwrap();

        assert_eq!(bounded(&path, 10).unwrap(), [7; 10]);
        let larger = bounded(&path, 9).unwrap_err().to_string();
        assert!(larger.ends_with("is larger than 9 bytes"), "{larger}");
        assert!(bounded(&directory.path().join("none"), 9).is_err());
    }

    fn part(first: u64, unproven_checkpoints: u64) -> Rederived {
        Rederived {
            first,
            size: 700,
            root: Hash([0; 32]),
            checkpoints: 3,
            unproven_checkpoints,
            partial_tiles: Vec::new(),
        }
    }

    #[test]
    fn a_checkpoint_outside_of_the_kit_is_not_taken_for_a_compared_one() {
        let ends =
            |size| -> Result<Rederived, KitRefusal> { Err(Falsified::Truncated { size }.into()) };

        assert!(compared(256, &Ok(part(256, 0))).is_ok());
        assert!(compared(255, &Ok(part(256, 1))).is_err());
        let beyond = compared(701, &ends(701)).unwrap_err().to_string();
        assert!(beyond.starts_with("the kit ends before"), "{beyond}");
        assert!(compared(1_000, &ends(701)).is_ok());
    }

    #[test]
    fn what_was_not_compared_is_told() {
        let part = told("clinic.example/audit", &part(256, 2));

        assert_eq!(
            part,
            "clinic.example/audit: entries 256 to 699, 3 checkpoints (2 more, of what was before entry 256, were not \
             compared): as signed"
        );
    }
}
