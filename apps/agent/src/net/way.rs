//! Which topic of a sealed data packet is which way between the processes.

use crate::ipc::Way;

impl Way {
    pub(super) fn topic(self) -> &'static str {
        match self {
            Self::Remote => "conclave.remote",
            Self::Input => "conclave.input",
            Self::File => "conclave.file",
            Self::Tiles => "conclave.tiles",
        }
    }

    /// `None`: packets of this topic are not for the session.
    pub(super) fn of(topic: &str) -> Option<Self> {
        [Self::Remote, Self::Input, Self::File, Self::Tiles]
            .into_iter()
            .find(|way| way.topic() == topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_comes_by_the_topic_that_it_went_by() {
        for way in [Way::Remote, Way::Input, Way::File, Way::Tiles] {
            assert_eq!(Way::of(way.topic()), Some(way));
        }
        for topic in ["", "conclave.chat", "conclave.remote "] {
            assert_eq!(Way::of(topic), None);
        }
    }
}
