//! Proofs with anything changed, and forgeries that agree with themselves.

use proptest::prelude::*;
use proptest::sample::Index;

use super::log::{Log, leaf};
use crate::*;

// Shows: ABUSE-61.
proptest! {
    #[test]
    fn an_inclusion_proof_with_anything_changed_proves_nothing(
        size in 2_u64..400, at in any::<Index>(), hash in any::<Index>(), bit in 0_usize..256, change in 0..6,
    ) {
        let log = Log::of(size, &[]);
        let at = at.index(size as usize) as u64;
        let mut proof = InclusionProof::prove(at, size, &log.tiles()).unwrap();
        let (mut leaf_of_it, mut root) = (leaf_hash(&log.leaves[at as usize]), log.edge.frontier().root());
        let mut place = at;
        let hash = hash.index(proof.0.len());
        match change {
            0 => flip(&mut proof.0[hash], bit),
            1 => flip(&mut leaf_of_it, bit),
            2 => flip(&mut root, bit),
            3 => { proof.0.remove(hash); }
            4 => proof.0.insert(hash, root),
            _ => place = (at + 1) % size,
        }

        prop_assert_eq!(proof.verify(leaf_of_it, place, size, root), Err(NotProven));
    }

    #[test]
    fn a_consistency_proof_with_anything_changed_proves_nothing(
        new in 2_u64..400, old in any::<Index>(), hash in any::<Index>(), bit in 0_usize..256, change in 0..5,
    ) {
        let log = Log::of(new, &[]);
        let tiles = log.tiles();
        let old = old.index(new as usize - 1) as u64 + 1;
        let mut proof = ConsistencyProof::prove(old, new, &tiles).unwrap();
        let mut old_root = Frontier::read(old, &tiles).unwrap().root();
        let mut root = log.edge.frontier().root();
        let hash = hash.index(proof.0.len());
        match change {
            0 => flip(&mut proof.0[hash], bit),
            1 => flip(&mut old_root, bit),
            2 => flip(&mut root, bit),
            3 => { proof.0.remove(hash); }
            _ => proof.0.insert(hash, root),
        }

        prop_assert_eq!(proof.verify((old, old_root), (new, root)), Err(NotProven));
    }

    /// The forger replaces an entry, and on the way up makes every hash fit, as far as one level below the root.
    #[test]
    fn a_forgery_that_agrees_with_itself_up_to_any_level_is_refused(size in 2_u64..400, at in any::<Index>()) {
        let at = at.index(size as usize) as u64;
        let (honest, forged) = (Log::of(size, &[]), forged(size, at));
        let forged_leaf = leaf_hash(&forged.leaves[at as usize]);
        let root = honest.edge.frontier().root();
        let theirs = InclusionProof::prove(at, size, &honest.tiles()).unwrap();
        let ours = InclusionProof::prove(at, size, &forged.tiles()).unwrap();

        prop_assert_eq!(theirs.verify(forged_leaf, at, size, root), Err(NotProven));
        prop_assert_eq!(ours.verify(forged_leaf, at, size, root), Err(NotProven));
        // To whoever holds an earlier head with the entry in it, the rewritten log does not go on from that.
        for old in [at + 1, size] {
            let held = Frontier::read(old, &honest.tiles()).unwrap().root();
            let rewritten = (size, forged.edge.frontier().root());
            for tiles in [honest.tiles(), forged.tiles()] {
                let proof = ConsistencyProof::prove(old, size, &tiles).unwrap();
                prop_assert_eq!(proof.verify((old, held), rewritten), Err(NotProven));
            }
        }
    }
}

#[test]
fn sizes_that_go_back_or_beyond_all_logs_are_refused() {
    let empty = ConsistencyProof(Vec::new());
    let root = leaf_hash(b"root");

    assert_eq!(empty.verify((2, root), (1, root)), Err(NotProven));
    assert_eq!(empty.verify((0, root), (1, root)), Err(NotProven));
    assert_eq!(
        empty.verify((1, root), (MAX_SIZE + 1, root)),
        Err(NotProven)
    );
    assert_eq!(
        InclusionProof(Vec::new()).verify(root, 0, 0, root),
        Err(NotProven)
    );
    assert_eq!(
        InclusionProof(Vec::new()).verify(root, 1, 1, root),
        Err(NotProven)
    );
}

#[test]
fn a_proof_file_counts_for_its_own_entry_log_and_place() {
    let log = Log::of(300, &[]);
    let file = proof_file(&log, 299);
    let verifier = log.signer.verifier();
    let proven = TlogProof::parse(&file).unwrap().verify(verifier).unwrap();
    assert_eq!((proven.index, &proven.entry), (299, &log.leaves[299]));
    assert_eq!(proven.checkpoint, log.checkpoint());

    let honest = TlogProof::parse(&file).unwrap();
    let other = TlogProof::parse(&proof_file(&log, 0)).unwrap();
    for forged in [
        TlogProof {
            entry: leaf(299, "forged"),
            ..honest.clone()
        },
        TlogProof {
            entry: other.entry.clone(),
            ..honest.clone()
        },
        TlogProof {
            index: 298,
            ..honest.clone()
        },
        TlogProof {
            inclusion: other.inclusion,
            ..honest.clone()
        },
        TlogProof {
            checkpoint: Log::of(299, &[]).notes[&299].clone(),
            ..honest.clone()
        },
    ] {
        assert_eq!(forged.verify(verifier), Err(ProvesNothing));
    }
    let other_log = Signer::new(
        LogOwner::Installation.origin("other.example").unwrap(),
        &[7; 32],
    );
    assert_eq!(honest.verify(other_log.verifier()), Err(ProvesNothing));
}

/// Whoever has the key can put an entry anywhere; the entry says where it belongs.
#[test]
fn an_entry_that_names_another_place_proves_nothing() {
    let mut log = Log::of(3, &[]);
    log.push(leaf(9, "elsewhere"));
    log.sign();

    let proof = TlogProof::parse(&proof_file(&log, 3)).unwrap();

    assert_eq!(proof.verify(log.signer.verifier()), Err(ProvesNothing));
}

proptest! {
    #[test]
    fn a_proof_file_has_one_form(at in any::<Index>(), with in any::<u8>()) {
        let log = Log::of(300, &[]);
        let file = proof_file(&log, 150);
        let honest = TlogProof::parse(&file).unwrap();
        let mut bytes = file.into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != with);
        bytes[at] = with;

        let proven = String::from_utf8(bytes).ok().and_then(|text| TlogProof::parse(&text));
        prop_assert!(proven.is_none_or(|proof| proof != honest && proof.verify(log.signer.verifier()).is_err()));
    }
}

pub(super) fn proof_file(log: &Log, index: u64) -> String {
    let size = log.edge.size();
    let proof = TlogProof {
        entry: log.leaves[index as usize].clone(),
        index,
        inclusion: InclusionProof::prove(index, size, &log.tiles()).unwrap(),
        checkpoint: log.notes[&size].clone(),
    };
    proof.to_string()
}

/// The same log with one entry replaced, made anew from there on.
fn forged(size: u64, at: u64) -> Log {
    let mut log = Log::of(at, &[]);
    log.push(leaf(at, "forged"));
    for seq in at + 1..size {
        log.push(leaf(seq, "honest"));
    }
    log.sign();
    log
}

fn flip(hash: &mut Hash, bit: usize) {
    hash.0[bit / 8] ^= 1 << (bit % 8);
}
