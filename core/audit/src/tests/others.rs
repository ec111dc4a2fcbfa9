//! Vectors that are not ours, and a crate that is not ours.

use ct_merkle::digest::Output;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof as TheirConsistency, InclusionProof as TheirInclusion, RootHash};
use sha2::Sha256;

use super::log::Log;
use crate::*;

/// Leaves and roots of the reference implementation of Certificate Transparency (merkle_tree_test.cc).
#[test]
fn roots_are_those_of_certificate_transparency() {
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut frontier = Frontier::new();
    for (leaf, root) in leaves.into_iter().zip(roots) {
        frontier.push(leaf_hash(leaf)).unwrap();

        assert_eq!(Hex(frontier.root().0).to_string(), root);
    }
}

/// Each proof of ours is theirs and accepted by them; with one bit changed, it is refused by them as by us.
#[test]
fn ct_merkle_makes_the_same_roots_and_proofs_and_refuses_what_we_refuse() {
    let log = Log::of(150, &[]);
    let (tiles, mut theirs) = (log.tiles(), MemoryBackedTree::<Sha256, Vec<u8>>::new());
    for size in 1..=150 {
        theirs.push(log.leaves[size as usize - 1].clone());
        let root = Frontier::read(size, &tiles).unwrap().root();
        assert_eq!(theirs.root().as_bytes().as_slice(), root.0);
        let (at, old) = (size * 7 / 11, size / 3 + 1);
        let inclusion = InclusionProof::prove(at, size, &tiles).unwrap();
        let consistency = ConsistencyProof::prove(old, size, &tiles).unwrap();
        assert!(accepted(&theirs.root(), &log, at, &inclusion.0));
        let old_root = Frontier::read(old, &tiles).unwrap().root();
        assert!(extended(&theirs.root(), (old, old_root), &consistency.0));
        for hash in 0..inclusion.0.len() {
            let spoilt = spoilt(&inclusion.0, hash);
            assert!(!accepted(&theirs.root(), &log, at, &spoilt));
        }
        for hash in 0..consistency.0.len() {
            let spoilt = spoilt(&consistency.0, hash);
            assert!(!extended(&theirs.root(), (old, old_root), &spoilt));
        }
    }
}

fn accepted(root: &RootHash<Sha256>, log: &Log, at: u64, hashes: &[Hash]) -> bool {
    let hashes: Vec<Output<Sha256>> = hashes.iter().map(|hash| hash.0.into()).collect();
    let proof = TheirInclusion::from_digests(hashes.iter());
    root.verify_inclusion(&log.leaves[at as usize], at, &proof)
        .is_ok()
}

fn extended(root: &RootHash<Sha256>, (size, old): (u64, Hash), hashes: &[Hash]) -> bool {
    let hashes: Vec<Output<Sha256>> = hashes.iter().map(|hash| hash.0.into()).collect();
    let proof = TheirConsistency::from_digests(hashes.iter());
    root.verify_consistency(&RootHash::new(old.0.into(), size), &proof)
        .is_ok()
}

fn spoilt(hashes: &[Hash], at: usize) -> Vec<Hash> {
    let mut hashes = hashes.to_vec();
    hashes[at].0[31] ^= 1;
    hashes
}
