//! Writes messages of the right form with nothing in them: keys, hashes and signatures are made up.
//!
//! Depends on nothing, so that the server's own tests can include it.

/// In a commit's list of proposals.
#[derive(Clone, Copy)]
pub(crate) enum Change {
    /// By its hash.
    Reference([u8; 48]),
    Add,
    Remove(u32),
    ExternalInit,
    Psk,
    Context,
}

/// What a joiner's commit holds at least.
pub(crate) const ENTRANCE: [Change; 2] = [Change::ExternalInit, Change::Psk];

/// A commit in a `PublicMessage`, of the member at this leaf or of a joiner.
pub(crate) fn commit(
    group: [u8; 16],
    epoch: u64,
    member: Option<u32>,
    changes: &[Change],
) -> Vec<u8> {
    let mut bytes = vec![0, 1, 0, 1];
    vector(&mut bytes, &group);
    bytes.extend(epoch.to_be_bytes());
    match member {
        Some(leaf) => {
            bytes.push(1);
            bytes.extend(leaf.to_be_bytes());
        }
        None => bytes.push(4),
    }
    vector(&mut bytes, b"");
    bytes.push(3);
    let mut list = Vec::new();
    changes.iter().for_each(|change| write(&mut list, *change));
    vector(&mut bytes, &list);
    bytes.push(1);
    path(&mut bytes);
    vector(&mut bytes, &[0x51; 64]);
    vector(&mut bytes, &[0xc0; 48]);
    if member.is_some() {
        vector(&mut bytes, &[0x3e; 48]);
    }
    bytes
}

/// A GroupInfo of a few members, with a (made-up) tree and external public key.
pub(crate) fn group_info(group: [u8; 16], epoch: u64, signer: u32) -> Vec<u8> {
    group_info_with_tree(group, epoch, signer, 900)
}

/// The same, with a tree of so many bytes.
pub(crate) fn group_info_with_tree(
    group: [u8; 16],
    epoch: u64,
    signer: u32,
    tree: usize,
) -> Vec<u8> {
    let mut bytes = vec![0, 1, 0, 4, 0, 1, 0, 0x4e];
    vector(&mut bytes, &group);
    bytes.extend(epoch.to_be_bytes());
    vector(&mut bytes, &[0x7e; 48]);
    vector(&mut bytes, &[0x7f; 48]);
    vector(&mut bytes, &extension(5, &[0xe5; 70]));
    let mut extensions = extension(2, &vec![0x77; tree]);
    extensions.extend(extension(4, &[0xee; 70]));
    vector(&mut bytes, &extensions);
    vector(&mut bytes, &[0xc0; 48]);
    bytes.extend(signer.to_be_bytes());
    vector(&mut bytes, &[0x51; 64]);
    bytes
}

fn write(list: &mut Vec<u8>, change: Change) {
    match change {
        Change::Reference(hash) => {
            list.push(2);
            vector(list, &hash);
        }
        Change::Add => list.extend([1, 0, 1, 0, 1, 0, 0x4e]),
        Change::Remove(leaf) => {
            list.extend([1, 0, 3]);
            list.extend(leaf.to_be_bytes());
        }
        Change::ExternalInit => {
            list.extend([1, 0, 6]);
            vector(list, &[0x1e; 100]);
        }
        Change::Psk => {
            list.extend([1, 0, 4, 1]);
            vector(list, b"conclave meeting 1");
            vector(list, &[0x0e; 48]);
        }
        Change::Context => {
            list.extend([1, 0, 7]);
            vector(list, &extension(0xf0c0, &[1; 40]));
        }
    }
}

fn path(bytes: &mut Vec<u8>) {
    vector(bytes, &[0xe0; 1_216]);
    vector(bytes, &[0x50; 32]);
    bytes.extend([0, 1]);
    vector(bytes, b"somebody");
    (0..5).for_each(|_| vector(bytes, &[0, 1]));
    bytes.push(3);
    vector(bytes, &[0xaa; 48]);
    vector(bytes, b"");
    vector(bytes, &[0x51; 64]);
    let mut node = Vec::new();
    vector(&mut node, &[0xe1; 1_216]);
    vector(&mut node, &[0xc7; 1_300]);
    vector(bytes, &node);
}

fn extension(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_be_bytes().to_vec();
    vector(&mut bytes, data);
    bytes
}

fn vector(bytes: &mut Vec<u8>, data: &[u8]) {
    let length = u32::try_from(data.len()).expect("what is forged is short");
    match length {
        0..0x40 => bytes.push(length.to_be_bytes()[3]),
        0x40..0x4000 => bytes.extend(&(0x4000 | length).to_be_bytes()[2..]),
        0x4000.. => bytes.extend((0x8000_0000 | length).to_be_bytes()),
    }
    bytes.extend(data);
}
