//! Kits that verify, and kits with anything forged.

use std::collections::BTreeMap;

use super::log::{Log, bundle, leaf, signer, verified};
use crate::*;

const SIZES: [u64; 9] = [0, 1, 2, 3, 255, 256, 257, 511, 700];

type Kit = BTreeMap<String, Vec<u8>>;

#[test]
fn an_honest_kit_verifies_at_each_size() {
    for size in SIZES {
        let log = Log::of(size, &[1, 2, 250, 256, 600]);

        let report = verified(&log.kit()).unwrap();

        assert_eq!((report.first, report.size), (0, size));
        assert_eq!(report.root, log.edge.frontier().root());
        assert_eq!(report.checkpoints, log.notes.len() as u64);
        assert_eq!(report.unproven_checkpoints, 0);
    }
}

#[test]
fn the_end_of_a_log_verifies_on_its_own() {
    let log = Log::of(1_100, &[100, 600]);
    let mut kit = log.kit();
    for bundle in 0..3 {
        kit.remove(&format!("log/tile/entries/{bundle:03}"));
    }

    let report = verified(&kit).unwrap();

    assert_eq!((report.first, report.size), (768, 1_100));
    assert_eq!((report.checkpoints, report.unproven_checkpoints), (1, 2));
    // A tile that is left of what was derived is bound by the one above it.
    kit.get_mut("log/tile/0/001").unwrap()[40] ^= 1;
    assert!(matches!(
        verified(&kit),
        Err(KitRefusal::Falsified(Falsified::Tile { .. }))
    ));
    let spoilt = verified(&replaced(&log.kit(), "log/tile/1/000.p/4", |tile| {
        tile[0] ^= 1
    }));
    assert!(spoilt.is_err());
}

// Shows: ABUSE-61.
#[test]
fn each_file_of_the_log_with_one_bit_changed_is_refused() {
    for size in [1, 3, 257, 700] {
        let kit = Log::of(size, &[2, 256]).kit();
        for name in kit.keys() {
            for place in [0, 1, 2] {
                let spoilt = replaced(&kit, name, |file| {
                    let at = (file.len() - 1) * place / 2;
                    file[at] ^= 1;
                });
                assert!(verified(&spoilt).is_err(), "{name} of {size}, {place}");
            }
            let mut without = kit.clone();
            without.remove(name);
            // Without its first entries a kit says that it is the end of a log.
            let whole = verified(&without).is_ok_and(|report| report.first == 0);
            assert!(!whole || name.starts_with("checkpoints/"), "{name}");
        }
    }
}

/// An entry and its leaf's hash, then also the hash of its tile in the tile above.
#[test]
fn an_entry_forged_with_its_hashes_at_each_level_of_tiles_is_refused() {
    let log = Log::of(66_000, &[]);
    let mut kit = log.kit();
    let mut leaves = log.leaves[..256].to_vec();
    leaves[17] = leaf(17, "forged");
    kit.insert("log/tile/entries/000".to_owned(), bundle(&leaves));
    assert_eq!(
        verified(&kit),
        Err(Falsified::Tile {
            path: path("tile/0/000")
        }
        .into())
    );

    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    kit.insert(
        "log/tile/0/000".to_owned(),
        hashes.iter().flat_map(|hash| hash.0).collect(),
    );
    assert_eq!(
        verified(&kit),
        Err(Falsified::Tile {
            path: path("tile/1/000")
        }
        .into())
    );

    let above = mth_of_tile(&hashes);
    kit.get_mut("log/tile/1/000").unwrap()[..32].copy_from_slice(&above.0);
    assert_eq!(verified(&kit), Err(Falsified::Root { size: 66_000 }.into()));

    let (hashes, _) = kit["log/tile/1/000"].as_chunks::<32>();
    let hashes: Vec<Hash> = hashes.iter().map(|hash| Hash(*hash)).collect();
    let top = mth_of_tile(&hashes);
    kit.insert("log/tile/2/000.p/1".to_owned(), top.0.to_vec());
    assert_eq!(verified(&kit), Err(Falsified::Root { size: 66_000 }.into()));
}

#[test]
fn a_rewritten_log_is_refused_for_one_checkpoint_that_somebody_held() {
    let held = Log::of(300, &[200]).notes[&200].clone();
    let mut rewritten = Log::of(100, &[]);
    rewritten.notes.clear();
    rewritten.push(leaf(100, "forged"));
    for seq in 101..300 {
        rewritten.push(leaf(seq, "honest"));
    }
    rewritten.sign();
    let mut kit = rewritten.kit();
    assert!(
        verified(&kit).is_ok(),
        "the key's holder can make a log that agrees with itself"
    );

    kit.insert(kit::checkpoint_file(200), held.clone().into_bytes());
    assert_eq!(verified(&kit), Err(Falsified::Root { size: 200 }.into()));

    // Two roots for one size, whichever is the log's.
    let mut derivation = Rederivation::new(signer().verifier().clone());
    derivation.checkpoint(&held).unwrap();
    let mut other = Log::of(199, &[]);
    other.push(leaf(199, "forged"));
    other.sign();
    assert_eq!(
        derivation.checkpoint(&other.notes[&200]),
        Err(Falsified::Fork { size: 200 })
    );
}

#[test]
fn a_log_cut_back_to_an_older_checkpoint_is_refused_for_the_newer_one() {
    let log = Log::of(300, &[200]);
    let mut kit = Log::of(200, &[]).kit();
    assert!(verified(&kit).is_ok());

    kit.insert(
        kit::checkpoint_file(300),
        log.notes[&300].clone().into_bytes(),
    );

    assert_eq!(
        verified(&kit),
        Err(Falsified::Truncated { size: 300 }.into())
    );
}

#[test]
fn entries_of_another_log_or_place_are_refused() {
    for (seq, org) in [(1, None), (0, Some("00000000-0000-0000-0000-000000000005"))] {
        let mut log = Log::of(0, &[]);
        let org = org
            .map(|org| format!(r#""org":"{org}","#))
            .unwrap_or_default();
        log.push(leaf_of(format!(r#"{{{org}"salt":"","time":"t"}}"#).as_bytes(), seq).unwrap());
        log.sign();

        assert_eq!(
            verified(&log.kit()),
            Err(Falsified::Entry { seq: 0 }.into())
        );
    }
}

#[test]
fn what_no_such_tree_has_does_not_belong_in_its_kit() {
    for stranger in [
        "log/tile/0/001",
        "log/tile/0/000.p/3",
        "log/tile/entries/001",
        "log/tile/x",
        "log/readme",
    ] {
        let mut kit = Log::of(2, &[]).kit();
        kit.insert(stranger.to_owned(), vec![0; 32 * 256]);
        assert_eq!(
            verified(&kit),
            Err(KitRefusal::Stranger(stranger.to_owned()))
        );
    }
}

fn mth_of_tile(hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    for hash in hashes {
        frontier.push(*hash).unwrap();
    }
    frontier.root()
}

fn path(path: &str) -> TilePath {
    TilePath::parse(path).unwrap()
}

fn replaced(kit: &Kit, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Kit {
    let mut kit = kit.clone();
    change(kit.get_mut(name).unwrap());
    kit
}
