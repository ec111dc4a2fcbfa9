//! What is done at a desktop, told by a thread of the system's with whose act it was.

use std::time::{Duration, Instant};

use super::handbell::{Woken, after};
use super::tray::Tray;
use super::{Bell, Fault, LocalAct, LocalInput};

/// `Teller` is what has the acts told, for as long as it is kept.
pub struct MarkedWatch<Teller> {
    tray: Tray<(Source, LocalAct)>,
    _teller: Teller,
}

/// Whose act it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Local,
    /// This program's, by its mark.
    Injected,
}

impl<Teller> MarkedWatch<Teller> {
    /// Of what is laid on the tray from then on.
    pub(super) fn of(
        begin: impl FnOnce(Tray<(Source, LocalAct)>) -> Result<Teller, Fault>,
    ) -> Result<Self, Fault> {
        let tray = Tray::new();
        let teller = begin(tray.clone())?;
        Ok(Self {
            tray,
            _teller: teller,
        })
    }

    /// The next act of anybody.
    pub fn next_of_anybody(&mut self, within: Duration) -> Option<(Source, LocalAct)> {
        match self.tray.next(within) {
            Woken::By(act) => Some(act),
            Woken::ByBell | Woken::Late => None,
        }
    }

    /// Whether an act of this program's is told within this time, whatever the person does meanwhile.
    pub(super) fn hears_of_ours(&mut self, within: Duration) -> bool {
        let until = after(within);
        let left = || until.saturating_duration_since(Instant::now());
        let mut acts = std::iter::from_fn(|| self.next_of_anybody(left()));
        acts.any(|(source, _)| source == Source::Injected)
    }
}

impl<Teller> LocalInput for MarkedWatch<Teller> {
    fn next(&mut self, within: Duration) -> Result<Option<LocalAct>, Fault> {
        let until = after(within);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.tray.next(left) {
                Woken::By((Source::Local, act)) => return Ok(Some(act)),
                Woken::By((Source::Injected, _)) => {}
                Woken::ByBell | Woken::Late => return Ok(None),
            }
        }
    }

    fn heed(&mut self, bell: Bell) {
        self.tray.heed(bell);
    }
}
