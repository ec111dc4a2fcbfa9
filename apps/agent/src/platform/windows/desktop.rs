//! How large the desktop is, where it begins, and what it says of itself.

use windows_sys::Wdk::System::SystemServices::RtlGetVersion;
use windows_sys::Win32::Foundation::{POINT, RECT};
use windows_sys::Win32::Graphics::Gdi::{BITSPIXEL, GetDeviceCaps};
use windows_sys::Win32::System::SystemInformation::OSVERSIONINFOW;
use windows_sys::Win32::UI::HiDpi::{
    DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2, SetProcessDpiAwarenessContext,
};
use windows_sys::Win32::UI::Input::KeyboardAndMouse::GetKeyboardLayoutNameW;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    GetCursorPos, GetSystemMetrics, SM_CXVIRTUALSCREEN, SM_CYVIRTUALSCREEN, SM_SWAPBUTTON,
    SM_XVIRTUALSCREEN, SM_YVIRTUALSCREEN,
};

use super::canvas::Screen;
use super::fault::done;
use crate::platform::{Area, Fault, Point, Size};

/// In Windows's own pixels, wherever the primary monitor is.
pub(super) fn whole() -> Result<Area, Fault> {
    let extent = |which| u32::try_from(metric(which)).unwrap_or_default();
    let (width, height) = (extent(SM_CXVIRTUALSCREEN), extent(SM_CYVIRTUALSCREEN));
    if width == 0 || height == 0 {
        return Err(Fault::Lacks("a screen"));
    }
    Ok(Area {
        x: metric(SM_XVIRTUALSCREEN),
        y: metric(SM_YVIRTUALSCREEN),
        width,
        height,
    })
}

/// At this moment.
pub(super) fn size() -> Result<Size, Fault> {
    let Area { width, height, .. } = whole()?;
    Ok(Size { width, height })
}

pub(super) fn pointer() -> Result<Point, Fault> {
    let mut at = POINT::default();
    // SAFETY: the place for the answer is ours, and lives through the call.
    done(unsafe { GetCursorPos(&raw mut at) })?;
    ours(at)
}

/// Of Windows's pixels.
pub(super) fn ours(at: POINT) -> Result<Point, Fault> {
    let whole = whole()?;
    Ok(Point {
        x: at.x.saturating_sub(whole.x),
        y: at.y.saturating_sub(whole.y),
    })
}

/// Of Windows's pixels.
pub(super) fn area(of: RECT) -> Result<Area, Fault> {
    let (x, y) = (of.left, of.top);
    let Point { x, y } = ours(POINT { x, y })?;
    let extent = |from: i32, to: i32| u32::try_from(to.saturating_sub(from)).unwrap_or_default();
    Ok(Area {
        x,
        y,
        width: extent(of.left, of.right),
        height: extent(of.top, of.bottom),
    })
}

/// Whether the buttons are swapped for the left-handed.
pub(super) fn is_left_handed() -> bool {
    metric(SM_SWAPBUTTON) != 0
}

/// Without it Windows tells of fewer and larger pixels than a monitor may have. Where it refuses, another way was chosen
/// before, such as by whoever started this.
pub(super) fn see_each_pixel() {
    // SAFETY: it takes one of its own constants.
    unsafe { SetProcessDpiAwarenessContext(DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2) };
}

/// Bits of colour.
pub(super) fn depth() -> Result<u8, Fault> {
    let screen = Screen::open()?;
    // SAFETY: the screen's context lives until the end of this function.
    let bits = unsafe { GetDeviceCaps(screen.context(), BITSPIXEL.cast_signed()) };
    Ok(u8::try_from(bits).unwrap_or_default())
}

/// By number, such as `00000407` for German.
pub(super) fn layout() -> Option<String> {
    let mut name = [0_u16; 9];
    // SAFETY: the place for the name is ours, and as long as such a name ever is.
    let is_told = unsafe { GetKeyboardLayoutNameW(name.as_mut_ptr()) } != 0;
    let name = String::from_utf16_lossy(&name);
    is_told.then(|| name.trim_end_matches('\0').to_owned())
}

/// As it is, not as programs of old are told.
pub(super) fn version() -> String {
    let mut version = OSVERSIONINFOW {
        dwOSVersionInfoSize: u32::try_from(size_of::<OSVERSIONINFOW>()).unwrap_or_default(),
        ..OSVERSIONINFOW::default()
    };
    // SAFETY: the place for the answer is ours, and says how large it is.
    unsafe { RtlGetVersion(&raw mut version) };
    let (major, minor) = (version.dwMajorVersion, version.dwMinorVersion);
    format!("Windows {major}.{minor}.{}", version.dwBuildNumber)
}

fn metric(which: i32) -> i32 {
    // SAFETY: it takes a number, and answers nothing for one that it does not know.
    unsafe { GetSystemMetrics(which) }
}
