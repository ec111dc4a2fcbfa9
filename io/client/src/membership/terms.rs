//! The terms of a meeting's group, from the invitation and the welcome.

use conclave_e2ee::context::Admission;
use conclave_e2ee::group::Opening;
use conclave_e2ee::meeting::{DataMode, ExternalSender, Meeting, MeetingId, OrganisationId};
use conclave_e2ee::secret::MeetingSecret;
use conclave_e2ee::session::Config;
use conclave_e2ee::suite::Suite;
use conclave_protocol::channel::MeetingFacts;
use conclave_protocol::meeting as protocol;
use conclave_protocol::mls::MlsState;

use super::{Means, Member, id};

/// `None`: others would refuse the name, or the link is not known.
///
/// Members who were told different terms end in different groups.
pub(super) fn config(member: &Member, facts: &MeetingFacts, mls: &MlsState) -> Option<Config> {
    let Means::Link(invitation) = &member.means else {
        return None;
    };
    let sender = &mls.external_sender;
    let meeting = Meeting {
        meeting: MeetingId(member.place.meeting.0.into_bytes()),
        organisation: OrganisationId(facts.organisation.0.into_bytes()),
        data_mode: match facts.data_mode {
            protocol::DataMode::Conduit => DataMode::Conduit,
            protocol::DataMode::Retain => DataMode::Retain,
            protocol::DataMode::Archive => DataMode::Archive,
        },
        suite: Suite::default(),
        external_sender: ExternalSender {
            signature_key: sender.signature_key.as_bytes().to_vec(),
            identity: sender.identity.as_bytes().to_vec(),
        },
        host_accounts: invitation.host_key.into_iter().collect(),
        admission: Admission::Open,
    };
    let participant = id(member.place.participant);
    let name = member.display_name.clone();
    let identity = member
        .keys
        .identity(participant, name, member.account)
        .ok()?;
    Some(Config {
        opening: Opening::of(&meeting, &identity),
        meeting,
        secret: MeetingSecret::new(invitation.secret.as_slice()).ok()?,
        identity,
        signer: member.keys.signer(),
    })
}
