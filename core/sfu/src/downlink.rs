//! What the way to one subscriber carries.

#[derive(Default)]
pub(crate) struct Downlink {
    /// In bits per second; unknown until the connection has measured.
    estimate: Option<u64>,
    /// A test client's own bound.
    cap: Option<u64>,
    /// In bits per second: what is sent, and what would be if there were room.
    flow: (u64, u64),
}

impl Downlink {
    pub(crate) fn estimated(&mut self, bitrate: u64) {
        self.estimate = Some(bitrate);
    }

    /// `None` lifts it.
    pub(crate) fn set_cap(&mut self, cap: Option<u64>) {
        self.cap = cap;
    }

    pub(crate) fn set_flow(&mut self, current: u64, desired: u64) {
        self.flow = (current, desired);
    }

    /// What is sent, and what would be if there were room.
    pub(crate) fn flow(&self) -> (u64, u64) {
        self.flow
    }

    /// What may be sent; unknown means enough.
    pub(crate) fn capacity(&self) -> Option<u64> {
        let bounds = [self.estimate, self.cap];
        bounds.into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_of_estimate_and_cap_counts() {
        let mut downlink = Downlink::default();
        assert_eq!(downlink.capacity(), None);

        downlink.estimated(1_000_000);
        downlink.set_cap(Some(200_000));
        assert_eq!(downlink.capacity(), Some(200_000));

        downlink.set_cap(None);
        assert_eq!(downlink.capacity(), Some(1_000_000));
    }
}
