//! The primary monitor of a desktop of macOS, as far as safe code reaches.
//!
//! Which windows are ours is told by calls that are unsafe alone, so nothing is pressed. It was never run: no machine of ours
//! runs macOS.

mod clipboard;
mod display;
mod display_capture;
mod injector;
mod local_watch;
mod stop_keys;
mod survey;
mod tap;

pub use clipboard::clipboard;
pub use display::monitors;
pub use display_capture::DisplayCapture;
pub use injector::Injector;
pub use local_watch::LocalWatch;
pub use stop_keys::StopKeys;
pub use survey::survey;
