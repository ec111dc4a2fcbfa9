//! A host's word that a group is the meeting's: whoever knows only the secret makes no group that others join.
//!
//! It names the group, so a group that ends takes it along. Who the host is, is for the invitation or for an
//! earlier group to say. It doesn't tell two forks of a group apart: heartbeats do.

use openmls::credentials::{BasicCredential, Credential};
use openmls_traits::crypto::OpenMlsCrypto;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes};

use crate::identity::Identity;
use crate::meeting::{GroupId, Meeting};
use crate::provider::Crypto;
use crate::signer::{Signer, sign_content};

/// Stays in the group's context from its creation to its end.
#[derive(Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Founding {
    /// The founder's credential.
    identity: VLBytes,
    signature_key: VLBytes,
    signature: VLBytes,
}

impl Founding {
    pub(crate) fn sign(identity: &Identity, signer: &Signer, group: GroupId) -> Self {
        let identity = identity.encode();
        let signature = signer.sign_with_label(LABEL, &content(group, &identity));
        Self {
            identity: identity.into(),
            signature_key: signer.public().into(),
            signature: signature.into(),
        }
    }

    /// The founder's signature key, if the founder signed for this group and is a host by the invitation.
    pub(crate) fn check(&self, meeting: &Meeting, group: GroupId) -> Option<&[u8]> {
        let key = self.signature_key.as_slice();
        let credential: Credential = BasicCredential::new(self.identity.as_slice().to_vec()).into();
        let identity = Identity::judge(&credential, key).ok()?;
        let content = sign_content(LABEL, &content(group, self.identity.as_slice()));
        let signature = self.signature.as_slice();
        Crypto::default()
            .verify_signature(meeting.suite.signature_scheme(), &content, key, signature)
            .ok()?;
        meeting.may_host(&identity).then_some(key)
    }
}

fn content(group: GroupId, identity: &[u8]) -> Vec<u8> {
    [group.0.as_slice(), identity].concat()
}

const LABEL: &str = "Conclave Founding";
