//! The media shell's counters as Prometheus reads them.

use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::registry::Registry;

use super::counters::{Counters, DropReason};

pub(super) fn register(registry: &mut Registry, counters: Arc<Counters>) {
    registry.register_collector(Box::new(Media { counters }));
}

/// Reads the counters when it is asked, so that the packet path writes plain integers.
#[derive(Debug)]
struct Media {
    counters: Arc<Counters>,
}

impl Collector for Media {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let Self { counters } = self;
        for (name, help, value) in [
            (
                "media_datagrams_in",
                "Datagrams that were given to an owner",
                counters.datagrams_in(),
            ),
            (
                "media_datagrams_out",
                "Datagrams that were sent over UDP",
                counters.datagrams_out(),
            ),
            (
                "media_sends",
                "System calls that sent them",
                counters.sends(),
            ),
        ] {
            ConstCounter::new(value).encode(encoder.encode_descriptor(
                name,
                help,
                None,
                MetricType::Counter,
            )?)?;
        }
        let mut drops = encoder.encode_descriptor(
            "media_drops",
            "Datagrams, streams, sessions and facts that went no further, by reason",
            None,
            MetricType::Counter,
        )?;
        for reason in DropReason::ALL {
            let counter = ConstCounter::new(counters.dropped(reason));
            counter.encode(drops.encode_family(&[("reason", reason.label())])?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_series() {
        let counters = Arc::new(Counters::default());
        counters.drop_many(DropReason::Unclaimed, 3);
        let mut registry = Registry::default();
        register(&mut registry, counters);

        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();

        assert!(
            text.contains("media_drops_total{reason=\"unclaimed\"} 3"),
            "{text}"
        );
        assert_eq!(
            text.matches("media_drops_total{").count(),
            DropReason::ALL.len()
        );
    }
}
