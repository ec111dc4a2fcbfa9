//! What tells a process to end: SIGTERM, Ctrl-C, and the terminal that is closed.

use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

pub(crate) struct Signals {
    runtime: Runtime,
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// From here on none of them ends the process by itself.
    pub(crate) fn catch() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let caught = {
            let _within = runtime.enter();
            let caught = [
                SignalKind::terminate(),
                SignalKind::interrupt(),
                SignalKind::hangup(),
            ];
            caught.map(signal)
        };
        let [terminate, interrupt, hang_up] = caught;
        Ok(Self {
            terminate: terminate?,
            interrupt: interrupt?,
            hang_up: hang_up?,
            runtime,
        })
    }

    /// Waits for the first of them.
    pub(crate) fn wait(mut self) {
        let Self {
            runtime,
            terminate,
            interrupt,
            hang_up,
        } = &mut self;
        runtime.block_on(async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                _ = hang_up.recv() => {}
            }
        });
    }
}
