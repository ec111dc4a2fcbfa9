//! A thread that listens to each key and each move of the pointer (an event tap), until this is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use core_foundation::runloop::CFRunLoop;
use core_graphics::event::{
    CGEvent, CGEventTap, CGEventTapLocation, CGEventTapOptions, CGEventTapPlacement, CGEventType,
    CallbackResult,
};

use crate::platform::Fault;

pub struct Tap {
    run_loop: CFRunLoop,
    is_over: Arc<AtomicBool>,
    running: Option<JoinHandle<()>>,
}

impl Tap {
    /// `heard` is called on the thread. macOS lets only programs listen that the person permitted it to.
    pub(super) fn start(
        heard: impl Fn(CGEventType, &CGEvent) + Send + 'static,
    ) -> Result<Self, Fault> {
        let is_over = Arc::new(AtomicBool::new(false));
        let (begun, answer) = sync_channel(1);
        let over = Arc::clone(&is_over);
        let running =
            thread::spawn(
                move || {
                    while !over.load(Ordering::Acquire) && listen(&heard, &begun).is_ok() {}
                },
            );
        let refused = |_| Fault::Lacks("the permission to watch the input");
        Ok(Self {
            run_loop: answer.recv().map_err(refused)?,
            is_over,
            running: Some(running),
        })
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        let Some(running) = self.running.take() else {
            return;
        };
        // A loop that is stopped before it runs runs all the same.
        while !running.is_finished() {
            self.run_loop.stop();
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Until the loop is stopped. macOS switches a tap off that it holds for too slow; then another one is needed.
fn listen(heard: &impl Fn(CGEventType, &CGEvent), begun: &SyncSender<CFRunLoop>) -> Result<(), ()> {
    let callback = |_, kind, event: &CGEvent| {
        if matches!(kind, CGEventType::TapDisabledByTimeout) {
            CFRunLoop::get_current().stop();
        } else {
            heard(kind, event);
        }
        CallbackResult::Keep
    };
    CGEventTap::with_enabled(
        CGEventTapLocation::HID,
        CGEventTapPlacement::HeadInsertEventTap,
        CGEventTapOptions::ListenOnly,
        EVENTS.to_vec(),
        callback,
        || {
            let _told_before = begun.try_send(CFRunLoop::get_current());
            CFRunLoop::run_current();
        },
    )
}

const EVENTS: &[CGEventType] = &[
    CGEventType::KeyDown,
    CGEventType::KeyUp,
    CGEventType::FlagsChanged,
    CGEventType::MouseMoved,
    CGEventType::LeftMouseDown,
    CGEventType::LeftMouseUp,
    CGEventType::LeftMouseDragged,
    CGEventType::RightMouseDown,
    CGEventType::RightMouseUp,
    CGEventType::RightMouseDragged,
    CGEventType::OtherMouseDown,
    CGEventType::OtherMouseUp,
    CGEventType::OtherMouseDragged,
    CGEventType::ScrollWheel,
];
