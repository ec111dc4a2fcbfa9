//! Files on their way, each from the question to its end.

use std::collections::BTreeMap;

use conclave_protocol::remote::{Capability, Chunk, Digest, FileOffer, TransferId};
use sha2::{Digest as _, Sha256};

#[derive(Default)]
pub(crate) struct Transfers {
    open: BTreeMap<TransferId, Transfer>,
    newest: Option<TransferId>,
    numbered: u16,
    begun: u16,
}

pub(crate) enum Transfer {
    /// The local person is asked.
    Asked(Capability),
    Coming(Coming),
    /// Whole; something on the computer looks at it.
    Looked(FileOffer),
    /// The local person looks for it.
    Picked,
    Going(Going),
}

/// From the technician.
pub(crate) struct Coming {
    offer: FileOffer,
    received: u64,
    hash: Sha256,
}

/// To the technician.
pub(crate) struct Going {
    offer: FileOffer,
    /// What is read for the technician at this moment: one piece at a time.
    reading: Option<u64>,
}

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// Write it; go on from here.
    More { from: u64 },
    /// Write it; it was the last one, and the hash is right.
    Whole,
    /// Not the one that was wanted: go on from here.
    Elsewhere { from: u64 },
    /// More than was promised, or something else.
    Damaged,
}

/// At one time.
pub(crate) const MOST_OPEN: usize = 4;

/// In one session, refused ones too: each is on record.
pub(crate) const MOST_NUMBERS: u16 = 1_000;

/// A number that was used, or comes out of order, or one too many.
pub(crate) struct NoNumber;

impl Transfers {
    /// Takes a number for good.
    pub(crate) fn number(&mut self, transfer: TransferId) -> Result<(), NoNumber> {
        let is_used = self.newest.is_some_and(|newest| transfer <= newest);
        if is_used || self.numbered >= MOST_NUMBERS {
            return Err(NoNumber);
        }
        self.numbered += 1;
        self.newest = Some(transfer);
        Ok(())
    }

    /// The lowest number that is free.
    pub(crate) fn next_number(&self) -> TransferId {
        let newest = self.newest.map_or(0, |newest| newest.0.saturating_add(1));
        TransferId(newest)
    }

    /// Whether there may be one more.
    pub(crate) fn has_room(&self, most: u16) -> bool {
        self.open.len() < MOST_OPEN && self.begun < most
    }

    pub(crate) fn ask(&mut self, transfer: TransferId, way: Capability) {
        self.begun = self.begun.saturating_add(1);
        self.open.insert(transfer, Transfer::Asked(way));
    }

    pub(crate) fn get(&self, transfer: TransferId) -> Option<&Transfer> {
        self.open.get(&transfer)
    }

    /// It goes on in another way.
    pub(crate) fn put(&mut self, transfer: TransferId, to: Transfer) {
        self.open.insert(transfer, to);
    }

    pub(crate) fn coming(&mut self, transfer: TransferId) -> Option<&mut Coming> {
        match self.open.get_mut(&transfer) {
            Some(Transfer::Coming(coming)) => Some(coming),
            _ => None,
        }
    }

    pub(crate) fn going(&mut self, transfer: TransferId) -> Option<&mut Going> {
        match self.open.get_mut(&transfer) {
            Some(Transfer::Going(going)) => Some(going),
            _ => None,
        }
    }

    pub(crate) fn remove(&mut self, transfer: TransferId) -> Option<Transfer> {
        self.open.remove(&transfer)
    }

    /// Those that go this way.
    pub(crate) fn of(&self, way: Capability) -> Vec<TransferId> {
        let open = self.open.iter();
        open.filter(|(_, transfer)| transfer.way() == way)
            .map(|(id, _)| *id)
            .collect()
    }

    /// Where each that comes goes on after an interruption.
    pub(crate) fn resumptions(&self) -> Vec<(TransferId, u64)> {
        let open = self.open.iter();
        open.filter_map(|(id, transfer)| match transfer {
            Transfer::Coming(coming) => Some((*id, coming.received)),
            Transfer::Asked(_) | Transfer::Looked(_) | Transfer::Picked | Transfer::Going(_) => {
                None
            }
        })
        .collect()
    }

    /// What is being read goes to nobody.
    pub(crate) fn interrupt(&mut self) {
        for transfer in self.open.values_mut() {
            if let Transfer::Going(going) = transfer {
                going.reading = None;
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.open.clear();
    }
}

impl Transfer {
    pub(crate) fn way(&self) -> Capability {
        match self {
            Self::Asked(way) => *way,
            Self::Coming(_) | Self::Looked(_) => Capability::FileIn,
            Self::Picked | Self::Going(_) => Capability::FileOut,
        }
    }
}

impl Coming {
    pub(crate) fn new(offer: FileOffer) -> Self {
        Self {
            offer,
            received: 0,
            hash: Sha256::new(),
        }
    }

    pub(crate) fn offer(&self) -> &FileOffer {
        &self.offer
    }

    pub(crate) fn receive(&mut self, offset: u64, bytes: &Chunk) -> Received {
        if offset != self.received {
            return Received::Elsewhere {
                from: self.received,
            };
        }
        if bytes.len() > self.offer.size - self.received {
            return Received::Damaged;
        }
        self.received += bytes.len();
        self.hash.update(bytes.as_bytes());
        match self.received < self.offer.size {
            true => Received::More {
                from: self.received,
            },
            false => self.verify(),
        }
    }

    /// Of a file of which everything is there.
    pub(crate) fn verify(&self) -> Received {
        let sha256 = Digest(self.hash.clone().finalize().into());
        match sha256 == self.offer.sha256 {
            true => Received::Whole,
            false => Received::Damaged,
        }
    }
}

impl Going {
    pub(crate) fn new(offer: FileOffer) -> Self {
        Self {
            offer,
            reading: None,
        }
    }

    pub(crate) fn offer(&self) -> &FileOffer {
        &self.offer
    }

    /// Whether to read from there.
    pub(crate) fn fetch(&mut self, offset: u64) -> bool {
        let reads = offset < self.offer.size && self.reading.is_none();
        if reads {
            self.reading = Some(offset);
        }
        reads
    }

    /// Whether this was wanted.
    pub(crate) fn read(&mut self, offset: u64, bytes: &Chunk) -> bool {
        let was_wanted = self.reading == Some(offset);
        if was_wanted {
            self.reading = None;
        }
        was_wanted && bytes.len() <= self.offer.size - offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{chunk, offer};

    #[test]
    fn a_file_is_taken_in_order_and_held_against_its_hash() {
        let mut coming = Coming::new(offer(1, b"abcdef"));

        assert_eq!(
            coming.receive(0, &chunk(b"abc")),
            Received::More { from: 3 }
        );
        for elsewhere in [0, 4] {
            let received = coming.receive(elsewhere, &chunk(b"x"));
            assert_eq!(received, Received::Elsewhere { from: 3 });
        }
        assert_eq!(coming.receive(3, &chunk(b"def")), Received::Whole);
    }

    #[test]
    fn other_bytes_than_were_promised_are_damage() {
        let mut coming = Coming::new(offer(1, b"abcdef"));
        assert_eq!(coming.receive(0, &chunk(b"abcdeF")), Received::Damaged);

        let mut coming = Coming::new(offer(1, b"abcdef"));
        assert_eq!(coming.receive(0, &chunk(b"abcdefg")), Received::Damaged);
    }

    #[test]
    fn one_piece_is_read_at_a_time() {
        let mut going = Going::new(offer(1, b"abcdef"));

        assert!(going.fetch(0) && !going.fetch(3));
        assert!(!going.read(3, &chunk(b"def")) && going.read(0, &chunk(b"abc")));
        assert!(going.fetch(3) && !going.read(3, &chunk(b"defg")));
        assert!(!going.fetch(6));
    }

    #[test]
    fn there_are_only_so_many_numbers() {
        let mut transfers = Transfers::default();

        let numbers = (0..).map(TransferId);
        let given = numbers.take_while(|number| transfers.number(*number).is_ok());

        assert_eq!(given.count(), usize::from(MOST_NUMBERS));
    }

    #[test]
    fn a_number_is_used_once_and_few_are_open() {
        let mut transfers = Transfers::default();
        assert!(transfers.number(TransferId(1)).is_ok());
        assert!(transfers.number(TransferId(1)).is_err());
        assert!(transfers.number(TransferId(0)).is_err());

        for number in 2..6 {
            assert!(transfers.has_room(100));
            transfers.ask(TransferId(number), Capability::FileIn);
        }

        assert!(!transfers.has_room(100));
        transfers.clear();
        assert!(transfers.has_room(5) && !transfers.has_room(4));
    }
}
