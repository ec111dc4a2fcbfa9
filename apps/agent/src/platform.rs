//! What the agent needs of a desktop, each part behind a trait of its own; nothing here decides who may.
//!
//! The parts have no thread of their own: each is asked, and waits at most as long as it is told, or until a bell is rung.

mod area;
mod bell;
mod clipboard;
mod cursor;
mod fault;
mod input;
mod local_input;
mod monitor;
mod own_windows;
mod screen;
mod stop_hotkey;
pub mod x11;

pub use area::{Area, Point, Size};
pub use bell::Bell;
pub use clipboard::Clipboard;
pub use cursor::{Cursor, CursorImage};
pub use fault::Fault;
pub use input::{Injected, Input, InputSink};
pub use local_input::{LocalAct, LocalInput};
pub use monitor::Monitor;
pub use own_windows::OwnWindows;
pub use screen::{Patch, Picture, ScreenSource, Seen};
pub use stop_hotkey::StopHotkey;
