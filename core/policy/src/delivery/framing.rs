//! What the delivery service reads of members' messages: where they belong, and which leaves change.
//!
//! The framing of a commit and its list of proposals, and the context and signer of a GroupInfo
//! (RFC 9420, sections 6, 7, 12.1, 12.4). Keys, signatures and ciphertexts are stepped over; whether they
//! hold is for members to say. The list of proposals is read because the service has to know
//! which leaf is whose, in order to propose removals.

use conclave_protocol::mls::{Epoch, GroupId, LeafIndex};

pub use super::reader::Malformed;
use super::reader::Reader;
pub use super::reference::reference;

/// A commit in a `PublicMessage`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub group: GroupId,
    /// That it applies to.
    pub epoch: Epoch,
    pub sender: Sender,
    pub changes: Changes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    Member(LeafIndex),
    /// `new_member_commit`: enters by an external commit.
    Joiner,
}

/// What a commit does to the tree, beside its own path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Proposals that were sent before, by their hashes.
    pub references: Vec<Vec<u8>>,
    /// Leaves that the commit itself removes.
    pub removes: Vec<LeafIndex>,
    /// Changes the group's extensions.
    pub context: bool,
    keys: usize,
    entries: usize,
}

/// What a GroupInfo is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupInfo {
    pub suite: u16,
    pub group: GroupId,
    pub epoch: Epoch,
    pub signer: LeafIndex,
}

/// Reads an `MLSMessage` that holds a commit in a `PublicMessage`.
///
/// A joiner's commit has one ExternalInit, one external PSK and at most one Remove (RFC 9420, 12.4.3.2,
/// narrowed to what members here accept). A member's may refer to proposals, remove, and change the
/// group's extensions. Additions are not among them: people enter by themselves.
pub fn read_commit(bytes: &[u8]) -> Result<Commit, Malformed> {
    let mut message = Reader::new(bytes);
    message.expect_u16(MLS_1_0)?;
    message.expect_u16(PUBLIC_MESSAGE)?;
    let group = message.group()?;
    let epoch = message.epoch()?;
    let sender = match message.u8()? {
        MEMBER => Sender::Member(message.leaf()?),
        NEW_MEMBER_COMMIT => Sender::Joiner,
        _ => return Err(Malformed),
    };
    // The authenticated data.
    message.vector()?;
    if message.u8()? != COMMIT {
        return Err(Malformed);
    }
    let changes = changes(message.vector()?)?;
    let path = message.present()?;
    if path {
        step_over_path(&mut message)?;
    }
    // Signature and confirmation tag, and the membership tag of a member (6.1, 6.2).
    message.skip_vectors(match sender {
        Sender::Member(_) => 3,
        Sender::Joiner => 2,
    })?;
    message.end()?;
    changes.fit(sender, path)?;
    Ok(Commit {
        group,
        epoch,
        sender,
        changes,
    })
}

/// Reads an `MLSMessage` that holds a GroupInfo by which others can enter: with the ratchet tree and
/// the external public key.
pub fn read_group_info(bytes: &[u8]) -> Result<GroupInfo, Malformed> {
    let mut message = Reader::new(bytes);
    message.expect_u16(MLS_1_0)?;
    message.expect_u16(GROUP_INFO)?;
    message.expect_u16(MLS_1_0)?;
    let suite = message.u16()?;
    let group = message.group()?;
    let epoch = message.epoch()?;
    // Tree hash, transcript hash.
    message.skip_vectors(2)?;
    extensions(message.vector()?, |_| {})?;
    let mut tree = false;
    let mut key = false;
    extensions(message.vector()?, |kind| match kind {
        RATCHET_TREE => tree = true,
        EXTERNAL_PUB => key = true,
        _ => {}
    })?;
    // The confirmation tag.
    message.vector()?;
    let signer = message.leaf()?;
    // The signature.
    message.vector()?;
    message.end()?;
    (tree && key).then_some(()).ok_or(Malformed)?;
    Ok(GroupInfo {
        suite,
        group,
        epoch,
        signer,
    })
}

impl Changes {
    fn fit(&self, sender: Sender, path: bool) -> Result<(), Malformed> {
        let fits = match sender {
            Sender::Joiner => {
                let once = self.entries == 1 && self.keys == 1 && self.removes.len() <= 1;
                once && self.references.is_empty() && !self.context && path
            }
            Sender::Member(own) => {
                let inside = self.entries == 0 && self.keys == 0;
                inside && !self.removes.contains(&own)
            }
        };
        fits.then_some(()).ok_or(Malformed)
    }
}

/// `ProposalOrRef proposals<V>` (12.4).
fn changes(mut list: Reader<'_>) -> Result<Changes, Malformed> {
    let mut changes = Changes::default();
    for _ in 0..MOST_PROPOSALS {
        if list.is_empty() {
            return Ok(changes);
        }
        match list.u8()? {
            PROPOSAL => proposal(&mut list, &mut changes)?,
            REFERENCE => {
                let hash = list.vector()?.short(LONGEST_HASH)?;
                changes.references.push(hash.to_vec());
            }
            _ => return Err(Malformed),
        }
    }
    list.end().map(|()| changes)
}

fn proposal(list: &mut Reader<'_>, changes: &mut Changes) -> Result<(), Malformed> {
    match list.u16()? {
        REMOVE => changes.removes.push(list.leaf()?),
        EXTERNAL_INIT => {
            list.vector()?;
            changes.entries += 1;
        }
        PRE_SHARED_KEY => {
            if list.u8()? != EXTERNAL_PSK {
                return Err(Malformed);
            }
            // Its id, its nonce.
            list.skip_vectors(2)?;
            changes.keys += 1;
        }
        GROUP_CONTEXT_EXTENSIONS if !changes.context => {
            extensions(list.vector()?, |_| {})?;
            changes.context = true;
        }
        _ => return Err(Malformed),
    }
    Ok(())
}

/// `UpdatePath` with its `LeafNode` (7.2, 7.6).
fn step_over_path(message: &mut Reader<'_>) -> Result<(), Malformed> {
    // Encryption key, signature key.
    message.skip_vectors(2)?;
    message.expect_u16(BASIC_CREDENTIAL)?;
    // The identity, then five lists of capabilities.
    message.skip_vectors(1 + 5)?;
    if message.u8()? != LEAF_OF_A_COMMIT {
        return Err(Malformed);
    }
    // The parent's hash.
    message.vector()?;
    extensions(message.vector()?, |_| {})?;
    // The leaf's signature, then the nodes.
    message.vector()?;
    let mut nodes = message.vector()?;
    while !nodes.is_empty() {
        // Encryption key, encrypted path secrets.
        nodes.skip_vectors(2)?;
    }
    Ok(())
}

/// `Extension extensions<V>` (7.2).
fn extensions(mut list: Reader<'_>, mut seen: impl FnMut(u16)) -> Result<(), Malformed> {
    while !list.is_empty() {
        seen(list.u16()?);
        list.vector()?;
    }
    Ok(())
}

/// Of SHA-512.
const LONGEST_HASH: usize = 64;
/// Removals of everybody at once. More would let a commit cost its readers more than a join does.
const MOST_PROPOSALS: usize = super::MOST_MEMBERS;

// RFC 9420, sections 6, 7.2, 8.4, 12.4, 17.3, 17.4.
pub(super) const MLS_1_0: u16 = 1;
pub(super) const PUBLIC_MESSAGE: u16 = 1;
const GROUP_INFO: u16 = 4;
const MEMBER: u8 = 1;
const NEW_MEMBER_COMMIT: u8 = 4;
const COMMIT: u8 = 3;
const PROPOSAL: u8 = 1;
const REFERENCE: u8 = 2;
pub(super) const REMOVE: u16 = 3;
const PRE_SHARED_KEY: u16 = 4;
const EXTERNAL_INIT: u16 = 6;
const GROUP_CONTEXT_EXTENSIONS: u16 = 7;
const EXTERNAL_PSK: u8 = 1;
pub(super) const BASIC_CREDENTIAL: u16 = 1;
const LEAF_OF_A_COMMIT: u8 = 3;
const RATCHET_TREE: u16 = 2;
const EXTERNAL_PUB: u16 = 4;

#[cfg(test)]
mod tests;
