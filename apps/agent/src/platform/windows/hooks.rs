//! Hears of each key and each move of the pointer before a program does (low-level hooks), and says whose it was.

use std::cell::RefCell;
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{LPARAM, LRESULT, WPARAM};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CallNextHookEx, HC_ACTION, HHOOK, HOOKPROC, KBDLLHOOKSTRUCT, LLKHF_INJECTED, LLMHF_INJECTED,
    MSLLHOOKSTRUCT, SetWindowsHookExW, UnhookWindowsHookEx, WH_KEYBOARD_LL, WH_MOUSE_LL,
    WINDOWS_HOOK_ID, WM_MOUSEMOVE,
};

use super::fault::some;
use crate::platform::{Fault, LocalAct};

/// Something that was done with a device, or is said to have been.
#[derive(Clone, Copy)]
pub(super) struct Report {
    pub(super) act: LocalAct,
    /// By a program.
    pub(super) is_injected: bool,
    /// What a program put on it.
    pub(super) extra: usize,
}

/// As long as this lives, on the thread that made it.
pub(super) struct Hooks {
    _set: [Hook; 2],
}

impl Hooks {
    /// The thread has to take messages, and `told` is called on it; it does nothing that waits.
    pub(super) fn set(told: impl Fn(Report) + 'static) -> Result<Self, Fault> {
        TOLD.set(Some(Box::new(told)));
        let keyboard = Hook::set(WH_KEYBOARD_LL, Some(key))?;
        Ok(Self {
            _set: [keyboard, Hook::set(WH_MOUSE_LL, Some(mouse))?],
        })
    }
}

struct Hook(HHOOK);

impl Hook {
    fn set(which: WINDOWS_HOOK_ID, called: HOOKPROC) -> Result<Self, Fault> {
        let every_thread = 0;
        // SAFETY: the function is there as long as this program, whose module is named.
        let hook = unsafe {
            let program = GetModuleHandleW(null_mut());
            SetWindowsHookExW(which, called, program, every_thread)
        };
        some(hook).map(Self)
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        // SAFETY: it was set by this thread, which a handle never leaves, and is unset once.
        unsafe { UnhookWindowsHookEx(self.0) };
    }
}

type Told = Box<dyn Fn(Report)>;

thread_local! {
    /// Windows calls a hook on the thread that set it, with nothing of that thread's own.
    static TOLD: RefCell<Option<Told>> = const { RefCell::new(None) };
}

fn tell(report: Report) {
    TOLD.with_borrow(|told| {
        if let Some(told) = told {
            told(report);
        }
    });
}

unsafe extern "system" fn key(code: i32, what: WPARAM, of: LPARAM) -> LRESULT {
    if code == HC_ACTION.cast_signed() {
        let key = std::ptr::with_exposed_provenance::<KBDLLHOOKSTRUCT>(of.cast_unsigned());
        // SAFETY: with this code Windows hands the address of such a structure, which lives through the call.
        let key = unsafe { *key };
        tell(Report {
            act: LocalAct::Key,
            is_injected: key.flags & LLKHF_INJECTED != 0,
            extra: key.dwExtraInfo,
        });
    }
    pass(code, what, of)
}

unsafe extern "system" fn mouse(code: i32, what: WPARAM, of: LPARAM) -> LRESULT {
    if code == HC_ACTION.cast_signed() {
        let mouse = std::ptr::with_exposed_provenance::<MSLLHOOKSTRUCT>(of.cast_unsigned());
        // SAFETY: with this code Windows hands the address of such a structure, which lives through the call.
        let mouse = unsafe { *mouse };
        tell(Report {
            act: act(what, mouse.dwExtraInfo),
            is_injected: mouse.flags & LLMHF_INJECTED != 0,
            extra: mouse.dwExtraInfo,
        });
    }
    pass(code, what, of)
}

/// Whoever hooked before gets it too.
fn pass(code: i32, what: WPARAM, of: LPARAM) -> LRESULT {
    // SAFETY: what came is handed on as it came; the first argument means nothing.
    unsafe { CallNextHookEx(null_mut(), code, what, of) }
}

/// Windows turns what a finger does into what a mouse would, and signs it.
fn act(what: WPARAM, extra: usize) -> LocalAct {
    if extra & SIGNED == BY_FINGER_OR_PEN {
        LocalAct::Touch
    } else if u32::try_from(what) == Ok(WM_MOUSEMOVE) {
        LocalAct::Motion
    } else {
        LocalAct::Button
    }
}

/// "Distinguishing Pen Input from Mouse and Touch" in Microsoft's reference.
const SIGNED: usize = 0xffff_ff00;
const BY_FINGER_OR_PEN: usize = 0xff51_5700;
