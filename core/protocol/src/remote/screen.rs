//! The monitors of a supported computer.

use serde::{Deserialize, Serialize};

use super::wire::{Malformed, Reader, Writer};

/// One monitor, as the agent numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MonitorId(pub u8);

/// In pixels; neither is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Monitor {
    pub id: MonitorId,
    pub width: u16,
    pub height: u16,
}

/// At most [`Monitors::MOST`], each with an id of its own, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Monitors(Vec<Monitor>);

impl Monitors {
    pub const MOST: usize = 16;

    /// `None` for too many, two of one id, or one without an extent.
    pub fn new(mut monitors: Vec<Monitor>) -> Option<Self> {
        monitors.sort_unstable_by_key(|monitor| monitor.id);
        Self::in_order(monitors)
    }

    pub fn get(&self, id: MonitorId) -> Option<Monitor> {
        self.iter().find(|monitor| monitor.id == id)
    }

    pub fn iter(&self) -> impl Iterator<Item = Monitor> {
        self.0.iter().copied()
    }

    fn in_order(monitors: Vec<Monitor>) -> Option<Self> {
        let rises = monitors.is_sorted_by(|one, next| one.id < next.id);
        let shows = |monitor: &Monitor| monitor.width > 0 && monitor.height > 0;
        (monitors.len() <= Self::MOST && rises && monitors.iter().all(shows))
            .then_some(Self(monitors))
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = reader.u8()?;
        let monitors = (0..count).map(|_| Monitor::read(reader));
        let monitors: Vec<_> = monitors.collect::<Result<_, _>>()?;
        Self::in_order(monitors).ok_or(Malformed)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.u8(u8::try_from(self.0.len()).unwrap_or(u8::MAX));
        self.iter().for_each(|monitor| monitor.write(writer));
    }
}

impl Monitor {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            id: MonitorId::read(reader)?,
            width: reader.u16()?,
            height: reader.u16()?,
        })
    }

    fn write(self, writer: &mut Writer) {
        self.id.write(writer);
        writer.u16(self.width);
        writer.u16(self.height);
    }
}

impl MonitorId {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.u8().map(Self)
    }

    pub(super) fn write(self, writer: &mut Writer) {
        writer.u8(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monitors_are_few_and_told_apart() {
        let monitor = |id| Monitor {
            id: MonitorId(id),
            width: 1_920,
            height: 1_080,
        };
        let many = |most| (0..most).map(monitor).collect();

        assert!(Monitors::new(many(16)).is_some());
        assert!(Monitors::new(many(17)).is_none());
        assert!(Monitors::new(vec![monitor(1), monitor(0)]).is_some());
        assert!(Monitors::new(vec![monitor(1), monitor(1)]).is_none());
        let flat = Monitor {
            height: 0,
            ..monitor(0)
        };
        assert!(Monitors::new(vec![flat]).is_none());
    }
}
