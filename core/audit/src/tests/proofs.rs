//! Roots and proofs of every size against the words of RFC 6962.

use proptest::prelude::*;

use super::log::Log;
use crate::*;

/// Section 2.1, word by word.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of_empty_tree(),
        [leaf] => *leaf,
        leaves => {
            let (left, right) = leaves.split_at(half(leaves.len()));
            node_hash(&mth(left), &mth(right))
        }
    }
}

/// Section 2.1.1: PATH(m, D[n]).
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let k = half(leaves.len());
    let (left, right) = leaves.split_at(k);
    if m < k {
        [path(m, left), vec![mth(right)]].concat()
    } else {
        [path(m - k, right), vec![mth(left)]].concat()
    }
}

/// Section 2.1.2: SUBPROOF(m, D[n], b).
fn subproof(m: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if known { Vec::new() } else { vec![mth(leaves)] };
    }
    let k = half(leaves.len());
    let (left, right) = leaves.split_at(k);
    if m <= k {
        [subproof(m, left, known), vec![mth(right)]].concat()
    } else {
        [subproof(m - k, right, false), vec![mth(left)]].concat()
    }
}

/// The largest power of two below `n`.
fn half(n: usize) -> usize {
    n.next_power_of_two() / 2
}

fn hashes(log: &Log) -> Vec<Hash> {
    log.leaves.iter().map(|leaf| leaf_hash(leaf)).collect()
}

#[test]
fn proofs_of_each_size_are_those_of_the_definition_and_verify() {
    let log = Log::of(SIZES, &[]);
    let (leaves, tiles) = (hashes(&log), log.tiles());
    for size in 0..=SIZES {
        let tree = &leaves[..size as usize];
        let root = mth(tree);
        let frontier = Frontier::read(size, &tiles).unwrap();
        assert_eq!(frontier.root(), root, "{size}");
        for at in 0..size {
            let proof = InclusionProof::prove(at, size, &tiles).unwrap();
            assert_eq!(proof.0, path(at as usize, tree), "{at} of {size}");
            assert_eq!(proof.verify(tree[at as usize], at, size, root), Ok(()));
        }
        for old in 0..=size {
            let old_root = mth(&leaves[..old as usize]);
            let proof = ConsistencyProof::prove(old, size, &tiles).unwrap();
            let defined = if old == 0 {
                Vec::new()
            } else {
                subproof(old as usize, tree, true)
            };
            assert_eq!(proof.0, defined, "{old} to {size}");
            assert_eq!(proof.verify((old, old_root), (size, root)), Ok(()));
        }
    }
}

/// Each pair of sizes up to this one.
const SIZES: u64 = 70;

#[test]
fn what_no_tree_has_is_not_proven() {
    let tiles = Log::of(10, &[]).tiles();

    assert_eq!(
        InclusionProof::prove(10, 10, &tiles),
        Err(Unprovable::OutOfRange)
    );
    assert_eq!(
        InclusionProof::prove(3, 11, &tiles),
        Err(Unprovable::Missing)
    );
    assert_eq!(
        ConsistencyProof::prove(3, 2, &tiles),
        Err(Unprovable::OutOfRange)
    );
    assert_eq!(
        InclusionProof::tiles(0, MAX_SIZE + 1),
        Err(Unprovable::OutOfRange)
    );
}

/// With three levels of tiles; only those that a proof asked for are there.
#[test]
fn a_proof_needs_no_tiles_but_those_that_it_names() {
    let log = Log::of(66_000, &[]);
    let (all, root) = (log.tiles(), log.edge.frontier().root());
    let only = |paths: std::collections::BTreeSet<TilePath>| {
        let mut tiles = Tiles::new();
        for path in paths {
            let TileKind::Hashes { level } = path.kind() else {
                panic!("a proof needs hashes");
            };
            let tile = &all.get(level, path.index()).unwrap()[..usize::from(path.width())];
            let bytes: Vec<u8> = tile.iter().flat_map(|hash| hash.0).collect();
            tiles.insert(path, &bytes).unwrap();
        }
        tiles
    };
    let size = log.edge.size();
    proptest!(|(at in 0..size, old in 1..size)| {
        let needed = only(InclusionProof::tiles(at, size).unwrap());
        let proof = InclusionProof::prove(at, size, &needed).unwrap();
        let leaf = leaf_hash(&log.leaves[at as usize]);
        prop_assert_eq!(proof.verify(leaf, at, size, root), Ok(()));

        let needed = only(ConsistencyProof::tiles(old, size).unwrap());
        let proof = ConsistencyProof::prove(old, size, &needed).unwrap();
        let old_root = Frontier::read(old, &only(Frontier::tiles(old))).unwrap().root();
        prop_assert_eq!(proof.verify((old, old_root), (size, root)), Ok(()));
    });
}

#[test]
fn an_edge_that_is_read_from_tiles_goes_on_as_the_one_that_made_them() {
    for size in [0, 1, 255, 256, 257, 600, 66_000] {
        let mut log = Log::of(size, &[]);
        let mut read = Edge::read(size, &log.tiles()).unwrap();
        assert!(read == log.edge, "{size}");

        log.push(super::log::leaf(size, "one more"));
        read.push(leaf_hash(log.leaves.last().unwrap())).unwrap();

        assert!(read == log.edge, "{size}");
    }
}
