//! Tells what the person at the computer does from what is injected.
//!
//! Windows says of each key and each move whether a program injected it, and our injector puts a mark on its own. What other
//! programs inject, such as a keyboard on the screen, is the act of the person at the computer.

use super::hooks::{Hooks, Report};
use super::pump::Pump;
use crate::platform::{Fault, Mark, MarkedWatch, Source};

pub type LocalWatch = MarkedWatch<Pump>;

impl LocalWatch {
    /// From then on, on the desktop of whoever runs this.
    pub fn open(mark: Mark) -> Result<Self, Fault> {
        Self::of(|tray| {
            let tell = move |report: Report| tray.lay((source(report, mark), report.act));
            Pump::start(move || Hooks::set(tell), |_| {})
        })
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
