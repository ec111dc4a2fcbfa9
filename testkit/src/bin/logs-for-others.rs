//! Writes logs for verifiers that are not ours: honest ones of many sizes, and one for each way to forge them.
//!
//! `logs-for-others FOLDER` leaves `FOLDER/<case>/` with the files of an export kit, with `proofs.json`, and, where the
//! reader is somebody who saw the log before, with `held/`: checkpoints that they kept. The case's name begins with
//! `honest` or `forged`. What is forged is refused here by our own verifier first.
#![expect(clippy::print_stderr, reason = "a program for people at a terminal")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use conclave_audit::{
    Actor, Checkpoint, Code, ConsistencyProof, Edge, Entry, EntryTime, Event, Hash, InclusionProof,
    LogOwner, Rederivation, Signer, Stamp, TILE_WIDTH, Tile, TilePath, Tiles, add_to_bundle,
    kit::{CHECKPOINT_FILE, KEY_FILE, checkpoint_file},
    leaf_hash, leaf_of, verify_kit,
};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let written = match std::env::args_os().nth(1) {
        Some(folder) => write_all(Path::new(&folder)),
        None => Err(anyhow::anyhow!("usage: logs-for-others FOLDER")),
    };
    if let Err(error) = written {
        eprintln!("logs-for-others: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn write_all(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    for size in [1, 2, 3, 7, 255, 256, 257, 700, 20_000] {
        let log = Log::honest(size)?;
        log.case().write(folder, &format!("honest-{size}"))?;
    }
    for size in [2, 3, 7, 257, 700] {
        for (name, case) in forged(size)? {
            case.write(folder, &format!("forged-{size}-{name}"))?;
        }
    }
    Ok(())
}

/// What is laid before a verifier.
#[derive(Clone)]
struct Case {
    files: BTreeMap<String, Vec<u8>>,
    /// Checkpoints that its reader kept from before.
    held: Vec<String>,
    proofs: Value,
}

fn forged(size: u64) -> Result<Vec<(&'static str, Case)>> {
    let honest = Log::honest(size)?;
    let at = size / 2;
    let rewritten = Log::of(size, |seq| if seq == at { "forged" } else { "honest" }, 9)?;
    let case = honest.case();
    let bundle = format!("log/{}", path_of_entries(at / 256, size)?);
    let tile = format!(
        "log/{}",
        TilePath::of_tree(0, at / 256, size).context("a tile")?
    );
    let top = honest
        .tiles()
        .last()
        .map(|tile| format!("log/{}", tile.path));
    let top = top.context("a log has tiles")?;
    let mut cases = vec![
        (
            "a-byte-of-an-entry",
            case.with(&bundle, |bytes| last(bytes)),
        ),
        ("a-bit-of-a-tile", case.with(&tile, |bytes| last(bytes))),
        (
            "a-bit-of-the-highest-tile",
            case.with(&top, |bytes| last(bytes)),
        ),
        (
            "an-entry",
            case.taking(&rewritten, |name| name.contains("/entries/")),
        ),
        (
            "an-entry-and-its-leaf-hash",
            case.taking(&rewritten, |name| {
                name.contains("/entries/") || name.contains("/tile/0/")
            }),
        ),
        (
            "an-entry-and-all-tiles",
            case.taking(&rewritten, |name| name.contains("/tile/")),
        ),
        (
            "a-size",
            case.with(CHECKPOINT_FILE, |note| {
                let text = String::from_utf8_lossy(note).replacen(
                    &format!("\n{size}\n"),
                    &format!("\n{}\n", size - 1),
                    1,
                );
                *note = text.into_bytes();
            }),
        ),
        ("another-key", Log::of(size, |_| "honest", 1)?.case()),
    ];
    let mut truncated = Log::honest(size - 1)?.case();
    truncated.held = vec![honest.note.clone()];
    cases.push(("cut-back-while-somebody-holds-more", truncated));
    let mut held = rewritten.case();
    held.held = vec![Log::honest(at + 1)?.note];
    cases.push((
        "rewritten-with-the-key-while-somebody-holds-a-checkpoint",
        held,
    ));
    for (name, case) in &cases {
        ensure!(
            case.verified().is_err(),
            "our verifier takes {name} of {size}"
        );
    }
    Ok(cases)
}

fn last(bytes: &mut [u8]) {
    if let Some(byte) = bytes.last_mut() {
        *byte ^= 1;
    }
}

impl Case {
    fn with(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Self {
        let mut case = self.clone();
        case.files.get_mut(name).map(change);
        case
    }

    /// With the files of another log whose names are `theirs`.
    fn taking(&self, other: &Log, theirs: impl Fn(&str) -> bool) -> Self {
        let mut case = self.clone();
        let taken = other.case().files.into_iter();
        case.files.extend(taken.filter(|(name, _)| theirs(name)));
        case
    }

    /// As our own reader verifies: the kit, then what was held.
    fn verified(&self) -> Result<()> {
        let signer = signer(9)?;
        let files = self.files.iter();
        let files = files
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
            .collect();
        verify_kit(&files, signer.verifier())?;
        let mut derivation = Rederivation::new(signer.verifier().clone());
        for note in &self.held {
            derivation.checkpoint(note)?;
        }
        let bundles = self
            .files
            .iter()
            .filter(|(name, _)| name.contains("/entries/"));
        for (name, bundle) in bundles {
            let path = name.strip_prefix("log/").and_then(TilePath::parse);
            let width = path.context("a bundle has a path")?.width();
            for entry in conclave_audit::entries_of_bundle(bundle, width)? {
                derivation.entry(entry)?;
            }
        }
        derivation.finish()?;
        Ok(())
    }

    fn write(&self, folder: &Path, name: &str) -> Result<()> {
        let folder = folder.join(name);
        for (path, bytes) in &self.files {
            write(&folder.join(path), bytes)?;
        }
        for (number, note) in self.held.iter().enumerate() {
            write(
                &folder.join("held").join(number.to_string()),
                note.as_bytes(),
            )?;
        }
        write(
            &folder.join("proofs.json"),
            self.proofs.to_string().as_bytes(),
        )
    }
}

fn write(path: &PathBuf, bytes: &[u8]) -> Result<()> {
    std::fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
    std::fs::write(path, bytes).with_context(|| format!("could not write {}", path.display()))
}

struct Log {
    leaves: Vec<Vec<u8>>,
    full: Vec<Tile>,
    edge: Edge,
    signer: Signer,
    note: String,
    history: BTreeMap<u64, String>,
}

/// The installation's log at `clinic.example`.
fn signer(seed: u8) -> Result<Signer> {
    let origin = LogOwner::Installation.origin("clinic.example");
    Ok(Signer::new(
        origin.context("the host has a name")?,
        &[seed; 32],
    ))
}

impl Log {
    fn honest(size: u64) -> Result<Self> {
        Self::of(size, |_| "honest", 9)
    }

    /// With checkpoints as a server signs them: one for each batch of 128, and one at the end.
    fn of(size: u64, word: impl Fn(u64) -> &'static str, seed: u8) -> Result<Self> {
        let mut log = Self {
            leaves: Vec::new(),
            full: Vec::new(),
            edge: Edge::new(),
            signer: signer(seed)?,
            note: String::new(),
            history: BTreeMap::new(),
        };
        for seq in 0..size {
            let leaf = leaf(seq, word(seq))?;
            log.full.extend(log.edge.push(leaf_hash(&leaf))?);
            log.leaves.push(leaf);
            if (seq + 1) % 128 == 0 || seq + 1 == size {
                log.sign()?;
            }
        }
        Ok(log)
    }

    fn sign(&mut self) -> Result<()> {
        let checkpoint = Checkpoint {
            origin: self.signer.verifier().name().clone(),
            size: self.edge.size(),
            root: self.edge.frontier().root(),
        };
        self.note = checkpoint.sign(&self.signer)?;
        self.history.insert(checkpoint.size, self.note.clone());
        Ok(())
    }

    fn tiles(&self) -> Vec<Tile> {
        [self.full.clone(), self.edge.partial_tiles()].concat()
    }

    fn case(&self) -> Case {
        Case {
            files: self.files(),
            held: Vec::new(),
            proofs: self.proofs().unwrap_or_default(),
        }
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let size = self.edge.size();
        let tiles = self.tiles().into_iter();
        let mut files: BTreeMap<_, _> = tiles
            .map(|tile| (format!("log/{}", tile.path), tile.bytes))
            .collect();
        for (index, leaves) in (0..).zip(self.leaves.chunks(usize::from(TILE_WIDTH))) {
            let mut bundle = Vec::new();
            let whole = leaves
                .iter()
                .try_for_each(|leaf| add_to_bundle(&mut bundle, leaf));
            if let (Some(path), Ok(())) = (TilePath::of_entries(index, size), whole) {
                files.insert(format!("log/{path}"), bundle);
            }
        }
        for (size, note) in &self.history {
            files.insert(checkpoint_file(*size), note.clone().into_bytes());
        }
        files.insert(CHECKPOINT_FILE.to_owned(), self.note.clone().into_bytes());
        files.insert(
            KEY_FILE.to_owned(),
            format!("{}\n", signer_key()).into_bytes(),
        );
        files
    }

    /// Of some entries and from some sizes, as our prover makes them from tiles.
    fn proofs(&self) -> Result<Value> {
        let size = self.edge.size();
        let mut tiles = Tiles::new();
        for tile in self.tiles() {
            tiles.insert(tile.path, &tile.bytes)?;
        }
        let step = usize::try_from(size.div_ceil(17))?;
        let mut inclusion = Vec::new();
        for index in (0..size).step_by(step).chain([size - 1]) {
            let proof = InclusionProof::prove(index, size, &tiles)?;
            inclusion.push(json!({ "index": index, "hashes": base64(&proof.0) }));
        }
        let mut consistency = Vec::new();
        for old in self.history.keys().step_by(self.history.len().div_ceil(17)) {
            let proof = ConsistencyProof::prove(*old, size, &tiles)?;
            consistency.push(json!({ "old": old, "hashes": base64(&proof.0) }));
        }
        Ok(json!({ "inclusion": inclusion, "consistency": consistency }))
    }
}

/// That of the honest logs: what a reader knows.
fn signer_key() -> String {
    signer(9)
        .map(|signer| signer.verifier().to_string())
        .unwrap_or_default()
}

fn base64(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| hash.to_base64()).collect()
}

fn path_of_entries(index: u64, size: u64) -> Result<TilePath> {
    TilePath::of_entries(index, size).context("the log has such a bundle")
}

/// An entry as the server writes them.
fn leaf(seq: u64, word: &str) -> Result<Vec<u8>> {
    let stamp = Stamp {
        id: uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(seq)),
        time: EntryTime::from_unix_micros(1_795_336_200_000_000 + seq as i64 * 1_000),
        salt: [seq as u8; 16],
    };
    let version = Code::parse(word).context("a word is a code")?;
    let entry = Entry::new(stamp, Actor::System, Event::SystemStop { version });
    Ok(leaf_of(&entry.to_canonical()?, seq)?)
}
