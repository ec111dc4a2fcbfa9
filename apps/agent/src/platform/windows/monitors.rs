//! The monitors of a desktop.

use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{LPARAM, RECT};
use windows_sys::Win32::Graphics::Gdi::{
    EnumDisplayMonitors, GetMonitorInfoW, HDC, HMONITOR, MONITORINFO, MONITORINFOEXW,
};
use windows_sys::Win32::UI::WindowsAndMessaging::MONITORINFOF_PRIMARY;
use windows_sys::core::BOOL;

use super::desktop;
use super::fault::done;
use crate::platform::{Fault, Monitor};

/// At this moment, the primary one first.
pub fn monitors() -> Result<Vec<Monitor>, Fault> {
    let mut found: Vec<MONITORINFOEXW> = Vec::new();
    let to = (&raw mut found).expose_provenance().cast_signed();
    // SAFETY: `note` is called before this returns, and by this thread alone; `found` outlives that, and nobody else has it.
    done(unsafe { EnumDisplayMonitors(null_mut(), null(), Some(note), to) })?;
    let monitors = found.iter().map(monitor);
    let mut monitors = monitors.collect::<Result<Vec<_>, _>>()?;
    monitors.sort_by_key(|monitor| !monitor.primary);
    Ok(monitors)
}

/// Called for each monitor. To answer false would end it as a failure.
unsafe extern "system" fn note(at: HMONITOR, _: HDC, _: *mut RECT, to: LPARAM) -> BOOL {
    let mut info = MONITORINFOEXW::default();
    info.monitorInfo.cbSize = u32::try_from(size_of::<MONITORINFOEXW>()).unwrap_or_default();
    let place = (&raw mut info).cast::<MONITORINFO>();
    // SAFETY: the place for the answer is ours, and says how large it is; a monitor that is gone is refused.
    let is_told = unsafe { GetMonitorInfoW(at, place) } != 0;
    let found = std::ptr::with_exposed_provenance_mut::<Vec<MONITORINFOEXW>>(to.cast_unsigned());
    // SAFETY: it is the address of `found`, which `monitors` lends for as long as this is called.
    let found = unsafe { &mut *found };
    if is_told && found.len() < MOST_MONITORS {
        found.push(info);
    }
    BOOL::from(true)
}

fn monitor(info: &MONITORINFOEXW) -> Result<Monitor, Fault> {
    let name = String::from_utf16_lossy(&info.szDevice);
    let name = name.split('\0').next().unwrap_or_default();
    Ok(Monitor {
        name: name.trim_start_matches(r"\\.\").to_owned(),
        area: desktop::area(info.monitorInfo.rcMonitor)?,
        primary: info.monitorInfo.dwFlags & MONITORINFOF_PRIMARY != 0,
    })
}

/// A person sees no more at once.
const MOST_MONITORS: usize = 32;
