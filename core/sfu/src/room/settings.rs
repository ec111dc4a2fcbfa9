//! What whoever makes a room says of it.

use std::time::Duration;

use livekit_protocol as proto;

use crate::card::LONGEST_METADATA;
use crate::command::ApiRefusal;

#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) metadata: String,
    /// 0: the server's own limit alone.
    pub(crate) max_participants: u32,
    /// `None`: the server's.
    pub(crate) empty_timeout: Option<Duration>,
    pub(crate) departure_timeout: Option<Duration>,
}

impl Settings {
    /// Of a token's room configuration, as far as it is kept.
    pub(crate) fn of_configuration(configuration: &proto::RoomConfiguration) -> Self {
        let fits = configuration.metadata.len() <= LONGEST_METADATA;
        let metadata = fits.then_some(&configuration.metadata);
        Self {
            metadata: metadata.cloned().unwrap_or_default(),
            max_participants: configuration.max_participants,
            empty_timeout: seconds(configuration.empty_timeout),
            departure_timeout: seconds(configuration.departure_timeout),
        }
    }

    pub(crate) fn of_request(request: &proto::CreateRoomRequest) -> Result<Self, ApiRefusal> {
        if request.metadata.len() > LONGEST_METADATA {
            return Err(ApiRefusal::Limit("metadata"));
        }
        Ok(Self {
            metadata: request.metadata.clone(),
            max_participants: request.max_participants,
            empty_timeout: seconds(request.empty_timeout),
            departure_timeout: seconds(request.departure_timeout),
        })
    }
}

/// Zero on the wire is 'not said'.
fn seconds(seconds: u32) -> Option<Duration> {
    (seconds > 0).then(|| Duration::from_secs(seconds.into()))
}
