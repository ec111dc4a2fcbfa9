//! The terms of a meeting inside its group: our extension of the group context.
//!
//! Every epoch's keys depend on the group context (RFC 9420, section 8), so members with different terms
//! share no key. Only a host changes them, and only the admission and what belongs to it.

use openmls::extensions::{
    Extension, ExtensionType, Extensions, RequiredCapabilitiesExtension, UnknownExtension,
};
use openmls::group::GroupContext;
use openmls::prelude::{BasicCredential, CredentialType};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};

use crate::founding::Founding;
use crate::meeting::{Meeting, PROTOCOL_VERSION};

/// Our extension's number, of the private range (RFC 9420, section 17.3).
pub(crate) const EXTENSION: ExtensionType = ExtensionType::Unknown(EXTENSION_NUMBER);
const EXTENSION_NUMBER: u16 = 0xF0C0;

/// Who may join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Admission {
    /// Whoever holds the meeting's secret.
    Open,
    /// Whoever holds the secret and a host's voucher.
    Signed,
}

impl Admission {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Signed => 1,
        }
    }
}

/// The part of the terms that hosts change.
#[derive(Clone, PartialEq, Eq)]
pub struct Rules {
    pub admission: Admission,
    /// Counts the changes after which earlier vouchers are void: an expelled guest's voucher with them.
    pub generation: u32,
    /// The hosts' signature keys.
    pub hosts: Vec<Vec<u8>>,
    /// Who made the group, if it was a host; never another.
    pub(crate) founding: Option<Founding>,
}

impl Rules {
    /// A meeting that expelled somebody stays `signed`: the expelled knows the secret. Generations only grow.
    pub(crate) fn may_follow(&self, old: &Self) -> bool {
        let reopens = old.generation > 0 && self.admission == Admission::Open;
        self.generation >= old.generation
            && !reopens
            && self.founding == old.founding
            && (self.generation == old.generation || self.admission == Admission::Signed)
            && self.hosts.len() <= MOST_HOSTS
    }
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct ConclaveContext {
    protocol_version: u16,
    meeting: [u8; 16],
    organisation: [u8; 16],
    data_mode: u8,
    admission: u8,
    generation: u32,
    hosts: Vec<VLBytes>,
    founding: Option<Founding>,
}

/// The group context is not that of this meeting.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OtherTerms;

/// The whole of a group context's extensions: required capabilities, the server as external sender, our terms.
pub(crate) fn extensions(meeting: &Meeting, rules: &Rules) -> Extensions<GroupContext> {
    Extensions::from_vec(vec![
        Extension::RequiredCapabilities(RequiredCapabilitiesExtension::new(
            &[EXTENSION],
            &[],
            &[CredentialType::Basic],
        )),
        Extension::ExternalSenders(vec![openmls::extensions::ExternalSender::new(
            meeting.external_sender.signature_key.clone().into(),
            BasicCredential::new(meeting.external_sender.identity.clone()).into(),
        )]),
        Extension::Unknown(EXTENSION_NUMBER, UnknownExtension(encode(meeting, rules))),
    ])
    .expect("three different extensions, each allowed in a group context")
}

/// The rules of a group context that is exactly this meeting's.
pub(crate) fn rules(
    meeting: &Meeting,
    found: &Extensions<GroupContext>,
) -> Result<Rules, OtherTerms> {
    let UnknownExtension(bytes) = found.unknown(EXTENSION_NUMBER).ok_or(OtherTerms)?;
    let rules = decode(bytes)?;
    let expected = extensions(meeting, &rules);
    let is_strict = rules.admission >= meeting.admission;
    (*found == expected && is_strict)
        .then_some(rules)
        .ok_or(OtherTerms)
}

fn encode(meeting: &Meeting, rules: &Rules) -> Vec<u8> {
    ConclaveContext {
        protocol_version: PROTOCOL_VERSION,
        meeting: meeting.meeting.0,
        organisation: meeting.organisation.0,
        data_mode: meeting.data_mode.code(),
        admission: rules.admission.code(),
        generation: rules.generation,
        hosts: rules.hosts.iter().cloned().map(Into::into).collect(),
        founding: rules.founding.clone(),
    }
    .tls_serialize_detached()
    .expect("a bounded list of keys is within the codec's bounds")
}

fn decode(bytes: &[u8]) -> Result<Rules, OtherTerms> {
    let context = ConclaveContext::tls_deserialize_exact_bytes(bytes).map_err(|_| OtherTerms)?;
    let is_key = |host: &VLBytes| host.as_slice().len() <= MOST_KEY_BYTES;
    if context.hosts.len() > MOST_HOSTS || !context.hosts.iter().all(is_key) {
        return Err(OtherTerms);
    }
    Ok(Rules {
        admission: match context.admission {
            0 => Admission::Open,
            1 => Admission::Signed,
            _ => return Err(OtherTerms),
        },
        generation: context.generation,
        hosts: context.hosts.into_iter().map(Into::into).collect(),
        founding: context.founding,
    })
}

/// A point of P-384.
const MOST_KEY_BYTES: usize = 97;
/// Hosts at one time, with those of their devices that are in the meeting.
pub const MOST_HOSTS: usize = 32;
