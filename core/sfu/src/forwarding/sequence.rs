//! The sequence numbers of one outgoing SSRC: gapless, never going back, none given twice.
//!
//! A packet that is dropped on purpose takes no number. A packet that did not come has one
//! reserved, so that it keeps its place when it comes late. No number is given to two packets:
//! SRTP derives its nonce from it.

/// What a packet that is not forwarded leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skipped {
    /// Nothing: its successor takes the number.
    Nothing,
    /// This number was reserved for it.
    Reserved(u64),
    Unplaced(Unplaced),
}

/// Why a packet has no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unplaced {
    /// Its number was used or skipped already.
    Seen,
    /// It is older than the window, or than the switch to its stream.
    TooOld,
}

/// Maps the numbers of the stream that is sent at a time.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    /// The next number to give.
    next: u64,
    segment: Option<Segment>,
    /// Per incoming number modulo [`WINDOW`], the low bits of the number given or reserved.
    given: Box<[u16; WINDOW as usize]>,
    /// Per incoming number modulo [`WINDOW`], whether it was used or skipped.
    seen: [u64; (WINDOW / 64) as usize],
}

/// A stretch of one stream's packets.
#[derive(Clone, Copy, Debug)]
struct Segment {
    first: u64,
    newest: u64,
}

impl Sequence {
    pub(super) fn new() -> Self {
        Self {
            next: FIRST,
            segment: None,
            given: Box::new([0; WINDOW as usize]),
            seen: [0; (WINDOW / 64) as usize],
        }
    }

    /// From here on numbers are mapped from another stream, beginning with `first`.
    pub(super) fn start(&mut self, first: u64) {
        // The one before counts as seen, so that `first` follows it without a gap.
        let newest = first.wrapping_sub(1);
        self.segment = Some(Segment { first, newest });
    }

    /// How many numbers lie between the newest packet and this one.
    pub(super) fn ahead(&self, incoming: u64) -> u64 {
        self.segment.map_or(0, |segment| {
            incoming.saturating_sub(segment.newest.wrapping_add(1))
        })
    }

    /// The number of a packet that is forwarded.
    pub(super) fn forward(&mut self, incoming: u64) -> Result<u64, Unplaced> {
        if self.advance_to(incoming)? {
            let number = self.next;
            self.next += 1;
            self.mark(incoming);
            return Ok(number);
        }
        let number = self.reserved(incoming);
        self.mark(incoming);
        Ok(number)
    }

    /// Tells that the packet came and is not forwarded.
    pub(super) fn skip(&mut self, incoming: u64) -> Skipped {
        match self.advance_to(incoming) {
            Err(unplaced) => Skipped::Unplaced(unplaced),
            Ok(newest) => {
                self.mark(incoming);
                if newest {
                    return Skipped::Nothing;
                }
                Skipped::Reserved(self.reserved(incoming))
            }
        }
    }

    /// Reserves numbers for what is missing before the packet, unless none was given yet: the
    /// very first packet is number [`FIRST`]. Whether the packet is the newest.
    fn advance_to(&mut self, incoming: u64) -> Result<bool, Unplaced> {
        let segment = self.segment.as_mut().ok_or(Unplaced::TooOld)?;
        let after_newest = segment.newest.wrapping_add(1);
        if incoming >= after_newest {
            let missing = after_newest..incoming;
            debug_assert!(incoming - after_newest < WINDOW);
            segment.newest = incoming;
            for number in missing {
                self.reserve(number);
            }
            return Ok(true);
        }
        let too_old = incoming < segment.first || segment.newest - incoming >= WINDOW;
        if too_old {
            return Err(Unplaced::TooOld);
        }
        if self.is_seen(incoming) {
            return Err(Unplaced::Seen);
        }
        Ok(false)
    }

    fn reserve(&mut self, incoming: u64) {
        if self.next == FIRST {
            self.mark(incoming);
            return;
        }
        if let Some(slot) = self.given.get_mut(slot(incoming)) {
            *slot = self.next as u16;
        }
        if let Some(word) = self.seen.get_mut(slot(incoming) / 64) {
            *word &= !(1 << (incoming % 64));
        }
        self.next += 1;
    }

    /// The full number behind the low bits, which are at most a few windows behind the next.
    fn reserved(&self, incoming: u64) -> u64 {
        let low = self.given.get(slot(incoming)).copied().unwrap_or(0);
        let behind = (self.next as u16).wrapping_sub(low);
        self.next - u64::from(behind)
    }

    fn mark(&mut self, incoming: u64) {
        if let Some(word) = self.seen.get_mut(slot(incoming) / 64) {
            *word |= 1 << (incoming % 64);
        }
    }

    fn is_seen(&self, incoming: u64) -> bool {
        let word = self.seen.get(slot(incoming) / 64).copied().unwrap_or(0);
        word >> (incoming % 64) & 1 == 1
    }
}

fn slot(incoming: u64) -> usize {
    (incoming % WINDOW) as usize
}

/// Low, so that a lost first packet can't make receivers guess the roll-over counter wrong
/// (RFC 3711, section 3.3.1).
pub(super) const FIRST: u64 = 1;

/// How many packets back one can come late: at 10 Mbit/s about a second.
pub(super) const WINDOW: u64 = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_packets_take_no_number() {
        let mut sequence = started(100);

        assert_eq!(sequence.forward(100), Ok(1));
        assert_eq!(sequence.skip(101), Skipped::Nothing);
        assert_eq!(sequence.forward(102), Ok(2));
    }

    #[test]
    fn a_late_packet_gets_the_number_reserved_for_it() {
        let mut sequence = started(100);

        assert_eq!(sequence.forward(100), Ok(1));
        assert_eq!(sequence.forward(103), Ok(4));
        assert_eq!(sequence.forward(101), Ok(2));
        assert_eq!(sequence.skip(102), Skipped::Reserved(3));
    }

    #[test]
    fn nothing_is_numbered_twice() {
        let mut sequence = started(100);
        sequence.forward(100).unwrap();
        sequence.skip(101);

        assert_eq!(sequence.forward(100), Err(Unplaced::Seen));
        assert_eq!(sequence.forward(101), Err(Unplaced::Seen));
        assert_eq!(sequence.skip(100), Skipped::Unplaced(Unplaced::Seen));
    }

    #[test]
    fn what_precedes_the_start_is_too_old() {
        let mut sequence = started(100);

        assert_eq!(sequence.forward(99), Err(Unplaced::TooOld));
        assert_eq!(sequence.forward(100), Ok(1));
    }

    #[test]
    fn what_precedes_the_window_is_too_old() {
        let mut sequence = started(0);
        sequence.forward(0).unwrap();
        sequence.forward(2).unwrap();
        for incoming in 3..=WINDOW + 1 {
            sequence.forward(incoming).unwrap();
        }

        assert_eq!(sequence.forward(1), Err(Unplaced::TooOld));
    }

    #[test]
    fn a_switch_continues_the_numbers() {
        let mut sequence = started(100);
        sequence.forward(100).unwrap();
        sequence.forward(102).unwrap();

        sequence.start(9_000_000);

        assert_eq!(sequence.forward(9_000_000), Ok(4));
        assert_eq!(sequence.forward(101), Err(Unplaced::TooOld));
    }

    #[test]
    fn the_first_packet_that_is_sent_has_the_first_number() {
        let mut sequence = started(100);

        assert_eq!(sequence.skip(100), Skipped::Nothing);
        assert_eq!(sequence.forward(900), Ok(FIRST));
        assert_eq!(sequence.forward(899), Err(Unplaced::Seen));
    }

    #[test]
    fn before_the_first_start_nothing_has_a_number() {
        assert_eq!(Sequence::new().forward(1), Err(Unplaced::TooOld));
    }

    fn started(first: u64) -> Sequence {
        let mut sequence = Sequence::new();
        sequence.start(first);
        sequence
    }
}
