//! Tells what the person at the computer does from what is injected.
//!
//! Windows says of each key and each move whether a program injected it, and our injector puts a mark on its own. What other
//! programs inject, such as a keyboard on the screen, is the act of the person at the computer.

use std::time::{Duration, Instant};

use super::hooks::{Hooks, Report};
use super::pump::Pump;
use crate::platform::handbell::{Woken, after};
use crate::platform::tray::Tray;
use crate::platform::{Bell, Fault, LocalAct, LocalInput, Mark};

pub struct LocalWatch {
    tray: Tray<(Source, LocalAct)>,
    _pump: Pump,
}

/// Whose act it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Local,
    /// This program's, by its mark.
    Injected,
}

impl LocalWatch {
    /// From then on, on the desktop of whoever runs this.
    pub fn open(mark: Mark) -> Result<Self, Fault> {
        let tray = Tray::new();
        let told = tray.clone();
        let tell = move |report: Report| told.lay((source(report, mark), report.act));
        let pump = Pump::start(move || Hooks::set(tell), |_| {})?;
        Ok(Self { tray, _pump: pump })
    }

    /// The next act of anybody.
    pub fn next_of_anybody(&mut self, within: Duration) -> Option<(Source, LocalAct)> {
        match self.tray.next(within) {
            Woken::By(act) => Some(act),
            Woken::ByBell | Woken::Late => None,
        }
    }
}

impl LocalInput for LocalWatch {
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

fn source(report: Report, mark: Mark) -> Source {
    let is_ours = report.is_injected && u32::try_from(report.extra) == Ok(mark.number());
    if is_ours {
        Source::Injected
    } else {
        Source::Local
    }
}
