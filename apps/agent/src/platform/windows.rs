//! A desktop of Windows.
//!
//! Its pixels are counted from the upper left corner of all monitors together, as those of an X display are: Windows counts
//! from that of the primary one.

#[expect(unsafe_code, reason = "GDI is spoken with in C")]
mod canvas;
mod clipboard;
#[expect(unsafe_code, reason = "Windows is asked in C")]
mod desktop;
mod desktop_capture;
mod fault;
#[expect(unsafe_code, reason = "Windows calls back in C")]
mod hooks;
mod injector;
mod local_watch;
#[expect(unsafe_code, reason = "Windows calls back in C")]
mod monitors;
#[expect(unsafe_code, reason = "Windows is asked in C")]
mod own_window;
#[expect(unsafe_code, reason = "Windows is asked in C")]
mod pointer;
#[expect(unsafe_code, reason = "Windows calls back in C")]
mod process_windows;
#[expect(unsafe_code, reason = "Windows is asked in C")]
mod pump;
#[expect(unsafe_code, reason = "Windows is asked in C")]
mod send;
#[expect(unsafe_code, reason = "Windows is asked in C")]
mod stop_keys;
mod survey;
#[cfg(test)]
mod tests;
#[expect(unsafe_code, reason = "Windows is asked in C")]
mod window_capture;

pub use clipboard::clipboard;
pub use desktop_capture::DesktopCapture;
pub use injector::Injector;
pub use local_watch::LocalWatch;
pub use monitors::monitors;
pub use process_windows::ProcessWindows;
pub use stop_keys::StopKeys;
pub use survey::survey;
pub use window_capture::WindowCapture;
