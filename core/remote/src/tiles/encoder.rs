//! The agent's side: from what a monitor shows to batches.

use conclave_protocol::remote::MonitorId;

use super::batch::BatchWriter;
use super::board::Board;
use super::cache::CacheIndex;
use super::flight::{Batch, Flight};
use super::frame::Frame;
use super::hash::FrameHash;
use super::head::{Head, MEMORY_BITS, MOST_SHIFTS, MOST_TILES, Shifts};
use super::motion::Changed;
use super::receipt::{FromViewer, Receipt, is_before};
use super::rect::Rect;
use super::scroll;
use super::shift::{Shift, footing};
use super::size::{Size, TILE};
use super::step::Step;
use super::wire::LARGEST_MESSAGE;

/// Of one monitor, for one viewer.
///
/// Hand in what changed with [`Encoder::update`], and send what [`Encoder::poll_batch`] returns as long as it returns
/// something. Then nothing is left, or the budget is too small, or the window is full until the viewer acknowledges.
pub struct Encoder {
    monitor: MonitorId,
    epoch: u32,
    /// Of the last batch.
    number: u32,
    board: Board,
    cache: CacheIndex,
    flight: Flight,
    /// What the last batch said that the picture is complete with.
    told: Option<FrameHash>,
    /// What the viewer said last that its picture is.
    confirmed: Option<FrameHash>,
    focus: (u16, u16),
    /// The video shows the others.
    only_drawn: bool,
    /// Since nobody has looked for it.
    may_have_scrolled: bool,
}

impl Encoder {
    /// A message that is smaller may not hold one tile.
    pub const SMALLEST_BUDGET: usize = 16 << 10;

    pub fn new(monitor: MonitorId, frame: &Frame<'_>) -> Self {
        Self {
            monitor,
            epoch: 1,
            number: 0,
            board: Board::new(frame),
            cache: CacheIndex::default(),
            flight: Flight::default(),
            told: None,
            confirmed: None,
            focus: (0, 0),
            only_drawn: false,
            may_have_scrolled: false,
        }
    }

    pub fn monitor(&self) -> MonitorId {
        self.monitor
    }

    pub fn size(&self) -> Size {
        self.board.size()
    }

    /// Takes over what changed, which replaces what waits to be sent. A frame of another size begins everything again.
    pub fn update(&mut self, frame: &Frame<'_>, damage: &[Rect]) -> Changed {
        if frame.size() == self.size() {
            self.may_have_scrolled = true;
            return self.board.take(frame, damage, self.number);
        }
        self.board = Board::new(frame);
        self.begin_again();
        let mut changed = Changed::default();
        changed.add(self.size().area(), false);
        changed
    }

    /// Where the pointer is: what is near to it goes first.
    pub fn set_focus(&mut self, x: u16, y: u16) {
        self.focus = (x, y);
    }

    /// Keeps photographs back while a video shows them; what is drawn stays sharp over it.
    pub fn keep_photographs_back(&mut self, only_drawn: bool) {
        self.only_drawn = only_drawn;
    }

    /// The next message to the viewer, of at most `budget` bytes, and of at most [`LARGEST_MESSAGE`].
    pub fn poll_batch(&mut self, budget: usize) -> Option<Vec<u8>> {
        let budget = budget.min(LARGEST_MESSAGE).min(self.flight.room());
        if budget < Self::SMALLEST_BUDGET {
            return None;
        }
        if self.number == u32::MAX {
            self.begin_again();
        }
        let number = self.number + 1;
        let shifts = self.shift(number);
        let (batch, tiles) = self.fill(number, budget, self.touched(&shifts));
        let whole = (!self.board.is_waiting()).then(|| self.board.hash());
        if tiles.is_empty() && (whole.is_none() || whole == self.told) {
            return None;
        }
        let bytes = self.close(number, shifts, batch, whole);
        self.number = number;
        self.told = whole;
        self.flight.begin(Batch {
            number,
            bytes: bytes.len(),
            tiles,
        });
        Some(bytes)
    }

    /// What a viewer says about this monitor.
    pub fn receive(&mut self, message: &FromViewer) {
        match message {
            FromViewer::Receipt(receipt) => self.receive_receipt(receipt),
            FromViewer::Resync(monitor) if *monitor == self.monitor => self.begin_again(),
            FromViewer::Resync(_) | FromViewer::Video { .. } => {}
        }
    }

    /// It answers a batch that is on its way. Of such answers there are no more than batches.
    pub fn awaits(&self, message: &FromViewer) -> bool {
        matches!(message, FromViewer::Receipt(receipt)
            if (receipt.monitor, receipt.epoch) == (self.monitor, self.epoch)
                && self.flight.has(receipt.number))
    }

    /// Everything again: for a viewer that comes anew.
    pub fn resync(&mut self) {
        self.begin_again();
    }

    /// What is not acknowledged did not arrive, and goes again: for a way that broke, or was silent for too long.
    pub fn lose_all(&mut self) {
        for batch in self.flight.lose_all() {
            let tiles = batch.tiles.into_iter();
            tiles.for_each(|tile| self.board.lose(tile, batch.number));
        }
        self.told = None;
    }

    /// The viewer is told with which picture it is complete, also where nothing changed: for after a video.
    pub fn tell_again(&mut self) {
        self.told = None;
    }

    /// What is on its way has arrived: for whoever keeps everything in its order, and says nothing.
    pub fn deliver_all(&mut self) {
        self.flight = Flight::default();
        self.confirmed = self.told.or(self.confirmed);
    }

    /// The viewer has what is seen, to the last pixel, and has said so.
    pub fn is_pixel_exact(&self) -> bool {
        self.flight.is_empty()
            && !self.board.is_waiting()
            && self.confirmed == Some(self.board.hash())
    }

    /// Nothing waits to be sent, apart from what is kept back.
    pub fn is_idle(&self) -> bool {
        self.board.wanted(self.focus, !self.only_drawn).is_empty()
    }

    fn receive_receipt(&mut self, receipt: &Receipt) {
        if receipt.monitor == self.monitor && is_before(self.epoch, receipt.epoch) {
            // A viewer that has seen a later epoch, as of an encoder before this one, takes nothing of an earlier.
            self.epoch = receipt.epoch;
            self.begin_again();
        }
        if (receipt.monitor, receipt.epoch) != (self.monitor, self.epoch) {
            return;
        }
        let Some(landed) = self.flight.land(receipt.number) else {
            return;
        };
        let refused = receipt.refused.iter().map(|tile| usize::from(*tile));
        refused.for_each(|tile| self.board.lose(tile, landed.number));
        while let Some(lost) = self.flight.lose_before(landed.number) {
            lost.tiles
                .iter()
                .for_each(|tile| self.board.lose(*tile, lost.number));
        }
        self.confirmed = Some(receipt.hash);
        self.settle(&landed);
    }

    /// With nothing left to send or to wait for, both have the same picture, or something went wrong.
    fn settle(&mut self, landed: &Batch) {
        if !self.flight.is_empty() || self.board.is_waiting() || self.is_pixel_exact() {
            return;
        }
        // Receipts may overtake each other: only the answer to a batch that changed nothing is a proof.
        match landed.tiles.is_empty() {
            true => self.begin_again(),
            false => self.told = None,
        }
    }

    /// Raised when everything began again.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    fn begin_again(&mut self) {
        self.epoch = self.epoch.wrapping_add(1);
        self.number = 0;
        self.board.lose_all();
        self.cache = CacheIndex::default();
        self.flight = Flight::default();
        self.told = None;
        self.confirmed = None;
    }

    /// Applies what was scrolled since the last batch.
    fn shift(&mut self, number: u32) -> Shifts {
        let mut shifts = Vec::new();
        let mut room = self.size().area();
        let generations = self.board.generations();
        while self.may_have_scrolled && shifts.len() < MOST_SHIFTS {
            let shift = self.find_shift(MOST_SHIFTS - shifts.len() - 1);
            self.may_have_scrolled = shift.is_some();
            // No viewer copies more than the whole picture for one batch.
            let Some(shift) = shift.filter(|shift| shift.from.area() <= room) else {
                break;
            };
            room -= shift.from.area();
            self.board.shift(shift, number);
            shifts.push(shift);
        }
        let footing = footing(&shifts, self.size(), |tile| generations[tile]);
        Shifts { footing, shifts }
    }

    /// So many more may follow.
    fn find_shift(&self, more: usize) -> Option<Shift> {
        let area = self.board.differences()?;
        let (seen, sent) = self.board.pictures();
        let shift = scroll::find(sent, seen, area, more)?;
        self.board.is_firm(shift).then_some(shift)
    }

    fn touched(&self, shifts: &Shifts) -> Vec<usize> {
        let to = shifts.shifts.iter().map(|shift| shift.to());
        to.flat_map(|rect| self.size().tiles_of(rect)).collect()
    }

    /// With the tiles that are wanted most, as many as fit.
    fn fill(
        &mut self,
        number: u32,
        budget: usize,
        touched: Vec<usize>,
    ) -> (BatchWriter, Vec<usize>) {
        let mut tiles = touched;
        let mut wanted = self.board.wanted(self.focus, !self.only_drawn);
        wanted.truncate(MOST_TILES.into());
        let mut batch = BatchWriter::new(number, memory_bits(wanted.len()), budget);
        for tile in wanted {
            let mut step = Step::new(tile, &self.board, &self.cache, number);
            if !batch.add(&step) {
                if batch.tiles() > 0 {
                    break;
                }
                step = step.raw();
                batch = BatchWriter::new(number, *MEMORY_BITS.start(), budget);
                let fits = batch.add(&step);
                debug_assert!(fits, "the smallest budget holds a tile as it is");
            }
            self.send(step, number);
            tiles.push(tile);
        }
        (batch, tiles)
    }

    fn send(&mut self, step: Step, number: u32) {
        self.board.send(step.command.tile, number);
        if let Some(block) = step.kept {
            self.cache.put(number, block);
        }
    }

    fn close(
        &self,
        number: u32,
        shifts: Shifts,
        batch: BatchWriter,
        whole: Option<FrameHash>,
    ) -> Vec<u8> {
        let head = Head {
            monitor: self.monitor,
            epoch: self.epoch,
            number,
            size: self.size(),
            whole,
            memory_bits: batch.memory_bits(),
            shifts,
            tiles: batch.tiles(),
        };
        batch.close(&head)
    }
}

/// So many surroundings as the tiles have pixels.
fn memory_bits(tiles: usize) -> u8 {
    let bits = (tiles.max(1) * TILE * TILE).ilog2() as u8;
    bits.clamp(*MEMORY_BITS.start(), *MEMORY_BITS.end())
}
