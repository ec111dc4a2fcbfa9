//! What a reader of an audit log is given: by a server, in a file, in a kit.
//!
//! The corpora are of the log at `clinic.example` that the key below signs, and of a server that asks for tiles.

use conclave_audit::{
    Checkpoint, LeafPlace, LogOwner, Signer, TilePath, TlogProof, Verifier, files_of_zip, leaf_of,
    verify_kit,
};

/// What is signed has one form, and nothing but the honest text is signed by the key.
pub(crate) fn note(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(key) = Verifier::parse(&text) {
        assert!(key.to_string() == text);
    }
    if let Some(checkpoint) = Checkpoint::unverified(&text) {
        assert!(Checkpoint::parse(&checkpoint.to_string()) == Some(checkpoint));
    }
    let log = log();
    if let Ok(checkpoint) = Checkpoint::open(&text, log.verifier()) {
        assert!(checkpoint.size == SIGNED && checkpoint.origin == *log.verifier().name());
    }
}

/// A file that is read is written again as it was; it proves the honest entry or nothing.
pub(crate) fn proof(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some(proof) = TlogProof::parse(&text) else {
        return;
    };
    assert!(proof.to_string() == text);
    if let Ok(proven) = proof.verify(log().verifier()) {
        assert!(proven.checkpoint.size == SIGNED && proven.index < SIGNED);
        assert!(LeafPlace::of(&proven.entry).is_some_and(|place| place.seq == proven.index));
    }
}

/// A path has one form, stays in its log, and covers leaves that there are.
pub(crate) fn tile_path(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(path) = TilePath::parse(&text) {
        assert!(path.to_string() == text && !text.contains(".."));
        assert!(path.start() < path.end());
    }
}

/// An entry gets its number once.
pub(crate) fn entry(bytes: &[u8]) {
    if let Ok(leaf) = leaf_of(bytes, 7) {
        assert!(leaf.len() > bytes.len());
        assert!(leaf_of(&leaf, 8).is_err());
        assert!(LeafPlace::of(&leaf).is_none_or(|place| place.seq == 7));
    }
}

/// Files lie inside of the archive; a kit is the honest one or none.
pub(crate) fn kit(bytes: &[u8]) {
    let Ok(files) = files_of_zip(bytes) else {
        return;
    };
    assert!(files.values().all(|file| file.len() <= bytes.len()));
    if let Ok(kit) = verify_kit(&files, log().verifier()) {
        assert!(kit.first == 0 && kit.size == SIGNED);
    }
}

/// The size of the log of the corpora.
const SIGNED: u64 = 3;

fn log() -> Signer {
    let origin = LogOwner::Installation.origin("clinic.example");
    Signer::new(origin.expect("the host has a name"), &[9; 32])
}
