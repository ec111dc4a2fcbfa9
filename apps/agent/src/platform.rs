//! What the agent needs of a desktop, each part behind a trait of its own; nothing here decides who may.
//!
//! The parts have no thread of their own: each is asked, and waits at most as long as it is told, or until a bell is rung.

mod area;
#[cfg(target_os = "linux")]
mod bell;
mod clipboard;
mod cursor;
#[cfg(any(test, not(target_os = "linux")))]
mod differences;
mod fault;
#[cfg(any(test, not(target_os = "linux")))]
mod handbell;
mod input;
mod local_input;
#[cfg(not(target_os = "linux"))]
mod looks;
#[cfg(target_os = "macos")]
pub mod macos;
#[cfg(not(target_os = "linux"))]
mod mark;
#[cfg(not(target_os = "linux"))]
mod marked_watch;
mod monitor;
mod own_windows;
#[cfg(any(test, windows))]
mod scan_codes;
mod screen;
mod stop_hotkey;
#[cfg(not(target_os = "linux"))]
mod text_clipboard;
#[cfg(any(test, not(target_os = "linux")))]
mod tray;
#[cfg(windows)]
pub mod windows;
#[cfg(target_os = "linux")]
pub mod x11;

pub use area::{Area, Point, Size};
#[cfg(target_os = "linux")]
pub use bell::Bell;
pub use clipboard::Clipboard;
pub use cursor::{Cursor, CursorImage};
pub use fault::Fault;
#[cfg(not(target_os = "linux"))]
pub use handbell::Bell;
pub use input::{Injected, Input, InputSink};
pub use local_input::{LocalAct, LocalInput};
#[cfg(not(target_os = "linux"))]
pub use mark::Mark;
#[cfg(not(target_os = "linux"))]
pub use marked_watch::{MarkedWatch, Source};
pub use monitor::Monitor;
pub use own_windows::OwnWindows;
pub use screen::{Patch, Picture, ScreenSource, Seen};
pub use stop_hotkey::StopHotkey;
#[cfg(not(target_os = "linux"))]
pub use text_clipboard::TextClipboard;
