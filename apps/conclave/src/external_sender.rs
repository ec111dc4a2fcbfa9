//! This installation's key for proposing removals to meetings' groups: Ed25519, in the data directory.
//!
//! Groups name its public half when they are created, so it is the same for as long as the installation lives.

use std::path::Path;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use conclave_policy::delivery::ExternalSender;

use crate::installation_key::{InstallationKey, KeyError};

/// The key of the data directory, made when there is none.
pub(crate) fn open(data_dir: &Path) -> Result<ExternalSender, KeyError> {
    let seed = InstallationKey::open(data_dir, FILE)?;
    Ok(sender(&seed))
}

fn sender(seed: &InstallationKey) -> ExternalSender {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_bytes())
        .expect("each 32 bytes are a seed (RFC 8032, 5.1.5)");
    let public_key = pair.public_key().as_ref().try_into();
    ExternalSender::new(
        public_key.expect("a public key has 32 bytes (RFC 8032, 5.1.5)"),
        move |message| {
            let signature = pair.sign(message).as_ref().try_into();
            signature.expect("a signature has 64 bytes (RFC 8032, 5.1.6)")
        },
    )
}

pub(crate) const FILE: &str = "external-sender.key";

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    use conclave_protocol::mls::{Epoch, GroupId, LeafIndex};

    use super::*;

    #[test]
    fn a_restart_proposes_with_the_same_key() {
        let directory = tempfile::tempdir().unwrap();

        let made = open(directory.path()).unwrap().described();
        let found = open(directory.path()).unwrap().described();

        assert_eq!(made, found);
        assert_eq!(made.signature_key.as_bytes().len(), 32);
        assert_eq!(made.identity.as_bytes(), b"conclave");
    }

    /// The bytes that openmls 0.9.2, whose group named this key, took for the removal of leaf 1.
    #[test]
    fn a_proposal_is_the_one_that_members_accept() {
        let sender = sender(&InstallationKey::from([9; 32]));

        let proposal = sender.propose_removal(GroupId([7; 16]), Epoch(2), LeafIndex(1));

        let hex: String = proposal
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(hex, ACCEPTED);
    }

    const ACCEPTED: &str = "\
        000100011007070707070707070707070707070707000000000000000202000000000002000300000001\
        4040e2eee1ab15352443532047419a64040e63ab7eab898ec511d1fa9643bb5731f1863de1e40c443036\
        04ac72a1bd898eb3faa06e3428ad780eda4e9cb9dc969b03";

    #[test]
    fn a_signature_verifies_under_the_public_key() {
        let sender = sender(&InstallationKey::from([9; 32]));

        let proposal = sender.propose_removal(GroupId([7; 16]), Epoch(5), LeafIndex(3));

        let (content, signature) = proposal.as_bytes().split_at(proposal.as_bytes().len() - 66);
        // RFC 9420, 5.1.2 and 6.1: over label and content, each with its length.
        let mut signed = vec![24];
        signed.extend(b"MLS 1.0 FramedContentTBS");
        signed.push(u8::try_from(content.len()).unwrap());
        signed.extend(content);
        let key = sender.described().signature_key;
        let key = UnparsedPublicKey::new(&ED25519, key.as_bytes());
        assert_eq!(signature[..2], [0x40, 64]);
        assert!(key.verify(&signed, &signature[2..]).is_ok());
    }
}
