//! What a batch says before its tiles.

use conclave_protocol::remote::MonitorId;

use super::hash::FrameHash;
use super::rect::Rect;
use super::shift::Shift;
use super::size::Size;
use super::wire::{Malformed, Reader, Writer};

pub(super) struct Head {
    pub(super) monitor: MonitorId,
    /// Raised when everything begins again.
    pub(super) epoch: u32,
    /// From 1 on in each epoch.
    pub(super) number: u32,
    pub(super) size: Size,
    /// Of the whole picture, where this batch makes it complete.
    pub(super) whole: Option<FrameHash>,
    pub(super) memory_bits: u8,
    pub(super) shifts: Shifts,
    pub(super) tiles: u16,
}

/// Copies within the picture, before the tiles, one after another.
#[derive(Default)]
pub(super) struct Shifts {
    /// Names the generations of all tiles that they touch.
    pub(super) footing: u64,
    pub(super) shifts: Vec<Shift>,
}

impl Head {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let monitor = MonitorId(reader.u8()?);
        let epoch = reader.u32()?;
        let number = reader.u32()?;
        let size = Size::new(reader.u16()?, reader.u16()?).ok_or(Malformed)?;
        let head = Self {
            monitor,
            epoch,
            number,
            size,
            whole: read_whole(reader)?,
            memory_bits: reader.u8()?,
            shifts: Shifts::read(reader, size)?,
            tiles: reader.u16()?,
        };
        let is_known = MEMORY_BITS.contains(&head.memory_bits) && number > 0;
        (is_known && head.tiles <= MOST_TILES)
            .then_some(head)
            .ok_or(Malformed)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.u8(self.monitor.0);
        writer.u32(self.epoch);
        writer.u32(self.number);
        writer.u16(self.size.width());
        writer.u16(self.size.height());
        writer.u8(self.whole.is_some().into());
        if let Some(FrameHash(hash)) = self.whole {
            writer.u64(hash);
        }
        writer.u8(self.memory_bits);
        self.shifts.write(writer);
        writer.u16(self.tiles);
    }
}

impl Shifts {
    fn read(reader: &mut Reader<'_>, size: Size) -> Result<Self, Malformed> {
        let count = reader.u8()?;
        if usize::from(count) > MOST_SHIFTS {
            return Err(Malformed);
        }
        let footing = if count > 0 { reader.u64()? } else { 0 };
        let shifts: Result<Vec<_>, _> = (0..count).map(|_| read_shift(reader, size)).collect();
        let shifts = shifts?;
        let area: usize = shifts.iter().map(|shift| shift.from.area()).sum();
        (area <= size.area())
            .then_some(Self { footing, shifts })
            .ok_or(Malformed)
    }

    fn write(&self, writer: &mut Writer) {
        writer.u8(self.shifts.len() as u8);
        if !self.shifts.is_empty() {
            writer.u64(self.footing);
        }
        for Shift { from, x, y } in &self.shifts {
            for field in [from.x, from.y, from.width, from.height, *x, *y] {
                writer.u16(field);
            }
        }
    }
}

fn read_whole(reader: &mut Reader<'_>) -> Result<Option<FrameHash>, Malformed> {
    match reader.u8()? {
        0 => Ok(None),
        1 => reader.u64().map(FrameHash).map(Some),
        _ => Err(Malformed),
    }
}

fn read_shift(reader: &mut Reader<'_>, size: Size) -> Result<Shift, Malformed> {
    let shift = Shift {
        from: Rect::new(reader.u16()?, reader.u16()?, reader.u16()?, reader.u16()?),
        x: reader.u16()?,
        y: reader.u16()?,
    };
    let is_known = shift.fits(size) && shift.from.area() > 0;
    is_known.then_some(shift).ok_or(Malformed)
}

/// What surroundings are remembered, as a power of two: fewer for a small batch, which would take longer to forget them
/// than to be read; more than there are pixels in a large one does not help.
pub(super) const MEMORY_BITS: std::ops::RangeInclusive<u8> = 8..=17;
/// Of one batch: what a viewer may have to do for one message.
pub(super) const MOST_TILES: u16 = 1_024;
/// A window scrolls in one piece; a few scroll at once.
pub(super) const MOST_SHIFTS: usize = 4;
/// In bytes: a batch without its tiles.
pub(super) const LARGEST_HEAD: usize = 2 + 13 + 9 + 1 + 9 + MOST_SHIFTS * 12 + 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_was_written() {
        let bytes = written(&head());
        assert_eq!(bytes.len(), LARGEST_HEAD - 3 * 12);

        let (_, mut reader) = Reader::open(&bytes).unwrap();
        let head = Head::read(&mut reader).unwrap();
        assert!(reader.close().is_ok());
        assert_eq!((head.epoch, head.number, head.tiles), (3, 4, 5));
        assert_eq!(written(&head), bytes);
        assert!((2..bytes.len()).all(|length| !is_read(&bytes[..length])));
    }

    #[test]
    fn bounds_hold() {
        let refuses = |change: fn(&mut Head)| {
            let mut head = head();
            change(&mut head);
            !is_read(&written(&head))
        };

        assert!(!refuses(|_| {}));
        assert!(refuses(|head| head.tiles = MOST_TILES + 1));
        assert!(refuses(|head| head.number = 0));
        assert!(refuses(|head| head.memory_bits = 18));
        assert!(refuses(|head| head.memory_bits = 7));
        assert!(refuses(|head| head.shifts.shifts[0].x = 1));
        assert!(refuses(|head| head.shifts.shifts[0].from.height = 0));
        assert!(refuses(|head| {
            let shift = head.shifts.shifts[0];
            head.shifts.shifts = vec![shift; 5];
        }));
        assert!(refuses(|head| {
            let mut shift = head.shifts.shifts[0];
            shift.from = head.size.rect();
            shift.y = 0;
            head.shifts.shifts = vec![shift; 2];
        }));
    }

    fn is_read(bytes: &[u8]) -> bool {
        let (_, mut reader) = Reader::open(bytes).unwrap();
        Head::read(&mut reader).is_ok()
    }

    fn written(head: &Head) -> Vec<u8> {
        let mut writer = Writer::open(0);
        head.write(&mut writer);
        writer.close()
    }

    fn head() -> Head {
        Head {
            monitor: MonitorId(2),
            epoch: 3,
            number: 4,
            size: Size::new(100, 200).unwrap(),
            whole: Some(FrameHash(6)),
            memory_bits: 8,
            shifts: Shifts {
                footing: 7,
                shifts: vec![Shift {
                    from: Rect::new(0, 10, 100, 20),
                    x: 0,
                    y: 0,
                }],
            },
            tiles: 5,
        }
    }
}
