//! A desktop on an X display.
//!
//! Each part has a connection of its own, so that none waits for what another has to read, and the end of one ends no
//! other.

mod clipboard;
mod damage;
mod desktop_capture;
mod display;
mod fault;
mod injector;
mod key_positions;
mod keymap;
mod ledger;
mod local_watch;
mod marked_windows;
mod monitors;
mod pointer;
mod shared_picture;
mod sign_windows;
mod spare_keys;
mod stirrings;
mod stop_keys;
mod survey;
mod window_capture;
mod window_list;
mod xtest_devices;

pub use clipboard::SelectionClipboard;
pub use desktop_capture::DesktopCapture;
pub use injector::Injector;
pub use ledger::Ledger;
pub use local_watch::{LocalWatch, Source};
pub use marked_windows::MarkedWindows;
pub use monitors::{MonitorWatch, monitors};
pub use sign_windows::SignWindows;
pub use stirrings::Stirrings;
pub use stop_keys::StopKeys;
pub use survey::survey;
pub use window_capture::WindowCapture;
pub use window_list::{ListedWindow, WindowList};
