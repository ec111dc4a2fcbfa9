//! The figures of this server, with bounded label sets.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use conclave_sfu::Fact;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// The registry, filled at start and read by `/metrics`.
#[derive(Clone, Default)]
pub(crate) struct Metrics {
    registry: Arc<Mutex<Registry>>,
}

impl Metrics {
    /// Registers what `with` does, under the prefix `conclave`.
    pub(crate) fn register<T>(&self, with: impl FnOnce(&mut Registry) -> T) -> T {
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        with(registry.sub_registry_with_prefix("conclave"))
    }

    /// OpenMetrics text.
    pub(crate) fn encode(&self) -> Result<String, std::fmt::Error> {
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

/// Requests, by route template: as many label values as there are routes.
#[derive(Clone)]
pub(crate) struct RequestFigures {
    answered: Family<Answered, Counter>,
    took: Histogram,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

impl RequestFigures {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let figures = Self {
            answered: Family::default(),
            took: Histogram::new(exponential_buckets(0.001, 4.0, 8)),
        };
        registry.register(
            "http_requests",
            "Requests answered",
            figures.answered.clone(),
        );
        registry.register(
            "http_request_seconds",
            "From a request's head to its answer's head",
            figures.took.clone(),
        );
        figures
    }

    pub(crate) fn count(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let labels = Answered {
            method,
            route: route.to_owned(),
            status,
        };
        self.answered.get_or_create(&labels).inc();
        self.took.observe(took.as_secs_f64());
    }
}

/// What happens on meetings' channels.
#[derive(Clone, Default)]
pub(crate) struct ChannelFigures {
    not_passed: Family<Dropped, Counter>,
}

impl ChannelFigures {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let figures = Self::default();
        registry.register(
            "dropped_words",
            "Heartbeats and letters of participants that were not passed on",
            figures.not_passed.clone(),
        );
        figures
    }

    pub(crate) fn not_passed(&self, reason: &'static str) {
        self.not_passed.get_or_create(&Dropped { reason }).inc();
    }
}

/// What happens in rooms.
#[derive(Clone, Default)]
pub(crate) struct MediaFigures {
    rooms: Gauge,
    participants: Gauge,
    tracks: Gauge,
    panics: Counter,
    dropped: Family<Dropped, Counter<u64, AtomicU64>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Dropped {
    reason: &'static str,
}

impl MediaFigures {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let figures = Self::default();
        registry.register("rooms", "Rooms that are open", figures.rooms.clone());
        registry.register(
            "participants",
            "Participants whose media is connected",
            figures.participants.clone(),
        );
        registry.register(
            "tracks",
            "Tracks that are published",
            figures.tracks.clone(),
        );
        registry.register(
            "peer_panics",
            "Media connections that were ended because their code failed",
            figures.panics.clone(),
        );
        registry.register(
            "dropped_input",
            "Strangers' bytes that made no sense",
            figures.dropped.clone(),
        );
        figures
    }

    pub(crate) fn count(&self, fact: &Fact) {
        match fact {
            Fact::RoomStarted { .. } => drop(self.rooms.inc()),
            Fact::RoomEnded { .. } => drop(self.rooms.dec()),
            Fact::ParticipantActive { .. } => drop(self.participants.inc()),
            Fact::ParticipantLeft { quality, .. } => {
                // Who never became active was never counted.
                if !quality.path.is_empty() {
                    self.participants.dec();
                }
            }
            Fact::TrackPublished { .. } => drop(self.tracks.inc()),
            Fact::TrackUnpublished { .. } => drop(self.tracks.dec()),
            Fact::PeerPanicked { .. } => drop(self.panics.inc()),
            Fact::Dropped { reason, count } => {
                self.dropped
                    .get_or_create(&Dropped { reason })
                    .inc_by(*count);
            }
            Fact::ParticipantChanged { .. }
            | Fact::ScreenActive { .. }
            | Fact::ScreenEnded { .. }
            | Fact::PublishRefused { .. }
            | Fact::StrayData { .. }
            | Fact::Quality { .. } => {}
        }
    }
}
