//! The media shell: owner threads, their sockets, and the way into their rooms.

use conclave_sfu::{ApiRefusal, ApiRequest, ApiResponse, Fact, RoomName};
use prometheus_client::registry::Registry;
use tokio::sync::mpsc;

use crate::Config;

/// The running owner threads.
pub struct Media {
    _facts: mpsc::Sender<Fact>,
}

#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("the media port {port} can't be opened: {source}")]
    Port {
        port: u16,
        #[source]
        source: std::io::Error,
    },
}

impl Media {
    /// Binds loopback only with `--dev`. `port` 0 lets the system choose.
    pub fn start(
        _config: &Config,
        _registry: &mut Registry,
        facts: mpsc::Sender<Fact>,
    ) -> Result<Self, MediaError> {
        Ok(Self { _facts: facts })
    }

    pub fn handle(&self) -> Handle {
        Handle
    }

    /// The bound port of UDP (and ICE-TCP).
    pub fn port(&self) -> u16 {
        0
    }

    /// Tells everybody to go, flushes, and joins the threads.
    pub async fn stop(self) {}
}

/// The way into the rooms. Cheap to clone.
#[derive(Clone)]
pub struct Handle;

/// The room's owner has no place left in its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the media threads are busy")]
pub struct Busy;

impl Handle {
    /// All owner threads answer.
    pub fn alive(&self) -> bool {
        true
    }

    /// Takes a place in the queue of the room's owner, before a transaction that must not be refused afterwards.
    pub fn reserve(&self, room: &RoomName) -> Result<Place, Busy> {
        Ok(Place {
            _room: room.clone(),
        })
    }
}

/// A place in a room owner's queue; dropped, it is given back.
pub struct Place {
    _room: RoomName,
}

impl Place {
    /// Sends the request and awaits its answer. A room that is not there answers [`ApiRefusal::NoRoom`].
    pub async fn call(self, _request: ApiRequest) -> Result<ApiResponse, ApiRefusal> {
        Err(ApiRefusal::NoRoom)
    }
}
