//! A thread that takes what Windows tells it, until this is dropped.
//!
//! Windows asks the thread that hooked before it hands an input on, so everybody's keyboard waits while it does anything else;
//! and what keys were registered is told to that thread alone. The parts of other desktops have no thread.

use std::ptr::null_mut;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use windows_sys::Win32::System::Threading::GetCurrentThreadId;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    GetMessageW, MSG, PM_NOREMOVE, PeekMessageW, PostThreadMessageW, WM_QUIT,
};

use crate::platform::Fault;

pub struct Pump {
    thread: u32,
    running: Option<JoinHandle<()>>,
}

impl Pump {
    /// What `begin` makes is made and dropped on the thread; `heard` is called there with the number of each message.
    pub(super) fn start<Held>(
        begin: impl FnOnce() -> Result<Held, Fault> + Send + 'static,
        heard: impl Fn(u32) + Send + 'static,
    ) -> Result<Self, Fault> {
        let (begun, answer) = sync_channel(1);
        let thread = std::thread::Builder::new().name("pump".to_owned());
        let running = thread.spawn(move || run(begin, heard, &begun));
        let running = running.map_err(|error| Fault::Refused(Box::new(error)))?;
        let ended = || Fault::Lacks("a thread for its messages");
        Ok(Self {
            thread: answer.recv().map_err(|_| ended())??,
            running: Some(running),
        })
    }
}

impl Drop for Pump {
    fn drop(&mut self) {
        // SAFETY: it takes numbers. The thread is ours, and its number nobody else's as long as `running` is held.
        let is_told = unsafe { PostThreadMessageW(self.thread, WM_QUIT, 0, 0) } != 0;
        if let Some(running) = self.running.take()
            && is_told
        {
            let _ended = running.join();
        }
    }
}

fn run<Held>(
    begin: impl FnOnce() -> Result<Held, Fault>,
    heard: impl Fn(u32),
    begun: &SyncSender<Result<u32, Fault>>,
) {
    let mut message = MSG::default();
    // From here on the thread has a queue, which it has to before it can be told to end.
    // SAFETY: the place for the message is ours, and lives through the call.
    unsafe { PeekMessageW(&raw mut message, null_mut(), 0, 0, PM_NOREMOVE) };
    // SAFETY: it takes nothing.
    let thread = unsafe { GetCurrentThreadId() };
    let _held = match begin() {
        Ok(held) => held,
        Err(fault) => {
            let _nobody_asks = begun.send(Err(fault));
            return;
        }
    };
    let _nobody_asks = begun.send(Ok(thread));
    // It answers 0 when the thread is to end, and less when it can't.
    // SAFETY: the place for the message is ours, and lives through the call.
    while unsafe { GetMessageW(&raw mut message, null_mut(), 0, 0) } > 0 {
        heard(message.message);
    }
}
