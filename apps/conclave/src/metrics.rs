//! The figures of this server, with bounded label sets.

use std::sync::{Arc, Mutex, PoisonError};

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
