//! The first member makes the group.

use std::time::Duration;

use openmls::group::{GroupId as MlsGroupId, MlsGroup, PURE_PLAINTEXT_WIRE_FORMAT_POLICY};
use openmls::key_packages::Lifetime;
use openmls_traits::OpenMlsProvider as _;

use super::{Failed, Group, Oneself, capabilities, keep_psk};
use crate::context::{self, Admission, Rules};
use crate::founding::Founding;
use crate::identity::{Identity, Standing};
use crate::meeting::{GroupId, Meeting};
use crate::provider::{Provider, Seed};
use crate::secret::MeetingSecret;

/// How the creator opens its meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// By whoever comes first; nobody can change the admission.
    ByAnyone,
    /// By a host, who may change the admission.
    ByHost(Admission),
}

impl Group {
    /// A group with one member, in epoch 0. `now` is the time since 1970.
    pub fn create(
        meeting: &Meeting,
        secret: &MeetingSecret,
        oneself: Oneself<'_>,
        opening: Opening,
        seed: Seed,
        now: Duration,
    ) -> Result<Self, Failed> {
        let provider = Provider::new(seed);
        keep_psk(meeting, secret, &provider)?;
        let id = GroupId(provider.rand().bytes());
        let rules = opening.rules(meeting, oneself, id)?;
        let mls = MlsGroup::builder()
            .with_group_id(MlsGroupId::from_slice(&id.0))
            .ciphersuite(meeting.suite.mls())
            .with_capabilities(capabilities(meeting.suite))
            .with_group_context_extensions(context::extensions(meeting, &rules))
            .with_wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
            .use_ratchet_tree_extension(true)
            .lifetime(lifetime(now))
            .build(&provider, oneself.signer, oneself.credential())
            .map_err(|_| Failed)?;
        Ok(Self {
            mls,
            provider,
            meeting: meeting.clone(),
            id,
        })
    }
}

impl Opening {
    /// By a host, if the invitation names one; else by the account that comes first, and by anyone if it is a guest.
    #[must_use]
    pub fn of(meeting: &Meeting, identity: &Identity) -> Self {
        let has_account = matches!(identity.standing, Standing::Account { .. });
        if has_account && meeting.may_host(identity) {
            Self::ByHost(meeting.admission)
        } else {
            Self::ByAnyone
        }
    }

    /// Where the meeting is known to be closed: a host's next group lets nobody in without a voucher, from its first
    /// epoch on. Where the invitation names no host, whoever came first would shut out who made the meeting.
    #[must_use]
    pub fn closed(self, meeting: &Meeting) -> Self {
        match self {
            Self::ByHost(_) if !meeting.host_accounts.is_empty() => Self::ByHost(Admission::Signed),
            Self::ByHost(_) | Self::ByAnyone => self,
        }
    }

    fn rules(
        self,
        meeting: &Meeting,
        oneself: Oneself<'_>,
        group: GroupId,
    ) -> Result<Rules, Failed> {
        let (admission, hosts, founding) = match self {
            Self::ByAnyone => (Admission::Open, Vec::new(), None),
            Self::ByHost(admission) => (
                admission.max(meeting.admission),
                vec![oneself.signer.public().to_vec()],
                Some(Founding::sign(oneself.identity, oneself.signer, group)),
            ),
        };
        let may = match self {
            Self::ByAnyone => meeting.host_accounts.is_empty(),
            Self::ByHost(_) => meeting.may_host(oneself.identity),
        };
        (may && admission >= meeting.admission)
            .then_some(Rules {
                admission,
                generation: 0,
                hosts,
                founding,
            })
            .ok_or(Failed)
    }
}

/// Only a creator's leaf has a lifetime; joiners judge its length, not its dates, since clocks differ.
fn lifetime(now: Duration) -> Lifetime {
    let seconds = now.as_secs();
    Lifetime::init(
        seconds.saturating_sub(LIFETIME_MARGIN.as_secs()),
        seconds + LIFETIME.as_secs(),
    )
}

/// Longer than any meeting.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const LIFETIME_MARGIN: Duration = Duration::from_secs(2 * 24 * 60 * 60);
/// What a joiner takes for a lifetime: bounded (RFC 9420, section 7.2), whatever its dates.
pub(super) const LONGEST_LIFETIME: Duration = Duration::from_secs(9 * 24 * 60 * 60);
