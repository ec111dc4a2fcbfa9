//! One participant session: a table of its machines.

use std::collections::BTreeSet;

use conclave_livekit::join::Topology;

use crate::audience::Audience;
use crate::card::Card;
use crate::connection::{ConnectionId, Side};
use crate::connection_quality::{ConnectionQuality, ToldQualities};
use crate::data::{DataSource, WaitingData};
use crate::downlink::Downlink;
use crate::fact::PublishRefusal;
use crate::line::Former;
use crate::negotiation::Negotiation;
use crate::paths::Paths;
use crate::peer::DataChannel;
use crate::presence::Presence;
use crate::publishing::Publishing;
use crate::record::Record;
use crate::slab::Key;
use crate::subscriptions::Subscriptions;
use crate::track::TrackKey;

pub(crate) type ParticipantKey = Key<Participant>;

pub(crate) struct Participant {
    /// What others are told.
    pub(crate) card: Card,
    pub(crate) client: Client,
    /// Whether the participant is there at all.
    pub(crate) presence: Presence,
    /// The state of its connections.
    pub(crate) paths: Paths,
    /// What it announces and on which sections that comes.
    pub(crate) publishing: Publishing,
    /// Who may receive it.
    pub(crate) audience: Audience,
    /// What it wants to receive.
    pub(crate) subscriptions: Subscriptions,
    /// On which sections it receives.
    pub(crate) negotiation: Negotiation,
    /// Tracks that it wants and is told it may not have.
    pub(crate) denied: BTreeSet<TrackKey>,
    /// Tracks whose codecs it does not take.
    pub(crate) unsupported: BTreeSet<TrackKey>,
    /// What the way to it carries.
    pub(crate) downlink: Downlink,
    /// What it sends to others as data.
    pub(crate) data: DataSource,
    /// Data for it until its channel opens.
    pub(crate) waiting: WaitingData,
    /// Channels on which it can be sent data.
    pub(crate) channels: BTreeSet<DataChannel>,
    /// The quality of its media, as figures.
    pub(crate) record: Record,
    /// And as a word.
    pub(crate) quality: ConnectionQuality,
    /// Which words it was told, its own among them.
    pub(crate) told_qualities: ToldQualities,
    /// Why it was not let publish something, so far.
    pub(crate) publish_refusals: BTreeSet<PublishRefusal>,
    /// Sent data to a computer that it may not use.
    pub(crate) has_strayed: bool,
    /// Of a computer: who used it last.
    pub(crate) former: Option<Former>,
    /// What a test client asked for at its next resume.
    pub(crate) on_resume: Option<OnResume>,
}

/// What the client said of itself when it joined.
pub(crate) struct Client {
    pub(crate) protocol: i32,
    pub(crate) topology: Topology,
    pub(crate) adaptive_stream: bool,
    pub(crate) allow_pause: bool,
}

/// LiveKit's `simulate`: the signal connection breaks at the next resume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnResume {
    BreakAfterAnswer,
    BreakBeforeAnswer,
}

impl Participant {
    pub(crate) fn is_hidden(&self) -> bool {
        self.card.permission.hidden
    }

    /// Others may know of the participant.
    pub(crate) fn is_visible(&self) -> bool {
        !self.is_hidden() && self.presence.has_been_connected()
    }

    /// Where media and data go to this participant.
    pub(crate) fn downstream(&self) -> Side {
        match self.client.topology {
            Topology::Single => Side::Publisher,
            Topology::Dual => Side::Subscriber,
        }
    }

    pub(crate) fn sides(&self) -> &'static [Side] {
        match self.client.topology {
            Topology::Single => &[Side::Publisher],
            Topology::Dual => &[Side::Publisher, Side::Subscriber],
        }
    }
}

/// The connection on which a participant receives.
pub(crate) fn downstream(key: ParticipantKey, participant: &Participant) -> ConnectionId {
    ConnectionId {
        participant: key,
        side: participant.downstream(),
    }
}
